"""Which proxies are believed, and what a request then says of where it came from."""

from collections.abc import Iterable, Sequence
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)

Network = IPv4Network | IPv6Network
Address = IPv4Address | IPv6Address


def networks(names: Iterable[str]) -> tuple[Network, ...]:
    """The trusted proxies, as the settings name them: none of them is everybody."""
    return tuple(map(ip_network, names))


def client_address(peer: str, forwarded: Sequence[str], trusted: Sequence[Network]) -> str:
    """The address of the reader: the last one in `X-Forwarded-For` that no trusted proxy has.

    `forwarded` is read from the right: what stands further left was written by the client.
    """
    address = peer
    for name in reversed(forwarded):
        if not is_trusted(address, trusted) or parsed(name) is None:
            break
        address = name.strip()
    return address


def scheme(own: str, peer: str, forwarded: str, trusted: Sequence[Network]) -> str:
    """`https` where the browser speaks TLS to us, or to a trusted proxy before us.

    `forwarded` is the request's `X-Forwarded-Proto`.
    """
    last = forwarded.rpartition(",")[2].strip()
    return last if last in ("http", "https") and is_trusted(peer, trusted) else own


def is_trusted(address: str, trusted: Iterable[Network]) -> bool:
    """Whether the address is that of a proxy which is believed."""
    found = parsed(address)
    return found is not None and any(found in network for network in trusted)


def parsed(name: str) -> Address | None:
    """The address, an IPv4 one inside an IPv6 one taken out; None when it is no address."""
    try:
        address = ip_address(name.strip())
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address
