"""What the desk shows when a request cannot be answered: a page that says what to do."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from flask import Blueprint, Response, make_response, render_template, request
from werkzeug.exceptions import HTTPException, NotFound

from answerloop.desk import access, explanations, phrases
from answerloop.desk.speech import say
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
_HEADINGS: Mapping[int, Callable[[], str]] = {
    401: lambda: say("You are signed out"),
    403: lambda: say("This is not yours to do"),
    404: lambda: say("There is no such page"),
    413: lambda: say("That is too much at once"),
    500: lambda: say("Something is broken here"),
    503: lambda: say("The desk cannot answer at the moment"),
}

_ADVICE: Mapping[int, Callable[[], str]] = {
    404: lambda: say("Check the address, or begin with the queue."),
    413: lambda: say("Nothing was stored. Send less."),
    500: lambda: say("Who runs this help finds the cause in its log."),
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
    def why(self) -> str:
        """What does not fit, for the person to mend."""
        return explanations.of(self.problem)

    @property
    def status(self) -> int:
        """409 after somebody else's act, 422 for what does not fit."""
        return 409 if isinstance(self.problem, StaleItem) else 422

    @property
    def happened(self) -> str:
        """What somebody else did in the meantime, if that is the reason."""
        if not isinstance(self.problem, StaleItem):
            return ""
        said = explanations.happened(self.problem)
        return said if self.problem.taken else phrases.sentence(said)


def install(routes: Blueprint) -> None:
    @routes.route("/<path:_rest>", methods=_METHODS)
    @access.needs(Role.AGENT)
    def nowhere(_rest: str) -> Response:
        """Addresses of the desk that lead nowhere stay here, with its headers."""
        raise NotFound

    @routes.errorhandler(HTTPException)
    def refuse(problem: HTTPException) -> Response:
        code = problem.code or 500
        if code in _SAYS_WHY:
            return _page(code, problem.description or "")
        return _page(code, _ADVICE[code]() if code in _ADVICE else "")

    @routes.errorhandler(UnknownItem)
    @routes.errorhandler(UnknownMessage)
    @routes.errorhandler(UnknownGap)
    @routes.errorhandler(UnknownRemark)
    @routes.errorhandler(UnknownArticle)
    def unknown(problem: Exception) -> Response:
        return _page(404, explanations.of(problem))

    @routes.errorhandler(DatabaseError)
    def unavailable(problem: DatabaseError) -> Response:
        logger.warning("%s", problem)
        said = say("Nothing was stored. Try again in a few seconds.")
        if isinstance(problem, OutcomeUnknown):
            said = say(
                "It is not known whether this was stored. Go back and look before you try again."
            )
        response = _page(503, said)
        response.headers["Retry-After"] = "5"
        return response


def _page(status: int, said: str) -> Response:
    kept = status in _KEEP_WHAT_WAS_TYPED
    heading = _HEADINGS[status]() if status in _HEADINGS else say("This cannot be done")
    page = render_template(
        "desk/refusal.html",
        heading=heading,
        said=said,
        status=status,
        typed=request.form.get("text", "") if kept else "",
    )
    return make_response(page, status)
