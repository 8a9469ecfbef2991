"""What the desk shows when a request cannot be answered: a page that says what to do."""

import logging
from dataclasses import dataclass

from flask import Blueprint, Response, make_response, render_template, request
from werkzeug.exceptions import HTTPException, NotFound

from answerloop.desk import access
from feedback.errors import (
    DatabaseError,
    FeedbackError,
    OutcomeUnknown,
    StaleItem,
    UnknownArticle,
    UnknownGap,
    UnknownItem,
    UnknownMessage,
    UnknownRemark,
)
from feedback.model import Role

logger = logging.getLogger(__name__)

_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
_HEADINGS = {
    401: "You are signed out",
    403: "This is not yours to do",
    404: "There is no such page",
    413: "That is too much at once",
    500: "Something is broken here",
    503: "The desk cannot answer at the moment",
}

_ADVICE = {
    404: "Check the address, or begin with the queue.",
    413: "Nothing was stored. Send less.",
    500: "Who runs this help finds the cause in its log.",
}
_SAYS_WHY = (400, 403, 409)
_KEEP_WHAT_WAS_TYPED = (401, 503)


@dataclass(frozen=True, slots=True)
class Refusal:
    """An act that was not done: which, why, and what had been typed."""

    act: str
    problem: FeedbackError
    typed: str

    @property
    def status(self) -> int:
        """409 after somebody else's act, 422 for what does not fit."""
        return 409 if isinstance(self.problem, StaleItem) else 422

    @property
    def happened(self) -> str:
        """What somebody else did in the meantime, if that is the reason."""
        return self.problem.happened if isinstance(self.problem, StaleItem) else ""


def install(routes: Blueprint) -> None:
    @routes.route("/<path:_rest>", methods=_METHODS)
    @access.needs(Role.AGENT)
    def nowhere(_rest: str) -> Response:
        """Addresses of the desk that lead nowhere stay here, with its headers."""
        raise NotFound

    @routes.errorhandler(HTTPException)
    def refuse(problem: HTTPException) -> Response:
        code = problem.code or 500
        said = problem.description if code in _SAYS_WHY else _ADVICE.get(code)
        return _page(code, said or "")

    @routes.errorhandler(UnknownItem)
    @routes.errorhandler(UnknownMessage)
    @routes.errorhandler(UnknownGap)
    @routes.errorhandler(UnknownRemark)
    @routes.errorhandler(UnknownArticle)
    def unknown(problem: Exception) -> Response:
        return _page(404, str(problem))

    @routes.errorhandler(DatabaseError)
    def unavailable(problem: DatabaseError) -> Response:
        logger.warning("%s", problem)
        said = "Nothing was stored. Try again in a few seconds."
        if isinstance(problem, OutcomeUnknown):
            said = "It is not known whether this was stored. Go back and look before you try again."
        response = _page(503, said)
        response.headers["Retry-After"] = "5"
        return response


def _page(status: int, said: str) -> Response:
    kept = status in _KEEP_WHAT_WAS_TYPED
    page = render_template(
        "desk/refusal.html",
        heading=_HEADINGS.get(status, "This cannot be done"),
        said=said,
        status=status,
        typed=request.form.get("text", "") if kept else "",
    )
    return make_response(page, status)
