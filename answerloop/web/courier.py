"""Delivers what lies in the outbox, in a thread of its own: whoever is told may be slow.

It looks every few seconds, for what other processes put there (a build, another service), too.
No transaction is open while a message is under way: it is claimed in one and marked in another.
"""

import logging
import random
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta

from sqlalchemy import Connection

from answerloop.deliveries.errors import GiveUp, TryLater
from answerloop.deliveries.handlers import Handler
from answerloop.web.chores import Chore, Round
from feedback import destinations, outbox
from feedback.errors import DatabaseError
from feedback.flags import Store
from feedback.outbox import Message

LOOK = timedelta(seconds=5)

logger = logging.getLogger(__name__)


class Courier:
    """Carries messages to the handlers of their kinds, those of one subject one after another."""

    def __init__(
        self,
        store: Store,
        handlers: Mapping[str, Handler],
        clock: Callable[[], datetime],
        random: Callable[[], float] = random.random,
    ) -> None:
        self._store = store
        self._handlers = handlers
        self._clock = clock
        self._random = random
        self._is_stopped = False
        chore = Chore("Deliveries", LOOK, lambda _now: self.deliver())
        self._round = Round([chore], clock)

    def wake(self) -> None:
        """Look soon: something was put into the outbox."""
        self._round.wake("Deliveries")

    def deliver(self) -> None:
        """Deliver what is due, a message of each kind in turn.

        A kind of which one cannot be delivered now is left until next time: its receiver is
        probably away, and the others need not wait for that to be said of each message.
        """
        failing: set[str] = set()
        while not self._is_stopped:
            with self._store.read() as db:
                due = outbox.due(db, self._handlers.keys() - failing, self._clock())
            if not due:
                return
            failing.update(kind for kind in due if not self._deliver_one(kind))

    @contextmanager
    def running(self) -> Iterator[None]:
        """Deliver until the block ends; what is under way then is brought to its end."""
        self._is_stopped = False
        with self._round.running():
            try:
                yield
            finally:
                self._is_stopped = True

    def _deliver_one(self, kind: str) -> bool:
        """Whether the next one of this kind may be tried at once."""
        now = self._clock()
        message = self._store.apply(lambda db: outbox.claim(db, [kind], now))
        if message is None:  # another service was faster
            return False
        try:
            self._handlers[kind](message)
        except GiveUp as problem:
            said = str(problem)
            logger.warning("%s: a message was given up: %s", kind, said)
            self._store.apply(lambda db: outbox.give_up(db, message, said))
        except TryLater as problem:
            self._fail(message, str(problem), problem.not_before)
            return False
        except DatabaseError:  # nobody can note it now; it comes up again with its lease
            raise
        except Exception as problem:
            logger.exception("%s: a message could not be delivered.", kind)
            self._fail(message, f"An error in the program: {type(problem).__name__}.")
            return False
        else:
            self._store.apply(lambda db: _arrived(db, message, self._clock()))
        return True

    def _fail(self, message: Message, said: str, not_before: timedelta = timedelta()) -> None:
        logger.info("%s: a message is tried again later: %s", message.kind, said)
        now = self._clock()
        chance = self._random()
        self._store.apply(
            lambda db: outbox.failed(
                db, message, said, now=now, random=lambda: chance, not_before=not_before
            )
        )


def _arrived(db: Connection, message: Message, now: datetime) -> None:
    outbox.delivered(db, message)
    destinations.reached(db, message.kind, now)
