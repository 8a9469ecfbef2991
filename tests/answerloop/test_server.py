"""How answers leave: whole, in order, and soon, whatever their length."""

import socket
import threading
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import pytest

from answerloop.web import server

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

LONG = 1_000_000


def application(environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
    """As many bytes as the path says, in as many pieces as the query says."""
    length, pieces = int(environ["PATH_INFO"].strip("/")), int(environ["QUERY_STRING"])
    start("200 OK", [("Content-Length", str(length))])
    return (b"x" * (length // pieces) for _ in range(pieces))


@pytest.fixture(scope="module")
def connection() -> Iterator[socket.socket]:
    """One keep-alive connection to a server with one thread."""
    listener = server.listen("127.0.0.1", 0)
    serving = server.around(application, listener, threads=1)
    thread = threading.Thread(target=serving.run, daemon=True)
    thread.start()
    with socket.create_connection(listener.getsockname(), timeout=30) as client:
        yield client
    serving.close()
    thread.join(10)


def ask(*paths: str) -> bytes:
    return b"".join(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode() for path in paths)


def read(client: socket.socket, length: int) -> bytes:
    """One answer with a body of this length; it must be the next on the connection."""
    with client.makefile("rb", buffering=0) as stream:
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            head += stream.read(1) or b""
        body = b""
        while len(body) < length:
            body += stream.read(length - len(body)) or b""
    assert f"Content-Length: {length}".encode() in head
    return body


@pytest.mark.parametrize(
    ("length", "pieces"),
    [(0, 1), (10, 1), (10, 10), (17_999, 1), (20_000, 4), (LONG, 1), (LONG, 500)],
)
def test_an_answer_arrives_whole(connection: socket.socket, length: int, pieces: int) -> None:
    connection.sendall(ask(f"/{length}?{pieces}"))

    assert read(connection, length) == b"x" * length


def test_requests_in_one_packet_are_answered_in_their_order(connection: socket.socket) -> None:
    lengths = (10, 30_000, 0, 20)
    connection.sendall(ask(*(f"/{length}?1" for length in lengths)))

    assert [len(read(connection, length)) for length in lengths] == list(lengths)
