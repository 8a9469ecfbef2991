"""How much one reader may ask for in a minute, so that nobody takes the service from the others.

The generic cell rate algorithm (ITU-T I.371): for each reader one moment, up to which what they
have had so far is paid for. A minute's worth may come at once; then it is refilled evenly.
"""

import hashlib
import secrets
import time
from collections.abc import Callable, Mapping
from enum import IntEnum
from ipaddress import IPv6Address, ip_address
from threading import Lock

_MINUTE = 60.0
_ROOM = 50_000
_DIGEST_BYTES = 8


class Kind(IntEnum):
    """What is counted, each for itself."""

    VOTE = 1
    REMARK = 2
    SEARCH = 3
    EVENT = 4


class Limiter:
    """Counts by network: an IPv4 address, or the /64 that one IPv6 host owns.

    Keeps no address, only keyed hashes in memory, of at most `room` readers. Requests of this
    machine are free: they come from its owner, or from a proxy that `trusted_proxies` forgot, and
    one limit for all readers together would shut them out.
    """

    def __init__(
        self,
        per_minute: Mapping[Kind, int],
        clock: Callable[[], float] = time.monotonic,
        room: int = _ROOM,
    ) -> None:
        self._pause = {kind: _MINUTE / count for kind, count in per_minute.items()}
        self._clock = clock
        self._room = room
        self._key = secrets.token_bytes(16)
        self._paid_until: dict[bytes, float] = {}
        self._lock = Lock()

    def wait(self, kind: Kind, address: str) -> float:
        """The seconds until this reader may; 0 if they may now, which is counted."""
        network = _network(address)
        if network is None or kind not in self._pause:
            return 0.0
        pause = self._pause[kind]
        digest = hashlib.blake2b(network, digest_size=_DIGEST_BYTES, key=self._key).digest()
        name = bytes([kind]) + digest
        with self._lock:
            now = self._clock()
            paid_until = max(self._paid_until.get(name, now), now)
            wait = paid_until + pause - now - _MINUTE
            if wait > 1e-9:  # noqa: PLR2004 -- what sums of fractions leave over
                return wait
            self._paid_until.pop(name, None)  # so that it becomes the newest
            self._paid_until[name] = paid_until + pause
            if len(self._paid_until) > self._room:
                del self._paid_until[next(iter(self._paid_until))]
        return 0.0


def _network(address: str) -> bytes | None:
    """None for this machine, and for what is no address."""
    try:
        parsed = ip_address(address.strip())
    except ValueError:
        return None
    if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped:
        parsed = parsed.ipv4_mapped
    if parsed.is_loopback:
        return None
    return parsed.packed[:8]
