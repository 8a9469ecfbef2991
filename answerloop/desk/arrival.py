"""How a request came here: from which network, over which scheme, by which kind of program."""

from collections.abc import Sequence
from ipaddress import ip_network

from flask import Request

from answerloop import proxies
from answerloop.proxies import Network

_PREFIXES = {4: 24, 6: 48}


def network(request: Request, trusted: Sequence[Network]) -> str:
    """The network that the request came from, in the width in which one person can move."""
    forwarded = ",".join(request.headers.getlist("X-Forwarded-For")).split(",")
    address = proxies.client_address(request.remote_addr or "", forwarded, trusted)
    found = proxies.parsed(address)
    if found is None:
        return "unknown"
    return str(ip_network((found, _PREFIXES[found.version]), strict=False))


def is_secure(request: Request, trusted: Sequence[Network]) -> bool:
    """Whether the browser speaks TLS, to us or to a proxy before us.

    A browser says so itself in `Origin`; who forges that changes a cookie of their own.
    """
    if request.headers.get("Origin", "").startswith("https://"):
        return True
    forwarded = request.headers.get("X-Forwarded-Proto", "")
    peer = request.remote_addr or ""
    return proxies.scheme(request.scheme, peer, forwarded, trusted) == "https"


def is_silent(request: Request) -> bool:
    """Whether the request hides which page sent it, as no browser does."""
    return not {"Origin", "Sec-Fetch-Site"} & set(request.headers.keys())
