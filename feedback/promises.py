"""Those who wait for the writer without a thread of their own: each is called back, once.

A thread for each that waits costs more than what it waits for: it has to be woken to ask, and
woken again to answer.
"""

import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any

from feedback.errors import FeedbackError

LOOK = 0.5
"""How often, in seconds, it is looked whether the writer still lives, and who waited too long."""

Tell = Callable[[Any], None]


@dataclass(frozen=True, slots=True, eq=False)
class Promise:
    """`tell` holds whom to call back; whoever takes them out of it calls."""

    answer: Future[Any]
    until: float
    tell: list[Tell]

    def say(self, outcome: object) -> None:
        if self.tell:
            self.tell.pop()(outcome)

    def forget(self) -> None:
        """Tell nobody."""
        self.tell.clear()
        self.answer.cancel()


class Promises:
    """Calls back with the result of a future, its error, or why it cannot be waited for."""

    def __init__(
        self,
        patience: float,
        *,
        look: Callable[[], None],
        refused: Callable[[], FeedbackError],
        unknown: Callable[[], FeedbackError],
    ) -> None:
        """`look` sees that somebody works on the futures.

        After so many seconds what has not begun is taken back and `refused`; of what has, the
        outcome is `unknown`.
        """
        self._patience = patience
        self._look = look
        self._refused = refused
        self._unknown = unknown
        self._waiting: deque[Promise] = deque()
        self._some = threading.Event()
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()
        self._is_closed = False

    def add(self, answer: Future[Any], tell: Tell) -> Promise:
        """Call `tell` once with what comes of `answer`, in whatever thread knows it first.

        Before anybody works on it: of what is done already, this thread would be told at once.
        """
        promise = Promise(answer, time.monotonic() + self._patience, [tell])
        self._waiting.append(promise)
        if not self._some.is_set():
            self._some.set()
            self._start()
        answer.add_done_callback(lambda done: promise.say(self._outcome(done)))
        return promise

    def _outcome(self, answer: Future[Any]) -> object:
        if answer.cancelled():
            return self._refused()
        return answer.exception() or answer.result()

    def _start(self) -> None:
        with self._lock:
            if self._thread is None:
                self._thread = threading.Thread(target=self._watch, name="promises", daemon=True)
                self._thread.start()

    def close(self) -> None:
        """Look after nobody any more; who still waits is told when a future is done."""
        self._is_closed = True
        self._some.set()

    def _watch(self) -> None:
        while self._some.wait() and not self._is_closed:
            time.sleep(LOOK)
            self._look()
            self._end_overdue()
            self._some.clear()
            if self._waiting:
                self._some.set()

    def _end_overdue(self) -> None:
        """All wait equally long, so the first has waited the longest."""
        while self._waiting:
            first = self._waiting[0]
            if not first.answer.done():
                if first.until > time.monotonic():
                    return
                if not first.answer.cancel() and not first.answer.done():
                    first.say(self._unknown())
            self._waiting.popleft()
