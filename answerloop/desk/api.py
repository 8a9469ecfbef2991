"""The desk for programs: all that the agent's page does, as JSON."""

import logging
from typing import Any

from flask import Response, make_response, request, url_for
from flask_openapi3.models.tag import Tag
from pydantic import BaseModel
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge

from answerloop import replies
from answerloop.desk import access, agent_says, headers, offers, record, wire
from answerloop.desk.access import ApiRoutes
from answerloop.desk.offers import Offer, Piece
from answerloop.desk.service import Service
from answerloop.errors import Unfilled
from feedback.errors import FeedbackError, RemarkTooLong, TicketMalformed, UnknownArticle
from feedback.model import ArticleId, ArticleKey, Role

_JSON = "application/json"
_LIMIT = 32 * 1024
_REPLY = "/articles/<lang>/<article>/reply"
_EXPECTED: dict[type[FeedbackError], tuple[str, int, str, str]] = {
    UnknownArticle: ("unknown-article", 404, "There is no such article.", "article"),
    TicketMalformed: ("ticket-malformed", 422, "This is no reference of a ticket.", "ticket"),
    RemarkTooLong: ("words-too-long", 422, "These are too many words.", "words"),
}

logger = logging.getLogger(__name__)


def blueprint(service: Service) -> ApiRoutes:
    """The routes, for who is signed in or sends a token."""
    service = record.keeping(service)
    api = ApiRoutes("desk_api", __name__, url_prefix="/api/v1", abp_tags=[Tag(name="desk")])
    access.install_api(api, service)
    headers.install(api, service)

    @api.before_request
    def check_body() -> Response | None:
        """Type, size and syntax, before the fields are looked at."""
        return _check_json() if request.method == "POST" else None

    for expected in _EXPECTED:
        api.register_error_handler(expected, _refuse)
    _offer_search(api, service)
    _offer_pieces(api, service)
    _take_words(api, service)
    return api


def _offer_search(api: ApiRoutes, service: Service) -> None:
    @api.get(
        "/desk/search",
        summary="Search public and internal articles, with what can be sent of each",
        responses=_responses(422) | {200: wire.SearchAnswer},
    )
    @access.needs(Role.AGENT)
    def search(query: wire.SearchQuery) -> Response:
        if query.q.strip():
            found = offers.search(service, query.q, query.lang, query.limit)
        else:
            found = offers.sent_most(service, query.lang)
        return _answer(wire.SearchAnswer.of(found, query.lang))


def _offer_pieces(api: ApiRoutes, service: Service) -> None:
    @api.get(
        _REPLY,
        summary="The reply of an article, its snippet or its link, with the places to fill",
        responses=_responses(404, 422) | {200: wire.TemplateAnswer},
    )
    @access.needs(Role.AGENT)
    def template(path: wire.ArticlePath, query: wire.ReplyQuery) -> Response:
        offer = _find(service, path)
        if not offer.source(query.piece):
            return _none(query.piece)
        return _answer(
            wire.TemplateAnswer(
                format=query.format,
                piece=query.piece,
                places=wire.places(offer, query.piece),
                parts=wire.parts(offer, query.piece, query.format),
            )
        )

    @api.post(
        _REPLY,
        summary="The same with its places filled, ready to be sent",
        responses=_responses(404, 409, 422, *_OF_BODIES) | {200: wire.FilledAnswer},
    )
    @access.needs(Role.AGENT)
    def fill(path: wire.ArticlePath, body: wire.FillRequest) -> Response:
        offer = _find(service, path)
        if not offer.source(body.piece):
            return _none(body.piece)
        try:
            text = replies.fill(
                offer.parts(body.piece, body.format), body.format, body.values, body.left_out
            )
        except Unfilled as problem:
            return _unfilled(problem)
        return _answer(wire.FilledAnswer(format=body.format, piece=body.piece, text=text))


