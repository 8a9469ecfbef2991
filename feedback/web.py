"""Votes over HTTP: `POST /api/v1/votes` for the widget, `POST /feedback` for a plain form.

Requests from foreign pages are refused by the application, for all its routes at once.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from flask import Request, Response, request
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag
from pydantic import ValidationError
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge

from feedback import voting, wire
from feedback.errors import FeedbackError
from feedback.model import Outcome
from feedback.voting import JSON, JSON_LIMIT, Voter, Voting
from feedback.wire import Answer, Problem, VoteAnswer, VoteRequest

FORM = "application/x-www-form-urlencoded"
FORM_LIMIT = 16 * 1024
"""A form writes a letter outside ASCII in up to twelve bytes, JSON in at most four."""
_YES_OR_NO = {"yes": True, "no": False}


@dataclass(frozen=True, slots=True)
class FormAnswer:
    """What the sender of a plain form should be shown: an outcome or a problem, never both.

    `article` and `lang` are as the form said, so perhaps of no article. `said`: with a reason, a
    remark or an address. `receipt` is the path of the reader's private page.
    """

    article: str
    lang: str
    helpful: bool
    said: bool = False
    outcome: Outcome | None = None
    problem: Problem | None = None
    receipt: str | None = None


@dataclass(frozen=True, slots=True)
class Edge:
    """What the routes need from the application beside `Voting`.

    `voter` says who sent a request, `show` answers a plain form.
    """

    voter: Callable[[Request], Voter]
    show: Callable[[FormAnswer], Response]


def respond(problem: Problem, retry: int = wire.RETRY_SECONDS) -> Response:
    """The problem as an answer to a program; `retry` is when to come again, if that helps."""
    return _response(wire.refusal(problem, retry))


def refuse(error: ValidationError) -> Response:
    """The answer to a malformed vote; an app's `validation_error_callback`."""
    return respond(wire.malformed(error))


def blueprint(rules: Voting, edge: Edge) -> APIBlueprint:
    """The routes for votes."""
    api = APIBlueprint("votes", __name__, abp_tags=[Tag(name="votes")])

    @api.before_request
    def check_body() -> Response | None:
        """Type, size and syntax, before the fields are looked at."""
        problem = _check_json() if request.path == voting.PATH else None
        return respond(problem) if problem else None

    @api.post(
        voting.PATH,
        summary="Say whether an article helped",
        responses={
            200: VoteAnswer,
            400: _documented("The body is not JSON"),
            404: _documented("There is no such article"),
            409: _documented("The article never had this revision, or no letters are sent here"),
            413: _documented("The body is too large"),
            415: _documented("The body is of another type than JSON"),
            422: _documented("A field is malformed, too long, or not taken here"),
            429: _documented("Too many votes come from this address"),
            503: _documented("The database refuses; nothing was stored"),
        },
    )
    def vote(body: VoteRequest) -> Response:
        return _response(voting.answer(rules, body, edge.voter(request)))

    @api.post("/feedback", doc_ui=False)
    def feedback() -> Response:
        return edge.show(_answer_form(rules, edge.voter(request)))

    return api


def _answer_form(rules: Voting, voter: Voter) -> FormAnswer:
    """Check and cast what a plain form says; each failure becomes a problem to show."""
    if request.mimetype != FORM:
        return FormAnswer("", "", helpful=False, problem=wire.wrong_type(FORM))
    request.max_content_length = FORM_LIMIT
    try:
        form = request.form
    except RequestEntityTooLarge:
        return FormAnswer("", "", helpful=False, problem=wire.too_large(FORM_LIMIT))
    known = VoteRequest.model_fields
    fields = {name: value for name, value in form.items() if value and name in known}
    said = fields.get("helpful", "")
    answer = FormAnswer(
        fields.get("article", ""),
        fields.get("lang", ""),
        helpful=said == "yes",
        said=not fields.keys().isdisjoint(("reason", "comment", "contact")),
    )
    try:
        vote = VoteRequest.model_validate(fields | {"helpful": _YES_OR_NO.get(said)})
        kept = voting.cast(rules, vote, voter)
    except ValidationError as error:
        return replace(answer, problem=wire.malformed(error))
    except FeedbackError as error:
        return replace(answer, problem=voting.problem(error))
    return replace(answer, outcome=kept.cast.outcome, receipt=voting.path(kept))


def _response(answer: Answer) -> Response:
    response = Response(answer.body, status=answer.status, content_type=answer.type)
    if answer.retry is not None:
        response.headers["Retry-After"] = str(answer.retry)
    return response


def _check_json() -> Problem | None:
    if request.mimetype != JSON:
        return wire.wrong_type(JSON)
    request.max_content_length = JSON_LIMIT
    try:
        request.get_json()
    except RequestEntityTooLarge:
        return wire.too_large(JSON_LIMIT)
    except (BadRequest, RecursionError):
        return wire.NO_JSON
    return None


def _documented(description: str) -> dict[str, Any]:
    schema = Problem.model_json_schema()
    return {"description": description, "content": {"application/problem+json": {"schema": schema}}}
