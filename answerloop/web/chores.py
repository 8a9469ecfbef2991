"""What the service does beside its requests, now and then: gather gaps, deliver, forget.

One thread does the chores, one after the other. Nothing has to be remembered over a restart: each
is done at the start and then in its interval, so it must find out by itself what is due, and do
nothing where nothing is. On PostgreSQL several services may do the same chore at the same time.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from answerloop.errors import AnswerloopError
from feedback.errors import FeedbackError
from search.errors import SearchError

_AFTER_FAILURE = timedelta(minutes=1)

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Chore:
    """`do` is called with the present moment, at the start and then `every` so often.

    A chore that fails is logged under its `name` and tried again a minute later at the latest.
    """

    name: str
    every: timedelta
    do: Callable[[datetime], object]


class Round:
    """The chores of one service."""

    def __init__(self, chores: Sequence[Chore], clock: Callable[[], datetime]) -> None:
        self._chores = chores
        self._clock = clock
        self._due = dict.fromkeys((chore.name for chore in chores), 0.0)
        self._woken: set[str] = set()
        self._something = threading.Event()

    def wake(self, name: str) -> None:
        """Let this chore be done soon: something is there for it."""
        self._woken.add(name)
        self._something.set()

    def turn(self) -> None:
        """Do what is due now, each once; a failure of one leaves the others alone."""
        for chore in self._chores:
            if chore.name in self._woken or time.monotonic() >= self._due[chore.name]:
                self._woken.discard(chore.name)
                is_done = _tried(chore, self._clock())
                pause = chore.every if is_done else min(chore.every, _AFTER_FAILURE)
                self._due[chore.name] = time.monotonic() + pause.total_seconds()

    @contextmanager
    def running(self) -> Iterator[None]:
        """Do the chores in a thread of their own until the block ends."""
        stopped = threading.Event()
        thread = threading.Thread(target=self._run, args=[stopped], name="chores", daemon=True)
        thread.start()
        try:
            yield
        finally:
            stopped.set()
            self._something.set()
            thread.join(timeout=10)

    def _run(self, stopped: threading.Event) -> None:
        while not stopped.is_set():
            self._something.clear()
            self.turn()
            pause = min(self._due.values(), default=time.monotonic() + 60) - time.monotonic()
            if not stopped.is_set():
                self._something.wait(max(0.0, pause))


def _tried(chore: Chore, now: datetime) -> bool:
    try:
        chore.do(now)
    except (AnswerloopError, FeedbackError, SearchError) as problem:
        logger.warning("%s: %s", chore.name, problem)
    except Exception:
        logger.exception("%s failed; it is tried again in a minute at the latest.", chore.name)
    else:
        return True
    return False
