"""Who voted, so far as one vote each needs it: keyed hashes under a salt that lives two days.

The salts lie in a file of their own, never in the database, so no backup of it carries them.
Once a salt is gone nobody, the operator included, can tell which rows came from one visitor. No
address is stored or returned. Knows nothing of votes, nor of proxies: the caller says which
address is the visitor's.
"""

import hmac
import json
import logging
import os
import secrets
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from ipaddress import IPv4Address, IPv6Address, ip_address
from pathlib import Path
from threading import Lock

if sys.platform != "win32":
    import fcntl

SALT_BYTES = 32
HASH_BYTES = 16
ONE_DAY = timedelta(days=1)
CREDIBLE_LEAD = timedelta(days=2)
"""A last day further ahead of the clock than this came from a wrong clock, not from a jump."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Visitor:
    """One visitor and their network, under today's salt and, where it still lives, yesterday's.

    Each is 32 hexadecimal digits. A vote is looked up under both, which makes one vote each hold
    for 24 to 48 hours.
    """

    today: str
    yesterday: str | None
    network: str
    previous_network: str | None


@dataclass(frozen=True, slots=True)
class _Pair:
    """The salts that live on `day`."""

    day: date
    today: bytes
    yesterday: bytes | None


class Salts:
    """The salts of today and yesterday, kept in the file `salts` of `directory`, mode 600.

    Safe among threads, and among processes that share the directory. A file that is lost,
    unreadable or corrupt is replaced; where it cannot be written, the salts live in this process
    alone. Both are logged as warnings, and no call fails for them.
    """

    def __init__(
        self, directory: Path, *, randomness: Callable[[int], bytes] = secrets.token_bytes
    ) -> None:
        self._path = directory / "salts"
        self._randomness = randomness
        self._lock = Lock()
        self._pair: _Pair | None = None
        self._seen: tuple[int, ...] | None = None

    def identify(
        self,
        now: datetime,
        *,
        address: str,
        user_agent: str,
        accept_language: str,
        site: str,
        device: str = "",
    ) -> Visitor:
        """HMAC-SHA256 under the day's salt, cut to 16 bytes.

        The visitor is the id that their browser keeps, wherever it is carried; without one, the
        address (of an IPv6 one the /64, which one host owns) with the headers. Both with the site.
        The network is the /24 or /48. An address that is none (empty, a socket's name) counts as
        one shared network.
        """
        pair = self._on(now.astimezone(UTC).date())
        host, neighbourhood = _networks(address)
        browser = ("visitor", host, user_agent, accept_language, site, "")
        visitor = ("device", device, site) if device else browser
        network = ("network", neighbourhood, site)
        return Visitor(
            today=_hash(pair.today, visitor),
            yesterday=_hash(pair.yesterday, visitor) if pair.yesterday else None,
            network=_hash(pair.today, network),
            previous_network=_hash(pair.yesterday, network) if pair.yesterday else None,
        )

    def renew(self, now: datetime) -> None:
        """Let the salts of other days go, though nobody votes."""
        self._on(now.astimezone(UTC).date())

    def _on(self, clock: date) -> _Pair:
        """The salts of max(clock, last day seen): a clock set back revives none of them."""
        with self._lock:
            pair = self._pair
            if pair is None or _is_over(pair, clock) or self._seen != _signature(self._path):
                pair = self._pair = self._refresh(clock)
            return pair

    def _refresh(self, clock: date) -> _Pair:
        """Take over what another process may have written, or write the next salts."""
        try:
            with _exclusive(self._path.with_name("salts.lock")):
                stored = _load(self._path)
                pair = self._current(stored, clock)
                if pair != stored:
                    _write(self._path, pair)
        except OSError as error:
            _log.warning(
                "The salts cannot be kept in %s (%s): until they can, a restart lets visitors "
                "vote once more. Make the directory writable.",
                self._path,
                error.strerror,
            )
            pair = self._current(_load(self._path), clock)
        self._seen = _signature(self._path)
        return pair

    def _current(self, stored: _Pair | None, clock: date) -> _Pair:
        """The newest known salts if they still live, else new ones.

        Those in memory outlive a lost file. Yesterday's is kept only if it is really yesterday's.
        """
        known = [pair for pair in (stored, self._pair) if pair]
        last = max(known, key=lambda pair: pair.day, default=None)
        if last is None or _is_over(last, clock):
            yesterday = last.today if last and last.day == clock - ONE_DAY else None
            return _Pair(clock, self._randomness(SALT_BYTES), yesterday)
        return last


def _is_over(pair: _Pair, clock: date) -> bool:
    """Whether its day has passed. A day far ahead would stop the daily change for as long."""
    return clock > pair.day or pair.day - clock > CREDIBLE_LEAD


def _networks(address: str) -> tuple[str, str]:
    """The visitor's own network and their neighbourhood, as text; never stored."""
    try:
        parsed: IPv4Address | IPv6Address = ip_address(address.strip())
    except ValueError:
        return "none", "none"
    if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped:
        parsed = parsed.ipv4_mapped
    if isinstance(parsed, IPv4Address):
        return parsed.packed.hex(), parsed.packed[:3].hex()
    return parsed.packed[:8].hex(), parsed.packed[:6].hex()


def _hash(salt: bytes, parts: Sequence[str]) -> str:
    """As JSON, so that no header can reach into its neighbour and any character will do."""
    message = json.dumps(parts).encode("ascii")
    return hmac.digest(salt, message, "sha256")[:HASH_BYTES].hex()


def _load(path: Path) -> _Pair | None:
    """What the file says; None, with a warning, where it is there and says nothing usable."""
    try:
        text = path.read_text("ascii")
        pair = _parse(text)
    except FileNotFoundError:
        return None
    except (OSError, ValueError):
        _log.warning(
            "The salts in %s cannot be read and are made anew: visitors of the last two days may "
            "vote once more.",
            path,
        )
        return None
    with suppress(OSError):
        path.chmod(0o600)
    return pair


def _parse(text: str) -> _Pair:
    """Raises ValueError for anything but what `_write` writes."""
    content = json.loads(text)
    if not isinstance(content, dict):
        raise ValueError("expected an object")  # noqa: TRY004 -- one error for all bad content
    salts = {date.fromisoformat(day): bytes.fromhex(str(salt)) for day, salt in content.items()}
    if not salts or any(len(salt) != SALT_BYTES for salt in salts.values()):
        raise ValueError(f"expected salts of {SALT_BYTES} bytes")
    day = max(salts)
    return _Pair(day, salts[day], salts.get(day - ONE_DAY))


def _write(path: Path, pair: _Pair) -> None:
    """Replace the file in one step, then overwrite the bytes of the one it replaced."""
    salts = {pair.day.isoformat(): pair.today.hex()}
    if pair.yesterday:
        salts[(pair.day - ONE_DAY).isoformat()] = pair.yesterday.hex()
    handle, name = tempfile.mkstemp(prefix=".salts-", dir=path.parent)  # mode 600
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            json.dump(salts, file)
            file.flush()
            os.fsync(file.fileno())
        with _overwritten(path):
            Path(name).replace(path)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise


@contextmanager
def _overwritten(path: Path) -> Iterator[None]:
    """Hold the old file open while it is replaced, then wipe it, as far as a disk obeys."""
    try:
        old = path.open("r+b")
    except OSError:
        yield
        return
    with old:
        yield
        with suppress(OSError):
            old.write(bytes(os.fstat(old.fileno()).st_size))
            old.flush()
            os.fsync(old.fileno())


@contextmanager
def _exclusive(path: Path) -> Iterator[None]:
    """One process at a time; on Windows, where there is no flock, one process is all there is."""
    handle = os.open(path, os.O_CREAT | os.O_RDWR, 0o600)
    try:
        if sys.platform != "win32":
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _signature(path: Path) -> tuple[int, ...] | None:
    """Changes when another process replaces the file or somebody removes it."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_ino, status.st_size, status.st_mtime_ns
