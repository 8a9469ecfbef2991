"""The public search over HTTP: `GET /api/v1/search` and `GET /api/v1/suggest`."""

import hashlib
from collections.abc import Callable
from functools import cache
from typing import Any, Protocol

from flask import Response, request
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from search import documents
from search import query as queries
from search.documents import Results
from search.errors import NoIndex

SEARCH_SECONDS = 30
SUGGEST_SECONDS = 300
"""How long a browser need not ask again; afterwards it asks whether the index is still the same."""


class Finder(Protocol):
    """What this edge asks for: `search.reader.Reader`."""

    @property
    def build(self) -> str: ...

    def search(
        self, words: str, *, lang: str | None, tag: str | None, limit: int, offset: int
    ) -> Results: ...

    def suggest(
        self, words: str, *, lang: str | None, limit: int
    ) -> tuple[documents.Suggestion, ...]: ...


class _Query(BaseModel):
    """Parameters. flask-openapi3 asks for their schema at each request: that took a millisecond."""

    @classmethod
    def model_json_schema(cls, *args: Any, **options: Any) -> dict[str, Any]:
        return super().model_json_schema(*args, **options) if args or options else _schema(cls)


@cache
def _schema(model: type[_Query]) -> dict[str, Any]:
    return super(_Query, model).model_json_schema()


class SearchQuery(_Query):
    q: str = Field(description="The reader's words; what is beyond 200 characters is not read.")
    lang: str | None = Field(None, description="Only articles in this language, as `de`, `pt-BR`.")
    tag: str | None = Field(None, description="Only articles with this tag.")
    limit: int = Field(10, ge=1, le=50, description="How many results at most.")
    offset: int = Field(0, ge=0, le=1000, description="How many of the best to leave out.")


class SuggestQuery(_Query):
    q: str = Field(description="What the reader has typed so far.")
    lang: str | None = Field(None, description="Only articles in this language.")
    limit: int = Field(8, ge=1, le=20, description="How many suggestions at most.")


class SearchHit(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: str
    lang: str
    title: str
    url: str = Field(description="Path from the root of the site.")
    anchor: str = Field(description="The section of the excerpt; empty for the article's head.")
    excerpt: str = Field(description="HTML in which only `<mark>` can occur.")
    score: float = Field(description="Higher is better; not comparable between queries.")
    tags: list[str]
    breadcrumbs: list[str]
    kind: str
    updated: str | None = Field(description="ISO date.")


class Topic(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: str
    lang: str
    title: str
    url: str


class Suggestion(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    text: str = Field(description="A title, or what other readers asked.")
    id: str
    lang: str
    url: str


class SuggestAnswer(BaseModel):
    query: str
    lang: str | None
    suggestions: list[Suggestion]


class SearchAnswer(BaseModel):
    query: str = Field(description="The reader's words as far as they were read.")
    lang: str | None
    total: int = Field(description="How many articles match, on this page or not.")
    took_ms: float
    corrected: str | None = Field(description="The words searched for instead, when mended.")
    likelier: str | None = Field(description="Words to offer: did you mean these?")
    search_id: str = Field(description="Names this search in a later vote or event.")
    results: list[SearchHit]
    nearest: list[Topic] = Field(description="Topics to name where nothing matches.")


class Problem(BaseModel):
    """Problem details of RFC 9457, with the field at fault and the way out."""

    model_config = ConfigDict(title="Problem")

    type: str
    title: str
    status: int
    detail: str
    field: str | None = None
    remedy: str | None = None


def respond(problem: Problem) -> Response:
    return Response(
        problem.model_dump_json(exclude_none=True),
        status=problem.status,
        content_type="application/problem+json",
    )


def refuse(error: ValidationError) -> Response:
    """The answer to parameters out of their limits; an app's `validation_error_callback`."""
    first = error.errors(include_url=False, include_context=False)[0]
    name = ".".join(str(part) for part in first["loc"])
    return respond(
        Problem(
            type="/problems/invalid-parameter",
            title="A parameter is not valid",
            status=422,
            detail=f"{name}: {first['msg']}",
            field=name,
            remedy="Correct the parameter and ask again.",
        )
    )


def _no_index() -> Response:
    return respond(
        Problem(
            type="/problems/no-index",
            title="Search is not available",
            status=503,
            detail="There is no search index to look in.",
            remedy="Try again in a minute. For the operator: build the index with `kb build`.",
        )
    )


def _problem(description: str) -> dict[str, Any]:
    schema = Problem.model_json_schema()
    return {
        "description": description,
        "content": {"application/problem+json": {"schema": schema}},
    }


def blueprint(
    finder: Finder, *, new_id: Callable[[], str], clock: Callable[[], float]
) -> APIBlueprint:
    """The search's routes.

    `new_id` gives 128 random bits in hexadecimal for each search, `clock` seconds of a
    monotonic clock.
    """
    api = APIBlueprint("search", __name__, url_prefix="/api/v1", abp_tags=[Tag(name="search")])

    # Whoever serves these routes may limit how often one address searches.
    limited: dict[str | int, Any] = {429: _problem("Too many searches come from this address")}

    @api.get("/search", summary="Search the articles", responses=_responses(SearchAnswer) | limited)
    def find(query: SearchQuery) -> Response:
        started = clock()

        def answer() -> BaseModel:
            results = finder.search(
                query.q, lang=query.lang, tag=query.tag, limit=query.limit, offset=query.offset
            )
            took = round((clock() - started) * 1000, 2)
            return _search_answer(results, query.lang, took_ms=took, search_id=new_id())

        return _cached(finder, answer, seconds=SEARCH_SECONDS)

    @api.get("/suggest", summary="Suggest titles", responses=_responses(SuggestAnswer))
    def suggest(query: SuggestQuery) -> Response:
        def answer() -> BaseModel:
            found = finder.suggest(query.q, lang=query.lang, limit=query.limit)
            return SuggestAnswer(
                query=queries.parse(query.q).text,
                lang=query.lang,
                suggestions=[Suggestion.model_validate(each) for each in found],
            )

        return _cached(finder, answer, seconds=SUGGEST_SECONDS)

    return api


def _responses(answer: type[BaseModel]) -> dict[str | int, Any]:
    return {
        200: answer,
        304: None,
        422: _problem("A parameter is not valid"),
        503: _problem("There is no index"),
    }


def _search_answer(
    results: Results, lang: str | None, *, took_ms: float, search_id: str
) -> SearchAnswer:
    return SearchAnswer(
        query=results.query,
        lang=lang,
        total=results.total,
        took_ms=took_ms,
        corrected=results.corrected,
        likelier=results.likelier,
        search_id=search_id,
        results=[SearchHit.model_validate(hit) for hit in results.hits],
        nearest=[Topic.model_validate(topic) for topic in results.nearest],
    )


def _cached(finder: Finder, answer: Callable[[], BaseModel], *, seconds: int) -> Response:
    """The answer with its validator, or 304 to who has it: equal questions to one build are equal.

    Private, since a search's id belongs to one reader.
    """
    try:
        asked = f"{finder.build}?".encode() + request.path.encode() + request.query_string
        tag = hashlib.sha256(asked).hexdigest()[:24]
        known = request.if_none_match.contains_weak(tag)
        response = (
            Response(status=304)
            if known
            else Response(answer().model_dump_json(), content_type="application/json")
        )
    except NoIndex:
        return _no_index()
    response.set_etag(tag, weak=True)
    response.cache_control.private = True
    response.cache_control.max_age = seconds
    return response
