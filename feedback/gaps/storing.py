"""Writes what gathering found, in portions, leaving alone what people changed in between.

Many new gaps at once take seconds to write, and votes wait for the transaction that does it; so
each has a few of them. A gap is written whole or not at all, and what the end of the process cuts
off is done by the next gathering, which finds the gaps that were written again by their wordings.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Protocol, TypeVar

from sqlalchemy import Connection

from feedback import database, events, keyed, schema, sentences, words
from feedback.errors import StaleItem
from feedback.events import GapOpened
from feedback.gaps import gathering, rows
from feedback.gaps.gathering import Move, New, Plan
from feedback.gaps.rows import Taken
from feedback.items import Act
from feedback.model import GapStep

AT_ONCE = 25
"""Gaps in one transaction: a new one is about eight statements."""

T = TypeVar("T")


class Apply(Protocol):
    """Does some work in a transaction of its own, and returns its result once it is committed."""

    def __call__(self, work: Callable[[Connection], T], /) -> T: ...


def write(apply: Apply, planned: Plan, now: datetime) -> bool:
    """Write a plan; False where another process, or a person, has made a gap in the meantime.

    Then what is left of it is not written: it was planned without that gap.
    """
    known = planned.known
    for portion in portions(planned):
        after = apply(partial(store, planned=replace(portion, known=known), now=now))
        if after is None:
            return False
        known = after
    return True


def portions(planned: Plan) -> Iterator[Plan]:
    """Plans of a few gaps each that are the whole together."""
    moves = {move.gap.id: move for move in planned.moves}
    standing = sorted(planned.faces.keys() | planned.members.keys() | moves.keys())
    nothing = replace(planned, new=(), faces={}, members={}, moves=())
    for part in keyed.batches(standing, AT_ONCE):
        yield replace(
            nothing,
            faces={gap: planned.faces[gap] for gap in part if gap in planned.faces},
            members={gap: planned.members[gap] for gap in part if gap in planned.members},
            moves=tuple(moves[gap] for gap in part if gap in moves),
        )
    for new in keyed.batches(planned.new, AT_ONCE):
        yield replace(nothing, new=tuple(new))


def store(db: Connection, planned: Plan, now: datetime) -> frozenset[int] | None:
    """Write a plan in one transaction; the gaps that there are then.

    None, with nothing written, where there are others than it knows of, or another process is
    writing some.
    """
    is_alone = database.claim(db, schema.gaps)
    if not is_alone or rows.numbers(db) != planned.known:
        return None
    for gap, face in planned.faces.items():
        rows.refresh(db, gap, face)
    for gap, kept in planned.members.items():
        rows.set_members(db, gap, kept)
    for move in planned.moves:
        _make(db, move, now)
    return planned.known | {_open(db, new, now) for new in planned.new}


def _open(db: Connection, new: New, now: datetime) -> int:
    lang, face, kept = new
    days = gathering.MONTH.days
    said = words.english(sentences.ASKED_IN_VAIN, readers=face.askers, days=days)
    made = rows.add(db, lang, face, kept=kept, taken=Taken(GapStep.OPENED, Act(None, said, now)))
    opened = GapOpened(gap=made.id, lang=lang, label=face.label, askers=face.askers)
    events.emit(db, opened, now)
    return made.id


def _make(db: Connection, move: Move, now: datetime) -> None:
    taken = Taken(move.step, Act(None, move.words, now))
    values = {"state": move.state}
    try:
        rows.change(db, move.gap.id, taken, version=move.gap.version, values=values)
    except StaleItem:
        return  # a person was faster, and is right
