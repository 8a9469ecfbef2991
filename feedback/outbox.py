"""Messages to other machines: written with what they tell of, delivered at least once.

A message is put in the same transaction as the change that it is about, so neither is there
without the other. Somebody claims it, sends it, and says what became of it; whoever dies in
between has only borrowed it. Messages of one kind and subject leave in the order in which they
were put; a dead letter no longer holds up those behind it.

Knows no network. A delivered message is deleted.
"""

import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from sqlalchemy import ColumnElement, Connection, and_, delete, exists, func, select, update

from feedback import database, schema
from feedback.errors import UnknownMessage
from feedback.prepared import Prepared

LEASE = timedelta(minutes=5)
"""For so long a claimed message belongs to who claimed it; a delivery must end before."""
BACK_OFF = (
    timedelta(seconds=30),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=8),
    timedelta(hours=24),
)
JITTER = 0.1
"""Each pause is up to so much shorter or longer, so that what failed together is not tried so."""
KEPT = timedelta(days=90)
"""Old news helps nobody, and a receiver that is never mended must not fill the disk."""
_ERROR_LENGTH = 500
_NUMBER_LIMIT = 2**31

_outbox = schema.outbox


@dataclass(frozen=True, slots=True)
class Message:
    """A message as it is claimed. `id` is the same at each attempt; `attempt` counts from 1.

    `payload` is what `put` was given.
    """

    number: int
    id: str
    kind: str
    subject: str
    payload: str
    written: datetime
    attempt: int


@dataclass(frozen=True, slots=True)
class Undelivered:
    """A message that waits. `due` is None for a dead letter, which nobody tries any more."""

    number: int
    id: str
    kind: str
    subject: str
    written: datetime
    due: datetime | None
    attempts: int
    error: str


def put(
    db: Connection, kind: str, subject: str, payload: str, *, now: datetime, same_as: str = ""
) -> None:
    """Let a message be delivered, once this transaction is committed.

    `kind` names who delivers it, `subject` what it is about, such as an article. It has an id of
    its own unless it hands on another message, `same_as` whose id; put again, it is not doubled.
    Keep secrets and readers' words out of `payload`: name the row, and read it when you deliver.
    """
    _putting(db.dialect.name).run(
        db,
        {
            "id": same_as or f"msg_{secrets.token_hex(16)}",
            "kind": kind,
            "subject": subject,
            "payload": payload,
            "written": now,
            "due": now,
            "attempts": 0,
            "error": "",
        },
    )


def due(db: Connection, kinds: Iterable[str], now: datetime) -> list[str]:
    """Of which of these kinds something can be delivered now."""
    return list(
        db.execute(
            select(_outbox.c.kind).where(_is_due(kinds, now)).distinct().order_by(_outbox.c.kind)
        ).scalars()
    )


def claim(db: Connection, kinds: Iterable[str], now: datetime) -> Message | None:
    """The message of these kinds that has been due for longest, for the caller alone to deliver.

    It is tried again by somebody else if the caller says nothing about it within `LEASE`. Safe
    with several services: each claims another message.
    """
    first = (
        select(_outbox.c.number)
        .where(_is_due(kinds, now))
        .order_by(_outbox.c.due, _outbox.c.number)
        .limit(1)
        .with_for_update(skip_locked=True)
        .scalar_subquery()
    )
    row = db.execute(
        update(_outbox)
        .where(_outbox.c.number == first)
        .values(due=now + LEASE, attempts=_outbox.c.attempts + 1)
        .returning(
            _outbox.c.number,
            _outbox.c.id,
            _outbox.c.kind,
            _outbox.c.subject,
            _outbox.c.payload,
            _outbox.c.written,
            _outbox.c.attempts,
        )
    ).one_or_none()
    return None if row is None else Message(*row)


def delivered(db: Connection, message: Message) -> None:
    """It has arrived."""
    db.execute(delete(_outbox).where(_outbox.c.number == message.number))


