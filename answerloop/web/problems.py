"""Errors as RFC 9457 problem details for programs, and as a page for people."""

import json
import logging

from flask import Flask, Request, Response, make_response, request
from pydantic import BaseModel, ValidationError
from werkzeug.datastructures import WWWAuthenticate
from werkzeug.exceptions import HTTPException, TooManyRequests, Unauthorized

from feedback.errors import DatabaseError, OutcomeUnknown
from search.errors import SearchError

logger = logging.getLogger(__name__)

PROGRAM_PATHS = ("/api/", "/livez", "/metrics", "/readyz")


class Problem(BaseModel):
    """RFC 9457 problem details; `field` is the one at fault, `remedy` what to do."""

    type: str
    title: str
    status: int
    detail: str = ""
    field: str | None = None
    remedy: str | None = None


_REMEDIES = {
    401: "Send a live API token: `Authorization: Bearer kb_…`. `kb token create` makes one.",
    404: "Check the address; /api/v1/openapi.json lists all of them.",
    405: "Use a method that the address answers to; see /api/v1/openapi.json.",
    413: "Send less.",
    415: "Send JSON with `Content-Type: application/json`.",
    429: "Wait for as long as Retry-After says.",
    503: "Try again in a few seconds.",
}


def answer(problem: Problem) -> Response:
    """A problem as the HTTP answer."""
    body = json.dumps(problem.model_dump(exclude_none=True), ensure_ascii=False)
    response = make_response(body, problem.status)
    response.content_type = "application/problem+json"
    response.headers["Cache-Control"] = "no-store"
    if problem.status == 503:  # noqa: PLR2004  Service Unavailable
        response.headers["Retry-After"] = "5"
    return response


def invalid(error: ValidationError) -> Response:
    """What a request lacks, for the first field at fault."""
    first = error.errors()[0]
    field = ".".join(str(part) for part in first["loc"]) or None
    return answer(
        Problem(
            type="/problems/invalid-request",
            title="The request is not valid.",
            status=422,
            detail=f"{field}: {first['msg']}" if field else first["msg"],
            field=field,
            remedy="Compare the request with /api/v1/openapi.json.",
        )
    )


def of(error: HTTPException) -> Problem:
    status = error.code or 500
    name = (error.name or "Error").lower().replace(" ", "-")
    return Problem(
        type=f"/problems/{name}",
        title=error.name or "Error",
        status=status,
        detail=error.description or "",
        remedy=_REMEDIES.get(status),
    )


def unavailable(error: Exception) -> Problem:
    """The public answer; what exactly failed, and where, is only for the log."""
    logger.warning("%s", error)
    is_known = not isinstance(error, OutcomeUnknown)
    return Problem(
        type="/problems/unavailable" if is_known else "/problems/outcome-unknown",
        title="The service cannot do this at the moment.",
        status=503,
        detail="Nothing was stored." if is_known else "It is not known whether this was stored.",
        remedy=_REMEDIES[503],
    )


def is_for_program(request_: Request) -> bool:
    return request_.path.startswith(PROGRAM_PATHS)


def install(app: Flask) -> None:
    """Answer programs with problem details; pages keep their own handlers."""

    @app.errorhandler(HTTPException)
    def http(error: HTTPException) -> Response | HTTPException:
        if error.response is not None:
            return make_response(error.response)
        if not is_for_program(request):
            return error
        response = answer(of(error))
        if isinstance(error, TooManyRequests):
            response.headers["Retry-After"] = str(error.retry_after)
        if isinstance(error, Unauthorized):
            response.www_authenticate = WWWAuthenticate("bearer", {"realm": "answerloop"})
        return response

    @app.errorhandler(DatabaseError)
    @app.errorhandler(SearchError)
    def away(error: Exception) -> Response:
        return answer(unavailable(error))
