"""Which addresses this server may connect to on somebody else's word.

A name of a webhook or a tracker may lead anywhere: to the database of this machine, to the secrets
that a cloud hands out at 169.254.169.254. So only what is public on the Internet is let through,
and what an operator has named. An IPv4 address that is wrapped in an IPv6 one counts as itself.
"""

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network

from answerloop.proxies import Address, Network

_UNICAST = IPv6Network("2000::/3")
"""All that IANA has ever given out for public IPv6; what is outside is for some special use."""
_TRANSLATED = IPv6Network("64:ff9b::/96")
_SPECIAL = tuple(
    ip_network(name)
    for name in (
        "192.0.0.0/24",  # protocol assignments, some of which Python calls global
        "192.88.99.0/24",  # relays of 6to4
        "2001::/23",  # Teredo and other protocol assignments
        "3fff::/20",  # documentation, since 2024
    )
)


def is_allowed(name: str, allowed: Sequence[Network]) -> bool:
    """Whether to connect to this address: a public one, or one in an allowed network."""
    try:
        address = ip_address(name)
    except ValueError:
        return False
    reached = _reached(address)
    return _is_public(reached) or any(reached in network for network in allowed)


def _reached(address: Address) -> Address:
    """Where packets to this address end: the IPv4 one inside a mapped, translated or 6to4 one."""
    if isinstance(address, IPv4Address):
        return address
    if address in _TRANSLATED:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or address


def _is_public(address: Address) -> bool:
    if isinstance(address, IPv6Address) and address not in _UNICAST:
        return False
    is_special = address.is_multicast or any(address in network for network in _SPECIAL)
    return address.is_global and not is_special
