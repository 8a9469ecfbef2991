"""What readers' searches and questions tell: `POST /api/v1/events`, `/api/v1/questions`, `/ask`.

Also settled searches of readers without JavaScript, counted when their results are rendered.
"""

import logging
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from flask import Request, Response, make_response, redirect, request
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag
from pydantic import ValidationError
from sqlalchemy import Connection
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge

from answerloop.web import asking, guards
from answerloop.web.guards import Sender
from answerloop.web.limits import Kind
from feedback import questions, searches, told, wire
from feedback import web as feedback_web
from feedback.errors import FeedbackError, TooMany
from feedback.questions import Question, Received
from feedback.searches import Click, Settled, Teller
from feedback.told import EventsRequest, QuestionAnswer, QuestionRequest, SearchEvent
from feedback.voting import JSON, JSON_LIMIT
from feedback.web import FORM, FORM_LIMIT
from feedback.wire import Problem
from search.documents import Results

if TYPE_CHECKING:
    from answerloop.web.service import Service

_UNAVAILABLE = 503

logger = logging.getLogger(__name__)


def blueprint(service: "Service") -> APIBlueprint:
    """The routes by which pages tell what readers searched and asked."""
    api = APIBlueprint("telling", __name__, abp_tags=[Tag(name="searches")])

    @api.before_request
    def check_body() -> Response | None:
        """Type, size and syntax, before the fields are looked at."""
        problem = _check_json() if request.path != asking.PATH else None
        return feedback_web.respond(problem) if problem else None

    @api.post(
        "/api/v1/events",
        summary="Tell of settled searches and of hits that were opened",
        responses=_responses("An event's search, article or language is not known") | {204: None},
    )
    def events(body: EventsRequest) -> Response:
        langs = service.live.version().catalog.homes
        told_of = [each.lang for each in body.events if isinstance(each, SearchEvent)]
        for lang in told_of:
            if lang not in langs:
                return feedback_web.respond(told.unknown_language(lang))
        try:
            _limit(service, Kind.EVENT)
            _store(service, body)
        except FeedbackError as error:
            return _refuse(error)
        return make_response("", 204)

    @api.post(
        "/api/v1/questions",
        summary="Ask what the knowledge base does not answer",
        responses=_responses("There are no articles in this language") | {200: QuestionAnswer},
    )
    def question(body: QuestionRequest) -> Response:
        if body.lang not in service.live.version().catalog.homes:
            return feedback_web.respond(told.unknown_language(body.lang))
        try:
            outcome = _ask(service, body)
        except FeedbackError as error:
            return _refuse(error)
        answer = QuestionAnswer(outcome=outcome)
        return Response(answer.model_dump_json(), content_type=JSON)

    @api.post(asking.PATH, doc_ui=False)
    def ask() -> Response:
        said, lang = _answer_form(service)
        return redirect(asking.address(service.live.version(), lang, said), 303)  # type: ignore[return-value]  # werkzeug's base class

    return api


def note_results(service: "Service", results: Results, lang: str, token: str) -> None:
    """Keep the search of a results page that a person asked for; the page waits for nothing.

    Its clicks are not told unless the page's script says that it will.
    """
    query = searches.prepare(results.query)
    if not guards.is_navigation(request) or not query.text:
        return
    said, now = Settled(token, query, lang, results.total, watched=False), service.clock()
    who = teller(service, request, now)
    service.writer.later(lambda db: searches.settle(db, who, said, now))


def teller(service: "Service", request_: Request, now: datetime) -> Teller:
    """Whose search it is. Voters have other names, so that none leads to the other."""
    settings = service.settings
    visitor = service.salts.identify(
        now,
        address=guards.address_of(request_, service.trusted_proxies),
        user_agent=request_.headers.get("User-Agent", ""),
        accept_language=request_.headers.get("Accept-Language", ""),
        site=f"searches of {settings.site.url or settings.site_name}",
    )
    own = guards.own_origins(request_, settings.site.url, service.trusted_proxies)
    return Teller(visitor, trusted=guards.sender(request_, own) is Sender.OWN_PAGE)


def _store(service: "Service", body: EventsRequest) -> None:
    now = service.clock()
    who = teller(service, request, now)
    events = [(_event(each), now - timedelta(seconds=each.ago)) for each in body.events]

    def store(db: Connection) -> None:
        for event, at in events:
            if isinstance(event, Settled):
                searches.settle(db, who, event, at)
            else:
                searches.click(db, who, event, at)

    service.writer.apply(store)


def _event(event: told.SearchEvent | told.ClickEvent) -> Settled | Click:
    if isinstance(event, SearchEvent):
        query = searches.prepare(event.query)
        return Settled(event.search_id, query, event.lang, event.hits, event.refines or "")
    return Click(event.search_id, event.article, event.rank)


def _ask(service: "Service", body: QuestionRequest) -> Received:
    now = service.clock()
    text = questions.prepare(body.question)
    is_hasty = body.seconds is not None and body.seconds < questions.TOO_SOON.total_seconds()
    asked = Question(
        text,
        body.lang,
        body.search_id or "",
        looks_sent_by_person=not body.website and not is_hasty,
    )
    _limit(service, Kind.REMARK)
    who = teller(service, request, now)
    return service.writer.apply(lambda db: questions.ask(db, who, asked, now))


def _answer_form(service: "Service") -> tuple[str, str]:
    """What became of the question of a plain form, in one word, and the language of the answer."""
    if request.mimetype != FORM:
        return "unsupported-media-type", ""
    request.max_content_length = FORM_LIMIT
    try:
        form = request.form
    except RequestEntityTooLarge:
        return "content-too-large", ""
    lang = form.get("lang", "")
    if lang not in service.live.version().catalog.homes:
        return "unknown-language", ""
    fields: dict[str, Any] = {
        name: form[name] for name in ("question", "lang", "search_id", "website") if form.get(name)
    }
    if shown := form.get("shown", type=int):
        fields["seconds"] = max(0.0, service.clock().timestamp() - shown)
    try:
        return _ask(service, QuestionRequest.model_validate({"question": ""} | fields)), lang
    except ValidationError:
        return "invalid-request", lang
    except FeedbackError as error:
        return _explained(error).name, lang


def _limit(service: "Service", kind: Kind) -> None:
    address = guards.address_of(request, service.trusted_proxies)
    if seconds := service.limiter.wait(kind, address):
        raise TooMany(seconds)


def _refuse(error: FeedbackError) -> Response:
    problem = _explained(error)
    if isinstance(error, TooMany):
        return feedback_web.respond(problem, error.seconds)
    return feedback_web.respond(problem)


def _explained(error: FeedbackError) -> Problem:
    problem = told.problem_of(error)
    if problem.status == _UNAVAILABLE:
        logger.warning("What a reader searched or asked was refused: %s", error)
    return problem


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


def _responses(missing: str) -> dict[str | int, Any]:
    said = {
        400: "The body is not JSON",
        404: missing,
        413: "The body is too large",
        415: "The body is of another type than JSON",
        422: "A field is malformed",
        429: "Too much comes from this address",
        503: "The database refuses; nothing was stored",
    }
    schema = Problem.model_json_schema()
    content = {"application/problem+json": {"schema": schema}}
    return {status: {"description": why, "content": content} for status, why in said.items()}