def failed(
    db: Connection,
    message: Message,
    error: str,
    *,
    now: datetime,
    random: Callable[[], float],
    not_before: timedelta = timedelta(),
) -> None:
    """It has not arrived: try again after a pause, or call it a dead letter after the last one.

    The pauses are those of `BACK_OFF`, or `not_before` where the receiver has asked for more.
    `random` gives numbers from 0 to 1. A message that was claimed anew since is left alone.
    """
    due = None
    if message.attempt <= len(BACK_OFF):
        pause = BACK_OFF[message.attempt - 1] * (1 + JITTER * (2 * random() - 1))
        due = now + max(pause, not_before)
    _mark(db, message, due, error)


def give_up(db: Connection, message: Message, error: str) -> None:
    """It cannot arrive, however often it is tried: call it a dead letter at once."""
    _mark(db, message, None, error)


def waiting(db: Connection) -> list[Undelivered]:
    """What is still tried, the oldest first."""
    return _undelivered(db, _outbox.c.due.is_not(None))


def dead(db: Connection) -> list[Undelivered]:
    """What was given up, the oldest first."""
    return _undelivered(db, _outbox.c.due.is_(None))


def counts(db: Connection) -> dict[str, int]:
    """How many messages of each kind wait; dead letters do not."""
    rows = db.execute(
        select(_outbox.c.kind, func.count())
        .where(_outbox.c.due.is_not(None))
        .group_by(_outbox.c.kind)
        .order_by(_outbox.c.kind)
    )
    return {kind: count for kind, count in rows}  # noqa: C416 -- a Row is no pair to mypy


def retry(db: Connection, number: int, now: datetime) -> None:
    """Try a message now, and as often as if it were new. Raises UnknownMessage."""
    _check(number)
    changed = db.execute(
        update(_outbox).where(_outbox.c.number == number).values(due=now, attempts=0)
    )
    if not changed.rowcount:
        raise UnknownMessage(number)


def discard(db: Connection, number: int) -> None:
    """Never deliver a message. Raises UnknownMessage."""
    _check(number)
    if not db.execute(delete(_outbox).where(_outbox.c.number == number)).rowcount:
        raise UnknownMessage(number)


def sweep(db: Connection, now: datetime) -> int:
    """Forget what nobody has taken for `KEPT`, given up or not; returns how many those were."""
    old = delete(_outbox).where(_outbox.c.written < now - KEPT)
    return db.execute(old).rowcount


@cache
def _putting(dialect: str) -> Prepared:
    """Each remark of a reader puts a message: this is translated once."""
    putting = database.inserting_into(dialect, _outbox)
    names = ["id", "kind", "subject", "payload", "written", "due", "attempts", "error"]
    return Prepared(putting.on_conflict_do_nothing(index_elements=["id", "kind"]), names)


def _check(number: int) -> None:
    """Raises UnknownMessage for a number that no database could give."""
    if not 0 < number < _NUMBER_LIMIT:
        raise UnknownMessage(number)


def _mark(db: Connection, message: Message, due: datetime | None, error: str) -> None:
    db.execute(
        update(_outbox)
        .where(_outbox.c.number == message.number, _outbox.c.attempts == message.attempt)
        .values(due=due, error=error.replace("\0", "")[:_ERROR_LENGTH])
    )


def _is_due(kinds: Iterable[str], now: datetime) -> ColumnElement[bool]:
    """Nothing is due while an earlier message about the same is still tried."""
    earlier = _outbox.alias("earlier")
    held_up = exists().where(
        earlier.c.kind == _outbox.c.kind,
        earlier.c.subject == _outbox.c.subject,
        earlier.c.number < _outbox.c.number,
        earlier.c.due.is_not(None),
    )
    return and_(_outbox.c.kind.in_(list(kinds)), _outbox.c.due <= now, ~held_up)


def _undelivered(db: Connection, condition: ColumnElement[bool]) -> list[Undelivered]:
    rows = db.execute(
        select(
            _outbox.c.number,
            _outbox.c.id,
            _outbox.c.kind,
            _outbox.c.subject,
            _outbox.c.written,
            _outbox.c.due,
            _outbox.c.attempts,
            _outbox.c.error,
        )
        .where(condition)
        .order_by(_outbox.c.number)
    )
    return [Undelivered(*row) for row in rows]
