"""The short way of a vote behind WSGI, so that one client of tests goes both ways."""

from collections.abc import Iterable
from http import HTTPStatus
from io import BytesIO
from queue import SimpleQueue
from typing import TYPE_CHECKING

from feedback.express import Express
from feedback.wire import Answer

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

WAY = "X-Way"
"""A header of the answers that the short way gave."""


def ahead_of(app: "WSGIApplication", express: Express) -> "WSGIApplication":
    """The application, before which ordinary votes have a short way."""

    def serve(environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        environ["wsgi.input"] = BytesIO(body)
        told: SimpleQueue[Answer] = SimpleQueue()
        vote = express.read(environ, lambda: body)
        if vote is None or not express.cast(vote, environ, told.put):
            return app(environ, start)
        return _send(told.get(timeout=30), start)

    return serve


def _send(answer: Answer, start: "StartResponse") -> Iterable[bytes]:
    headers = [("Content-Type", answer.type), (WAY, "short")]
    if answer.retry is not None:
        headers.append(("Retry-After", str(answer.retry)))
    start(f"{answer.status} {HTTPStatus(answer.status).phrase}", headers)
    return [answer.body.encode()]
