"""Votes over HTTP: `POST /api/v1/votes` for the widget, `POST /feedback` for a plain form.

Requests from foreign pages are refused by the application, for all its routes at once.
"""

import logging
import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from flask import Request, Response, request
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag
from pydantic import ValidationError
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge

from feedback import keepsakes, votes, wire
from feedback.errors import FeedbackError, TooMany
from feedback.keepsakes import Kept, Said
from feedback.model import ArticleId, ArticleKey, Ballot, Outcome, Revision
from feedback.sealing import Seals
from feedback.visitors import Salts
from feedback.wire import Problem, VoteAnswer, VoteRequest
from feedback.writer import Writer

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
JSON_LIMIT = 8 * 1024
FORM_LIMIT = 16 * 1024
"""A form writes a letter outside ASCII in up to twelve bytes, JSON in at most four."""
_UNAVAILABLE = 503
_TOO_MANY = 429
_RETRY_SECONDS = 5
_VOTES = "/api/v1/votes"
_YES_OR_NO = {"yes": True, "no": False}

_log = logging.getLogger(__name__)


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
class Voting:
    """What the routes need from the application.

    `site` names this site in the visitors' hashes; `address` is the reader's own, whatever
    proxies stand between; `is_trusted` says whether a page of ours in a browser sent the request
    (others are stored and not counted). `after_vote` is called once a vote is committed, before
    it is answered: it must be quick, and cannot undo the vote. `show` answers a plain form.
    `wait` says for how many seconds a reader must wait, with a remark or without one, 0 if the
    vote is taken now. Without `device_ids` the id that a browser keeps is not used. Without
    `seals` no mail address is taken; `after_contact` is called, as `after_vote` is, once a letter
    waits in the outbox.
    """

    writer: Writer
    salts: Salts
    clock: Callable[[], datetime]
    site: str
    address: Callable[[Request], str]
    is_trusted: Callable[[Request], bool]
    after_vote: Callable[[ArticleKey], None]
    show: Callable[[FormAnswer], Response]
    wait: Callable[[Request, bool], float]
    device_ids: bool = True
    seals: Seals | None = None
    after_contact: Callable[[], None] = lambda: None
    randomness: Callable[[int], bytes] = secrets.token_bytes


def respond(problem: Problem, retry: int = _RETRY_SECONDS) -> Response:
    """The problem as an answer to a program; `retry` is when to come again, if that helps."""
    response = Response(
        problem.model_dump_json(exclude_none=True),
        status=problem.status,
        content_type="application/problem+json",
    )
    if problem.status in {_TOO_MANY, _UNAVAILABLE}:
        response.headers["Retry-After"] = str(retry)
    return response


def refuse(error: ValidationError) -> Response:
    """The answer to a malformed vote; an app's `validation_error_callback`."""
    return respond(wire.malformed(error))


def blueprint(voting: Voting) -> APIBlueprint:
    """The routes for votes."""
    api = APIBlueprint("votes", __name__, abp_tags=[Tag(name="votes")])

    @api.before_request
    def check_body() -> Response | None:
        """Type, size and syntax, before the fields are looked at."""
        problem = _check_json() if request.path == _VOTES else None
        return respond(problem) if problem else None

    @api.post(
        _VOTES,
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
        try:
            kept = _cast(voting, body)
        except TooMany as error:
            return respond(_problem(error), error.seconds)
        except FeedbackError as error:
            return respond(_problem(error))
        answer = VoteAnswer(outcome=kept.cast.outcome, receipt=_path(kept))
        return Response(answer.model_dump_json(), content_type=JSON)

    @api.post("/feedback", doc_ui=False)
    def feedback() -> Response:
        return voting.show(_answer_form(voting))

    return api


def _answer_form(voting: Voting) -> FormAnswer:
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
        kept = _cast(voting, vote)
    except ValidationError as error:
        return replace(answer, problem=wire.malformed(error))
    except FeedbackError as error:
        return replace(answer, problem=_problem(error))
    return replace(answer, outcome=kept.cast.outcome, receipt=_path(kept))


def _cast(voting: Voting, vote: VoteRequest) -> Kept:
    """Store the vote. All that needs no database is done before it stands in line."""
    now = voting.clock()
    said = _prepare(voting, vote, now)
    if seconds := voting.wait(request, said.token is not None):
        raise TooMany(seconds)

    def follow(kept: Kept) -> None:
        voting.after_vote(kept.cast.vote.key)
        if kept.writes:
            voting.after_contact()

    return voting.writer.apply(lambda db: keepsakes.store(db, said, now), then=follow)


def _prepare(voting: Voting, vote: VoteRequest, now: datetime) -> Said:
    return keepsakes.prepare(
        votes.prepare(_ballot(voting, vote, now)),
        vote.contact or "",
        seals=voting.seals,
        randomness=voting.randomness,
    )


def _path(kept: Kept) -> str | None:
    return f"/f/{kept.token}" if kept.token else None


def _ballot(voting: Voting, vote: VoteRequest, now: datetime) -> Ballot:
    visitor = voting.salts.identify(
        now,
        address=voting.address(request),
        user_agent=request.headers.get("User-Agent", ""),
        accept_language=request.headers.get("Accept-Language", ""),
        site=voting.site,
        device=(vote.device or "") if voting.device_ids else "",
    )
    return Ballot(
        article=ArticleId(vote.article),
        lang=vote.lang,
        revision=Revision(vote.revision),
        helpful=vote.helpful,
        visitor=visitor.today,
        network=visitor.network,
        previous_visitor=visitor.yesterday,
        reason=vote.reason,
        remark=vote.comment or "",
        via=vote.via or "",
        search=vote.search_id or "",
        trusted=voting.is_trusted(request),
    )


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


def _problem(error: FeedbackError) -> Problem:
    problem = wire.problem_of(error)
    if problem.status == _UNAVAILABLE:
        _log.warning("A vote was refused: %s", error)
    return problem


def _documented(description: str) -> dict[str, Any]:
    schema = Problem.model_json_schema()
    return {"description": description, "content": {"application/problem+json": {"schema": schema}}}
