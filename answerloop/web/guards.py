"""Who is asking, whether a page of ours made them ask, and how much of it is read."""

from collections.abc import Iterable, Sequence
from enum import Enum, auto
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from flask import Request

from answerloop import proxies
from answerloop.proxies import Network

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

MAX_PARAMETER = 4096
"""Bytes of a parameter that are read: 200 characters are 2,400, however they are encoded."""

MAX_PARAMETERS = 32

HARDENING = (
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "strict-origin-when-cross-origin"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    # Framed by another site, a reader could be made to click on "No" without seeing it.
    ("X-Frame-Options", "SAMEORIGIN"),
)
"""Headers of every answer that does not say otherwise."""

_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})


class Sender(Enum):
    """What a request that changes something says of the page that sent it."""

    OWN_PAGE = auto()
    FOREIGN_PAGE = auto()
    NO_BROWSER = auto()


def address_of(request: Request, trusted: Sequence[Network]) -> str:
    """The reader's address. Two X-Forwarded-For headers are one list to every server."""
    return address_in(request.environ, trusted)


def address_in(environ: "WSGIEnvironment", trusted: Sequence[Network]) -> str:
    """The same of a request that no framework has looked at."""
    forwarded = environ.get("HTTP_X_FORWARDED_FOR", "")
    peer = environ.get("REMOTE_ADDR", "")
    return proxies.client_address(peer, forwarded.split(",") if forwarded else (), trusted)


def sender(request: Request, own_origins: Iterable[str]) -> Sender:
    """Which kind of page sent a request.

    Browsers say so themselves in Sec-Fetch-Site; older ones, and pages without TLS, send Origin.
    After the check that Go's net/http has (words.filippo.io/csrf).
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return Sender.OWN_PAGE if site in ("same-origin", "none") else Sender.FOREIGN_PAGE
    origin = request.headers.get("Origin")
    if origin is None:
        return Sender.NO_BROWSER
    return Sender.OWN_PAGE if origin in own_origins else Sender.FOREIGN_PAGE


def is_navigation(request: Request) -> bool:
    """Whether a person has a page of this site opened: from one of its pages, or by themselves.

    Browsers say so, programs do not. Not what is fetched in advance, nor what a page of another
    site leads to: that would let it speak in the name of its readers.
    """
    headers = request.headers
    site = headers.get("Sec-Fetch-Site")
    is_own = site == "same-origin" or (site == "none" and headers.get("Sec-Fetch-User") == "?1")
    is_page = headers.get("Sec-Fetch-Mode") == "navigate"
    in_advance = "Sec-Purpose" in headers or headers.get("Purpose") == "prefetch"
    return request.method == "GET" and is_own and is_page and not in_advance


def is_unsafe(request: Request) -> bool:
    """Whether the request's method may change something."""
    return request.method not in _SAFE_METHODS


def is_by_token(request: Request) -> bool:
    """Whether a program asks with an API token, and nothing that a browser adds by itself.

    No page of another site can send such a request: its browser would ask us first, in vain.
    """
    scheme = request.headers.get("Authorization", "").partition(" ")[0]
    is_api = request.path.startswith("/api/")
    return is_api and scheme.lower() == "bearer" and "Cookie" not in request.headers


def own_origins(request: Request, site_url: str, trusted: Sequence[Network]) -> frozenset[str]:
    """The origins under which this site is reached: its configured one, and this request's."""
    scheme = proxies.scheme(
        request.scheme,
        request.remote_addr or "",
        request.headers.get("X-Forwarded-Proto", ""),
        trusted,
    )
    origins = {f"{scheme}://{request.host}"}
    parts = urlsplit(site_url)
    if parts.scheme and parts.netloc:
        origins.add(f"{parts.scheme}://{parts.netloc}")
    return frozenset(origins)


def cutting_queries(app: "WSGIApplication") -> "WSGIApplication":
    """The application, of which nobody can make long work by a long query.

    To decode 100 kB takes longer than a search. What is cut off would not be read anyway.
    """

    def cut(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        query = environ.get("QUERY_STRING", "")
        if len(query) > MAX_PARAMETER:
            parameters = query.split("&", MAX_PARAMETERS)[:MAX_PARAMETERS]
            environ["QUERY_STRING"] = "&".join(each[:MAX_PARAMETER] for each in parameters)
        return app(environ, start_response)

    return cut
