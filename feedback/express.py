"""The short way of the ordinary vote: ahead of the framework, which takes longer than the vote.

Only what the widget of a page of this site sends goes this way, and only if nothing is wrong with
it. All else goes on to the application, untouched, and is checked and answered there.
"""

from collections.abc import Callable, Iterable, Sequence
from http import HTTPStatus
from io import BytesIO
from typing import TYPE_CHECKING

from pydantic import ValidationError

from feedback import voting
from feedback.voting import Voter, Voting
from feedback.wire import Answer, VoteRequest

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


def ahead_of(
    app: "WSGIApplication",
    rules: Voting,
    address: Callable[["WSGIEnvironment"], str],
    headers: Sequence[tuple[str, str]],
) -> "WSGIApplication":
    """The application with a short way before it; `headers` go with each of its answers."""

    def serve(environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
        vote = _read(environ) if _is_ordinary(environ) else None
        if vote is None:
            return app(environ, start)
        voter = Voter.of(environ, address(environ), trusted=True)
        answer = voting.answer(rules, vote, voter)
        return _send(answer, headers, start)

    return serve


def _is_ordinary(environ: "WSGIEnvironment") -> bool:
    """Whether a browser says that a page of this site sends a vote as JSON, of no great length."""
    length = environ.get("CONTENT_LENGTH", "")
    return (
        environ["REQUEST_METHOD"] == "POST"
        and environ.get("PATH_INFO") == voting.PATH
        and environ.get("HTTP_SEC_FETCH_SITE") == "same-origin"
        and environ.get("CONTENT_TYPE") == voting.JSON
        and length.isdecimal()
        and int(length) <= voting.JSON_LIMIT
    )


def _read(environ: "WSGIEnvironment") -> VoteRequest | None:
    """The vote; None if it is malformed, and then the body can be read once more."""
    body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
    try:
        return VoteRequest.model_validate_json(body)
    except ValidationError:
        environ["wsgi.input"] = BytesIO(body)
        return None


def _send(
    answer: Answer, headers: Sequence[tuple[str, str]], start: "StartResponse"
) -> Iterable[bytes]:
    body = answer.body.encode()
    status = f"{answer.status} {HTTPStatus(answer.status).phrase}"
    own = [("Content-Type", answer.type), ("Content-Length", str(len(body)))]
    if answer.retry is not None:
        own.append(("Retry-After", str(answer.retry)))
    start(status, [*own, *headers])
    return [body]
