"""Gaps are written a few at a time, so that votes get between."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

import pytest
from sqlalchemy import Connection

from feedback import schema
from feedback.database import Database
from feedback.gaps import actions, gathering, rows, storing
from feedback.gaps.gathering import Plan
from feedback.gaps.storing import AT_ONCE
from feedback.model import GapState, GapStep
from tests.feedback.asked import DAY, NOW, gather, judge, search, shown, words
from tests.feedback.builders import count

MANY = 2 * AT_ONCE + 3

T = TypeVar("T")


class PowerCutError(Exception):
    """The process ends here."""


@dataclass
class Interrupted:
    """Does work in transactions until the power is cut; how many gaps there were after each."""

    db: Database
    until: int = 1_000
    gaps: list[int] = field(default_factory=list)

    def __call__(self, work: Callable[[Connection], T], /) -> T:
        if len(self.gaps) == self.until:
            raise PowerCutError
        done = self.db.apply(work)
        with self.db.read() as connection:
            self.gaps.append(count(connection, schema.gaps))
        return done


def ask_many(db: Database) -> None:
    """Three readers ask so many things that have nothing to do with one another."""
    for number in range(MANY):
        for reader in ("alice", "bob", "carol"):
            search(db, f"subject{number}x", f"{reader} {number}", NOW - DAY)


def plan(db: Database) -> Plan:
    with db.read() as connection:
        return gathering.plan(connection, words, judge, NOW)


def test_many_new_gaps_are_written_a_few_at_a_time(db: Database) -> None:
    ask_many(db)
    apply = Interrupted(db)

    assert storing.write(apply, plan(db), NOW)

    assert apply.gaps == [AT_ONCE, 2 * AT_ONCE, MANY]


def test_what_a_power_cut_left_undone_is_done_by_the_next_gathering(db: Database) -> None:
    ask_many(db)
    with pytest.raises(PowerCutError):
        storing.write(Interrupted(db, until=2), plan(db), NOW)
    before = {gap.id: gap for gap in shown(db)}

    after = gather(db)

    assert {gap.id: gap for gap in after if gap.id in before} == before
    assert {gap.face.label for gap in after} == {f"subject{number}x" for number in range(MANY)}
    with db.read() as connection:
        (opened,) = rows.steps(connection, after[0].id)
    assert opened.step is GapStep.OPENED


def test_what_another_process_writes_in_between_ends_the_writing(db: Database) -> None:
    ask_many(db)
    planned = plan(db)
    first, *_ = storing.portions(planned)
    with db.write() as connection:
        assert storing.store(connection, first, NOW)

    assert not storing.write(db.apply, planned, NOW)

    assert len(shown(db)) == AT_ONCE


def test_what_is_closed_together_is_closed_in_portions_too(db: Database) -> None:
    ask_many(db)
    (first, *_) = gather(db)
    with db.write() as connection:
        actions.ignore(
            connection, first.id, actor="charlie", why="", version=first.version, now=NOW
        )
    later = NOW + 92 * DAY
    with db.read() as connection:
        planned = gathering.plan(connection, words, judge, later)
    apply = Interrupted(db)

    assert storing.write(apply, planned, later)

    with db.read() as connection:
        closed = rows.listed(connection, [GapState.CLOSED])
    assert (len(closed), len(apply.gaps)) == (MANY - 1, 3)
