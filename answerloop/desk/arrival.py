"""How a request came here: from which network, over which scheme, by which kind of program."""

from collections.abc import Iterable, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from flask import Request

Network = IPv4Network | IPv6Network
Address = IPv4Address | IPv6Address

_PREFIXES = {4: 24, 6: 48}


def network(request: Request, trusted: Sequence[Network]) -> str:
    """The network that the request came from, in the width in which one person can move.

    `X-Forwarded-For` is read from the right and only as far as trusted proxies wrote it.
    """
    found = _address(request.remote_addr or "")
    forwarded = ",".join(request.headers.getlist("X-Forwarded-For")).split(",")
    for name in reversed(forwarded):
        before = _address(name.strip())
        if found is None or before is None or not _is_in(found, trusted):
            break
        found = before
    if found is None:
        return "unknown"
    return str(ip_network((found, _PREFIXES[found.version]), strict=False))


def is_secure(request: Request, trusted: Iterable[Network]) -> bool:
    """Whether the browser speaks TLS, to us or to a proxy before us.

    A browser says so itself in `Origin`; who forges that changes a cookie of their own.
    """
    if request.is_secure or request.headers.get("Origin", "").startswith("https://"):
        return True
    peer = _address(request.remote_addr or "")
    forwarded = request.headers.get("X-Forwarded-Proto", "").rpartition(",")[2].strip()
    return peer is not None and _is_in(peer, trusted) and forwarded == "https"


def is_silent(request: Request) -> bool:
    """Whether the request hides which page sent it, as no browser does."""
    return not {"Origin", "Sec-Fetch-Site"} & set(request.headers.keys())


def _address(name: str) -> Address | None:
    try:
        address = ip_address(name)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def _is_in(address: Address, networks: Iterable[Network]) -> bool:
    return any(address in network for network in networks)
