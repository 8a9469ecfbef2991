"""A connection of a client, as the server holds it: how its requests are taken and answered.

An ordinary vote has no thread of its own. The main thread reads it and puts it in line, the
database's writer answers it.
"""

from http import HTTPStatus

from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.task import Task, ThreadedTaskDispatcher, WSGITask

from answerloop.web import guards
from feedback import voting
from feedback.express import Express
from feedback.wire import Answer

PIECE = 18_000
"""Bytes of an answer that are sent before it is whole."""

_READ = ("SEC_FETCH_SITE", "USER_AGENT", "ACCEPT_LANGUAGE", "X_FORWARDED_FOR")
"""Headers that a vote is judged by."""


class Request(HTTPRequestParser):  # type: ignore[misc]  # waitress has no types
    """A request, and its answer if nobody has to be asked for it any more."""

    answer: Answer | None = None


class _Answering(Task):  # type: ignore[misc]  # waitress has no types
    """Sends the answer that a request has."""

    complete = True

    def execute(self) -> None:
        answer: Answer = self.request.answer
        body = answer.body.encode()
        self.status = f"{answer.status} {HTTPStatus(answer.status).phrase}"
        self.content_length = len(body)
        self.response_headers = [("Content-Type", answer.type), *guards.HARDENING]
        if answer.retry is not None:
            self.response_headers.append(("Retry-After", str(answer.retry)))
        self.write(body)


def _task(connection: "Connection", request: Request) -> Task:
    """What answers a request."""
    return (WSGITask if request.answer is None else _Answering)(connection, request)


class Connection(HTTPChannel):  # type: ignore[misc]  # waitress has no types
    """A connection whose short answers the main thread sends, each in one piece.

    By default the thread of a request sends head and body itself, each as soon as it has it. At
    both it lets another thread run, and gets its turn back behind all the others.
    """

    parser_class = Request
    task_class = staticmethod(_task)

    def writable(self) -> bool:
        """Not while an answer may grow: the main thread would ask again and again."""
        is_due = not self.requests or self.total_outbufs_len >= PIECE
        return bool(
            self.will_close or self.close_when_flushed or (self.total_outbufs_len and is_due)
        )

    def tell(self, answer: Answer) -> None:
        """Answer the first request that waits; in whatever thread knows the answer."""
        if self.requests:  # none are left once the server stops
            self.requests[0].answer = answer
            self.service()


class Dispatcher(ThreadedTaskDispatcher):  # type: ignore[misc]  # waitress has no types
    """Gives each request a thread, but for ordinary votes."""

    def __init__(self, votes: Express | None) -> None:
        super().__init__()
        self._votes = votes

    def add_task(self, task: Connection) -> None:
        """Called by the main thread, or by the one that answered the request before."""
        if self._votes is None or not _takes(self._votes, task):
            super().add_task(task)


def _takes(votes: Express, connection: Connection) -> bool:
    """Whether the first request of a connection is a vote, and stands in line now.

    Not of a client that leaves earlier answers unread: the writer would wait for it, and with it
    everybody else's vote.
    """
    request: Request = connection.requests[0]
    if request.error is not None or request.command != "POST" or request.path != voting.PATH:
        return False
    if connection.total_outbufs_len >= PIECE:
        return False
    said = _environ(request, connection)
    vote = votes.read(said, lambda: _body(request))
    return vote is not None and votes.cast(vote, said, connection.tell)


def _environ(request: Request, connection: Connection) -> dict[str, str]:
    """What WSGI calls the parts of a request by which a vote is judged."""
    environ = {f"HTTP_{name}": request.headers.get(name, "") for name in _READ}
    return environ | {
        "REQUEST_METHOD": request.command,
        "PATH_INFO": request.path,
        "REMOTE_ADDR": connection.addr[0],
        "CONTENT_TYPE": request.headers.get("CONTENT_TYPE", ""),
        "CONTENT_LENGTH": request.headers.get("CONTENT_LENGTH", ""),
    }


def _body(request: Request) -> bytes:
    """The body, which can be read once more."""
    stream = request.get_body_stream()
    body: bytes = stream.read()
    stream.seek(0)
    return body