def _take_words(api: ApiRoutes, service: Service) -> None:
    @api.post(
        "/reports",
        summary="Flag an article that is wrong",
        responses=_responses(404, 422, *_OF_BODIES) | {200: wire.ReportAnswer},
    )
    @access.needs(Role.AGENT)
    def report(body: wire.ReportRequest) -> Response:
        key = ArticleKey(ArticleId(body.article), body.lang)
        item = agent_says.flag(service, key, body.reason, words=body.words, ticket=body.ticket)
        return _answer(wire.ReportAnswer(item=item.id, url=url_for("desk.item", item=item.id)))

    @api.post(
        "/gaps",
        summary="Note what no article answers",
        responses=_responses(404, 422, *_OF_BODIES) | {200: wire.GapAnswer},
    )
    @access.needs(Role.AGENT)
    def gap(body: wire.GapRequest) -> Response:
        if body.lang not in service.live.version().catalog.homes:
            said = f"There are no articles in {body.lang!r}."
            return _problem("unknown-language", 404, said, field="lang")
        outcome = agent_says.miss(service, body.text, body.lang, ticket=body.ticket)
        return _answer(wire.GapAnswer(outcome=outcome))

    @api.post(
        "/reuse",
        summary="Keep that an article was used in a reply, or has solved the case",
        responses=_responses(404, 422, *_OF_BODIES) | {204: None},
    )
    @access.needs(Role.AGENT)
    def reuse(body: wire.ReuseRequest) -> Response:
        key = ArticleKey(ArticleId(body.article), body.lang)
        agent_says.use(service, key, body.use, ticket=body.ticket)
        return make_response("", 204)


_OF_BODIES = (400, 413, 415)
_SAID = {
    400: "The body is not JSON",
    401: "Nobody is signed in",
    403: "The account may not do this, or a page of another site asked",
    404: "There is no such article, language or piece",
    409: "Places are not filled",
    413: "The body is too large",
    415: "The body is of another type than JSON",
    422: "A field is malformed",
    503: "There is no index, or the database refuses",
}


def _responses(*statuses: int) -> dict[str | int, Any]:
    schema = wire.Problem.model_json_schema()
    content = {"application/problem+json": {"schema": schema}}
    return {
        status: {"description": _SAID[status], "content": content}
        for status in sorted({401, 403, 503, *statuses})
    }


def _find(service: Service, path: wire.ArticlePath) -> Offer:
    return offers.find(service, ArticleKey(ArticleId(path.article), path.lang))


def _answer(model: BaseModel) -> Response:
    return Response(model.model_dump_json(), content_type=_JSON)


def _none(piece: Piece) -> Response:
    return _problem(
        f"no-{piece}",
        404,
        f"The article has no {piece} for customers.",
        remedy="Send a public article's link, or say it in your own words.",
    )


def _unfilled(problem: Unfilled) -> Response:
    return _problem(
        "unfilled-places",
        409,
        "Places of the text are not filled.",
        detail=str(problem),
        field="values",
        remedy="Give each of `places` a text in `values`, or name it in `left_out`.",
        places=list(problem.places),
    )


def _refuse(error: FeedbackError) -> Response:
    name, status, title, field = _EXPECTED[type(error)]
    return _problem(name, status, title, detail=str(error), field=field)


def _check_json() -> Response | None:
    if request.mimetype != _JSON:
        return _problem("unsupported-media-type", 415, "Only JSON is taken here.")
    request.max_content_length = _LIMIT
    try:
        request.get_json()
    except RequestEntityTooLarge:
        return _problem("content-too-large", 413, f"At most {_LIMIT:,} bytes are taken.")
    except (BadRequest, RecursionError):
        return _problem("malformed-json", 400, "The body cannot be read as JSON.")
    return None


def _problem(name: str, status: int, title: str, **more: Any) -> Response:
    problem = wire.Problem(type=f"/problems/{name}", title=title, status=status, **more)
    return Response(
        problem.model_dump_json(exclude_none=True),
        status=status,
        content_type="application/problem+json",
    )
