"""Who is asking, and whether a page of ours made them ask."""

from collections.abc import Iterable, Sequence
from enum import Enum, auto
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from urllib.parse import urlsplit

from flask import Request

from answerloop.errors import SettingsError

Network = IPv4Network | IPv6Network
_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})


class Sender(Enum):
    """What a request that changes something says of the page that sent it."""

    OWN_PAGE = auto()
    FOREIGN_PAGE = auto()
    NO_BROWSER = auto()


def networks(names: Iterable[str]) -> tuple[Network, ...]:
    """The trusted proxies. Raises SettingsError for a malformed or an all-embracing network."""
    found = []
    for name in names:
        try:
            network = ip_network(name)
        except ValueError as problem:
            raise SettingsError(
                f"server.trusted_proxies: {problem}. Write networks such as `127.0.0.1/32`."
            ) from None
        if network.prefixlen == 0:
            raise SettingsError(
                f"server.trusted_proxies: `{name}` trusts everybody, so anybody could vote under "
                "any address. Name the proxy's own network."
            )
        found.append(network)
    return tuple(found)


def client_address(peer: str, forwarded: Sequence[str], trusted: Sequence[Network]) -> str:
    """The address of the reader: the last one in `X-Forwarded-For` that no trusted proxy has.

    `forwarded` is read from the right: what stands further left was written by the client.
    """
    address = peer
    for name in reversed(forwarded):
        if not _is_in(address, trusted):
            break
        if not _is_address(name.strip()):
            break
        address = name.strip()
    return address


def _is_address(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True


def _is_in(address: str, trusted: Sequence[Network]) -> bool:
    if not _is_address(address):
        return False
    parsed = ip_address(address)
    mapped = getattr(parsed, "ipv4_mapped", None) or parsed
    return any(mapped in network for network in trusted)


def address_of(request: Request, trusted: Sequence[Network]) -> str:
    """The reader's address. Two X-Forwarded-For headers read as one list."""
    forwarded = ",".join(request.headers.getlist("X-Forwarded-For"))
    return client_address(
        request.remote_addr or "", forwarded.split(",") if forwarded else (), trusted
    )


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


def is_unsafe(request: Request) -> bool:
    """Whether the request's method may change something."""
    return request.method not in _SAFE_METHODS


def own_origins(request: Request, site_url: str) -> frozenset[str]:
    """The origins under which this site is reached: its configured one, and this request's."""
    origins = {f"{request.scheme}://{request.host}"}
    parts = urlsplit(site_url)
    if parts.scheme and parts.netloc:
        origins.add(f"{parts.scheme}://{parts.netloc}")
    return frozenset(origins)
