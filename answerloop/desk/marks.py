"""What becomes of a reader's remark: dealt with, spam, or open again."""

from datetime import UTC, datetime
from functools import partial

from flask import Blueprint, abort, redirect, request, url_for
from werkzeug.wrappers import Response

from answerloop.desk import access, explanations, paths
from answerloop.desk.service import Service
from answerloop.desk.speech import say
from feedback import remarks
from feedback.errors import StaleItem, UnknownRemark
from feedback.model import RemarkState, Role

_LARGEST_NUMBER = 2**31 - 1


def install(routes: Blueprint, service: Service) -> None:
    @routes.post("/remarks/<int:remark>", endpoint="mark")
    @access.needs(Role.EDITOR)
    def mark(remark: int) -> Response:
        if remark > _LARGEST_NUMBER:
            raise UnknownRemark(remark)
        marked = partial(
            remarks.mark,
            number=remark,
            state=_state("state"),
            read=_state("read"),
            written=_written(),
        )
        try:
            service.writer.apply(marked)
        except StaleItem as problem:
            happened = explanations.happened(problem)
            abort(409, say("Not done: %(happened)s Read it again.", happened=happened))
        target = paths.own(request.form.get("next", url_for("desk.queue")))
        return redirect(f"{target}#remarks", 303)


def _state(field: str) -> RemarkState:
    try:
        return RemarkState(request.form.get(field, ""))
    except ValueError:
        abort(400, say("The form does not say what became of the remark."))


def _written() -> datetime:
    try:
        return datetime.fromisoformat(request.form.get("written", "")).astimezone(UTC)
    except ValueError:
        abort(400, say("The form does not say which remark was read."))
