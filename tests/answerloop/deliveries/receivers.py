"""Other machines: HTTP servers in threads that keep what they are sent, and answer as told."""

import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_network

from answerloop.deliveries.outgoing import Client

HERE = (ip_network("127.0.0.0/8"),)
"""The network of a test's own machine, which nothing may be sent to unless it is named."""


@dataclass(frozen=True, slots=True)
class Received:
    """A request as it came in. The names of `headers` are in small letters."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Reply:
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(slots=True)
class Receiver:
    """What a server was sent, and how many connections it saw."""

    answer: Callable[[Received], Reply]
    received: list[Received] = field(default_factory=list)
    connections: int = 0
    port: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@contextmanager
def serve(
    answer: Callable[[Received], Reply] = lambda _: Reply(), tls: ssl.SSLContext | None = None
) -> Iterator[Receiver]:
    """A server on this machine until the block ends."""
    receiver = Receiver(answer)

    class Handler(BaseHTTPRequestHandler):
        def setup(self) -> None:
            receiver.connections += 1
            super().setup()

        def handle_any(self) -> None:
            length = int(self.headers.get("Content-Length", "0"))
            headers = {name.lower(): value for name, value in self.headers.items()}
            received = Received(self.command, self.path, headers, self.rfile.read(length))
            receiver.received.append(received)
            try:
                reply = receiver.answer(received)
            except ConnectionAbortedError:  # the answer is lost on its way
                self.close_connection = True
                return
            self.send_response(reply.status)
            for name, value in {"Content-Length": str(len(reply.body)), **reply.headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(reply.body)

        do_GET = do_HEAD = do_POST = do_PATCH = do_PUT = handle_any  # noqa: N815 -- http.server's names

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- its signature
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    receiver.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, args=[0.01], daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)


def client() -> Client:
    """A client that may reach this machine."""
    return Client(HERE)
