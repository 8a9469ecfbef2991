"""Slows down whoever guesses passwords, without locking anybody else out."""

import threading
from collections import OrderedDict, deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta

MOST_KEYS = 10_000


@dataclass(slots=True)
class Brake:
    """Counts the failures of each key in memory; at most `limit` a `period` pass.

    A key names who tries and what, so that a failure from one network says nothing about another.
    The keys that failed longest ago are forgotten first, so that a flood of keys stays small.
    """

    limit: int
    period: timedelta
    _failures: OrderedDict[str, deque[datetime]] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def wait(self, key: str, now: datetime) -> timedelta:
        """How long to wait before the next try; zero when it may come now.

        Failures dated in the future count as of now, for a clock that was set back.
        """
        with self._lock:
            failed = self._recent(key, now)
            if len(failed) < self.limit:
                return timedelta(0)
            return min(failed[-self.limit], now) + self.period - now

    def record(self, key: str, now: datetime) -> None:
        """Remember a failure."""
        with self._lock:
            failed = self._failures.setdefault(key, deque(maxlen=self.limit))
            failed.append(now)
            self._failures.move_to_end(key)
            while len(self._failures) > MOST_KEYS:
                self._failures.popitem(last=False)

    def release(self, key: str) -> None:
        """Forget the failures of a key that has succeeded."""
        with self._lock:
            self._failures.pop(key, None)

    def _recent(self, key: str, now: datetime) -> list[datetime]:
        return [at for at in self._failures.get(key, ()) if now - at < self.period]
