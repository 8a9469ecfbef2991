"""A load generator: some keep-alive connections, each sending again as soon as it is answered."""

import selectors
import socket
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, field

_PIECE = 65536


@dataclass(slots=True)
class Load:
    """What a run saw: seconds from request to answer of each success, and other statuses.

    `own` are the seconds of the processor that the clients themselves took.
    """

    seconds: float = 0.0
    own: float = 0.0
    latencies: list[float] = field(default_factory=list)
    failures: int = 0

    @property
    def rate(self) -> float:
        """Successes a second."""
        return len(self.latencies) / self.seconds

    def percentile(self, percent: int) -> float:
        """In milliseconds."""
        return statistics.quantiles(self.latencies, n=100)[percent - 1] * 1000


class _Client:
    """One connection: a request under way, and what has come of its answer."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=30)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._received = b""
        self.sent = 0.0

    def send(self, request: bytes) -> None:
        self._received = b""
        self.sent = time.perf_counter()
        self.socket.sendall(request)

    def receive(self) -> int:
        """The status once the answer is whole; 0 until then. Raises ConnectionError."""
        piece = self.socket.recv(_PIECE)
        if not piece:
            raise ConnectionError("the server closed a connection")
        self._received += piece
        head, end, body = self._received.partition(b"\r\n\r\n")
        if not end:
            return 0
        lengths = [line for line in head.split(b"\r\n") if line.lower().startswith(b"content-len")]
        if len(body) < int(lengths[0].split(b":")[1]):
            return 0
        return int(head.split(b" ", 2)[1])


def run(port: int, request: Callable[[int], bytes], *, clients: int, seconds: float) -> Load:
    """Send `request(0)`, `request(1)`, … over so many connections for so long."""
    load, number = Load(), 0
    with selectors.DefaultSelector() as selector:
        for _ in range(clients):
            client = _Client(port)
            selector.register(client.socket, selectors.EVENT_READ, client)
            client.send(request(number))
            number += 1
        began, spent = time.perf_counter(), time.process_time()
        waiting = clients
        while waiting:
            for key, _ in selector.select():
                client = key.data
                status = client.receive()
                if not status:
                    continue
                now = time.perf_counter()
                if status == 200:
                    load.latencies.append(now - client.sent)
                else:
                    load.failures += 1
                if now - began < seconds:
                    client.send(request(number))
                    number += 1
                    continue
                selector.unregister(client.socket)
                client.socket.close()
                waiting -= 1
        load.seconds = time.perf_counter() - began
        load.own = time.process_time() - spent
    return load


def post(path: str, body: bytes, **headers: str) -> bytes:
    """An HTTP request whose header names are given with underscores."""
    lines = [f"POST {path} HTTP/1.1", "Host: 127.0.0.1", f"Content-Length: {len(body)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + body
