"""Judges articles after their votes are answered: soon, each once however many votes came.

Nothing has to be remembered over a restart: what was not judged before the end is judged with all
others at the start, and every hour, for evidence fades and the threshold moves by themselves.
"""

import logging
import threading
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime

from feedback import flags, queue, staleness
from feedback.errors import DatabaseError
from feedback.model import ArticleKey
from feedback.writer import Writer

_GATHER = 1.0
"""Seconds after a vote in which further ones on its article are judged with it."""
_HOUR = 3600
_PART = 100
_AFTER_FAILURE = 10.0

logger = logging.getLogger(__name__)


class Judge:
    """Knows which articles were voted on since they were judged last."""

    def __init__(
        self, writer: Writer, clock: Callable[[], datetime], *, false_flags: float
    ) -> None:
        self._writer = writer
        self._clock = clock
        self._false_flags = false_flags
        self._noted: set[ArticleKey] = set()
        self._lock = threading.Lock()
        self._turn = threading.Lock()
        self._something = threading.Event()

    def note(self, key: ArticleKey) -> None:
        """Let this article be judged soon."""
        with self._lock:
            self._noted.add(key)
        self._something.set()

    def settle(self, patience: float = -1) -> bool:
        """Judge now what waits; False if another thread judges for longer than `patience` seconds.

        Raises DatabaseError; then it waits on.
        """
        if not self._turn.acquire(timeout=patience):
            return False
        try:
            with self._lock:
                noted, self._noted = self._noted, set()
                self._something.clear()
            if noted:
                self._judge(noted)
        finally:
            self._turn.release()
        return True

    @contextmanager
    def running(self) -> Iterator[None]:
        """Judge in a thread of its own until the block ends, and what is left then at its end."""
        stopped = threading.Event()
        thread = threading.Thread(target=self._run, args=[stopped], name="judge", daemon=True)
        thread.start()
        try:
            yield
        finally:
            stopped.set()
            self._something.set()
            thread.join(timeout=10)

    def _run(self, stopped: threading.Event) -> None:
        due = time.monotonic()
        while not stopped.is_set():
            try:
                if time.monotonic() >= due:
                    self._judge_all(stopped)
                    due = time.monotonic() + _HOUR
                self.settle()
            except DatabaseError as problem:
                logger.warning("Articles are judged later: %s", problem)
                stopped.wait(_AFTER_FAILURE)
            except Exception:
                logger.exception("Articles could not be judged; it is tried again in seconds.")
                stopped.wait(_AFTER_FAILURE)
            if not stopped.is_set() and self._something.wait(max(0.0, due - time.monotonic())):
                stopped.wait(_GATHER)
        with suppress(DatabaseError):
            self.settle()

    def _judge_all(self, stopped: threading.Event) -> None:
        """In parts, so that what was just voted on does not wait for the whole.

        Which articles wait longest to be read through is found out before, for the queue; what
        waits there is looked at in the end, so that whoever opens it next need not wait for that.
        """
        now = self._clock()
        with self._writer.read() as db:
            everything = flags.spoken_of(db)
            ranking = staleness.rank(db, now)
        self._writer.apply(lambda db: staleness.keep(db, ranking, now))
        for first in range(0, len(everything), _PART):
            if stopped.is_set():
                return
            self._judge(everything[first : first + _PART])
            self.settle()
        with self._writer.read() as db:
            queue.look_through(db, self._clock(), false_flags=self._false_flags)

    def _judge(self, keys: Collection[ArticleKey]) -> None:
        try:
            flags.refresh(self._writer, self._clock(), false_flags=self._false_flags, keys=keys)
        except BaseException:
            with self._lock:
                self._noted.update(keys)
            self._something.set()
            raise
