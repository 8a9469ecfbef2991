"""The page of what other machines were told, and of what has not reached them."""

from collections.abc import Callable

from flask import Blueprint, redirect, render_template, request, url_for
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from answerloop.deliveries import overview
from answerloop.desk import access, record
from answerloop.desk.service import Service
from answerloop.desk.speech import say
from feedback import destinations, outbox
from feedback.model import Role

_MOST_SHOWN = 100


def _done(act: str) -> str:
    """What is said after an act; nothing of one that there is not."""
    said = {
        "retried": say("It is tried again within seconds."),
        "discarded": say("Discarded: it will not be delivered."),
        "enabled": say("Switched on again: what happens from now on is told."),
    }
    return said.get(act, "")


def install(routes: Blueprint, service: Service) -> None:
    @routes.get("/deliveries", endpoint="deliveries")
    @access.needs(Role.EDITOR)
    def show() -> str:
        with service.database.read() as db:
            found = overview.read(db, service.settings)
        return render_template(
            "desk/deliveries.html",
            found=found,
            named=overview.named,
            may_act=access.may(access.user().role, Role.ADMIN),
            done=_done(request.args.get("done", "")),
            most=_MOST_SHOWN,
            now=service.clock(),
        )

    @routes.post("/deliveries/<int:message>/retry", endpoint="retry")
    @access.needs(Role.ADMIN)
    def retry(message: int) -> Response:
        now = service.clock()
        return act(lambda db: outbox.retry(db, message, now), "retried")

    @routes.post("/deliveries/<int:message>/discard", endpoint="discard")
    @access.needs(Role.ADMIN)
    def discard(message: int) -> Response:
        return act(lambda db: outbox.discard(db, message), "discarded")

    @routes.post("/deliveries/enable", endpoint="enable")
    @access.needs(Role.ADMIN)
    def enable() -> Response:
        kind = request.form.get("kind", "")
        record.about(kind)
        return act(lambda db: destinations.enable(db, kind), "enabled")

    def act(work: Callable[[Connection], object], done: str) -> Response:
        service.writer.apply(work)
        return redirect(url_for("desk.deliveries", done=done), 303)
