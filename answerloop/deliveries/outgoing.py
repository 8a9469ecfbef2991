"""Asks another machine over HTTP, within limits, and never one that must not be reached.

A host's name is resolved once. Each address it has is checked, and the connection goes to one that
was checked, so that a name cannot mean another machine a moment later; TLS still verifies the name.
No redirect is followed, no proxy of the environment is used, and whole answers are limited in time
and size however slowly they come.
"""

import socket
import ssl
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import cache
from typing import Any

import httpcore
import httpx

from answerloop.deliveries import addresses
from answerloop.deliveries.errors import GiveUp, TryLater
from answerloop.proxies import Network

Resolve = Callable[[str, int], Sequence[str]]
"""The addresses of a host. Raises OSError when it has none."""
LONGEST_WAIT = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Limits:
    """How long a request may take from its first byte to the last of its answer, and its size."""

    seconds: float = 5.0
    bytes: int = 1_000_000


@dataclass(frozen=True, slots=True)
class Request:
    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, whatever its status. The names of `headers` are in small letters."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def wait(self, now: datetime) -> timedelta:
        """For how long the receiver asks to be left alone: its Retry-After, a day at most."""
        said = self.headers.get("retry-after", "").strip()
        if said.isascii() and said.isdigit():
            return min(timedelta(seconds=int(said[:9])), LONGEST_WAIT)
        try:
            until = parsedate_to_datetime(said)
        except ValueError:
            return timedelta()
        until = until if until.tzinfo else until.replace(tzinfo=UTC)
        return min(max(until - now, timedelta()), LONGEST_WAIT)


def resolve(host: str, port: int) -> Sequence[str]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(address[4][0]) for address in found]


@cache
def _trusted() -> ssl.SSLContext:
    """Whom this machine trusts; to read it takes longer than most requests."""
    return ssl.create_default_context()


@dataclass(frozen=True, slots=True)
class Client:
    """Sends requests. `allowed` are the networks that may be reached beside the Internet."""

    allowed: Sequence[Network] = ()
    limits: Limits = field(default_factory=Limits)
    resolve: Resolve = resolve
    tls: ssl.SSLContext = field(default_factory=_trusted)
    network: httpcore.NetworkBackend = field(default_factory=httpcore.SyncBackend)

    def send(self, request: Request) -> Answer:
        """Send a request and read the whole answer, on a connection of its own.

        Raises TryLater if there is none, GiveUp if the address cannot be one.
        """
        try:
            url = httpx.URL(request.url)
        except httpx.InvalidURL:
            raise GiveUp("Its web address is malformed.") from None
        guard = _Guard(self, time.monotonic() + self.limits.seconds)
        pool = httpcore.ConnectionPool(ssl_context=self.tls, network_backend=guard, http2=False)
        try:
            with pool:
                answer = pool.request(
                    request.method,
                    httpcore.URL(
                        scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path
                    ),
                    headers=[("Host", url.netloc.decode("ascii")), *request.headers.items()],
                    content=request.body,
                )
        except httpcore.TimeoutException:
            raise TryLater(f"{url.host}: no answer in {self.limits.seconds:g} seconds.") from None
        except (httpcore.NetworkError, httpcore.ProtocolError, OSError) as problem:
            raise TryLater(f"{url.host}: {_reason(problem)}.") from None
        headers = {name.decode("latin-1").lower(): value for name, value in answer.headers}
        return Answer(
            answer.status,
            {name: value.decode("latin-1") for name, value in headers.items()},
            answer.content,
        )


def _reason(problem: Exception) -> str:
    return str(problem).rstrip(".") or type(problem).__name__


class _Guard(httpcore.NetworkBackend):
    """Connects to addresses that were checked, until the request's time is over."""

    def __init__(self, client: Client, until: float) -> None:
        self._client = client
        self._until = until

    def connect_tcp(self, host: str, port: int, *_: Any, **__: Any) -> httpcore.NetworkStream:
        found = list(dict.fromkeys(self._look_up(host, port)))
        for address in found:
            if not addresses.is_allowed(address, self._client.allowed):
                raise httpcore.ConnectError(
                    "its name leads to an address that is not public. If it shall, name its "
                    "network in `outgoing.private_networks` and set `allow_private`"
                )
        problem: Exception = httpcore.ConnectError("its name has no address")
        for number, address in enumerate(found):
            share = _left(self._until) / (len(found) - number)
            try:
                stream = self._client.network.connect_tcp(address, port, share)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as failure:
                problem = failure
            else:
                return _Limited(stream, self._until, _Purse(self._client.limits.bytes))
        raise problem

    def _look_up(self, host: str, port: int) -> Sequence[str]:
        """The addresses of a host. The system's look-up knows no limit, so it is not waited for."""
        answer: Future[Sequence[str]] = Future()

        def look_up() -> None:
            try:
                answer.set_result(self._client.resolve(host, port))
            except (OSError, UnicodeError):
                answer.set_exception(httpcore.ConnectError("its name cannot be resolved"))

        threading.Thread(target=look_up, name="look-up", daemon=True).start()
        try:
            return answer.result(_left(self._until))
        except TimeoutError:
            raise httpcore.ConnectTimeout from None


@dataclass(slots=True)
class _Purse:
    """How many bytes may still come."""

    left: int


class _Limited(httpcore.NetworkStream):
    """A connection that ends in time, and after so many bytes."""

    def __init__(self, stream: httpcore.NetworkStream, until: float, purse: _Purse) -> None:
        self._stream = stream
        self._until = until
        self._purse = purse

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        del timeout
        data = self._stream.read(max_bytes, _left(self._until))
        self._purse.left -= len(data)
        if self._purse.left < 0:
            raise httpcore.ReadError("its answer is too long")
        return data

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        del timeout
        self._stream.write(buffer, _left(self._until))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        del timeout
        inner = self._stream.start_tls(ssl_context, server_hostname, _left(self._until))
        return _Limited(inner, self._until, self._purse)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _left(until: float) -> float:
    left = until - time.monotonic()
    if left <= 0:
        raise httpcore.ReadTimeout
    return left
