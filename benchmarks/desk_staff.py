"""What staff did in the year of `desk_world`: reports, items with their steps, the audit log."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Table

from benchmarks.desk_rows import DAY, YEAR, Known, Row, Size, put
from feedback import schema
from feedback.model import ItemState, Lane, Reason, Step, Verdict, Way

_ACTS = ("desk.take", "desk.note", "desk.dismiss", "desk.correct", "desk.mark", "desk.gap-assign")


def fill(db: Connection, known: Known, size: Size, now: datetime) -> None:
    """All of it."""
    _fill_reports(db, known, size, now)
    _fill_loop(db, known, size, now)
    _fill_audit(db, known, size, now)


def _fill_reports(db: Connection, known: Known, size: Size, now: datetime) -> None:
    chance = known.chance
    reports = (
        known.of(one)
        | {
            "agent": f"agent {chance.randrange(20)}",
            "reason": chance.choice(list(Reason)),
            "words": "The customer could not do the third step.",
            "ticket": f"T-{chance.randrange(9999)}",
            "made": now - chance.random() * YEAR * DAY,
        }
        for one in known.draw(size.reports)
    )
    put(db, schema.reports, reports)


def _fill_loop(db: Connection, known: Known, size: Size, now: datetime) -> None:
    """Items of the queue through the year: most are settled, a few are open or watched."""
    chance = known.chance
    tables: dict[Table, list[Row]] = {
        schema.items: [],
        schema.item_steps: [],
        schema.fixes: [],
        schema.verdicts: [],
        schema.reviews: [],
    }
    for number in range(min(size.items, len(known.places))):
        opened = now - chance.random() * YEAR * DAY
        article = number * 7 % len(known.places)
        state = chance.choices(list(ItemState), weights=[10, 12, 15, 23, 40])[0]
        lane = chance.choices([Lane.REPORTED, Lane.SUSPECTED, Lane.CLARITY], weights=[3, 5, 2])[0]
        made = _Item(number + 1, known.of(article), lane, state, opened)
        for table, rows in made.rows(chance, now):
            tables[table] += rows
    for table, rows in tables.items():
        put(db, table, rows)


def _fill_audit(db: Connection, known: Known, size: Size, now: datetime) -> None:
    chance = known.chance
    step = YEAR * DAY / max(1, size.deeds)
    deeds: Iterator[Row] = (
        {
            "at": now - (size.deeds - number) * step,
            "who": f"person {chance.randrange(40)}",
            "way": Way.SESSION,
            "token": "",
            "act": chance.choice(_ACTS),
            "subject": f"item {chance.randrange(1, size.items + 1)}",
        }
        for number in range(size.deeds)
    )
    put(db, schema.audit, deeds)


@dataclass(frozen=True, slots=True)
class _Item:
    number: int
    place: Row
    lane: Lane
    state: ItemState
    opened: datetime

    def rows(self, chance: random.Random, now: datetime) -> Iterator[tuple[Table, list[Row]]]:
        key = {name: self.place[name] for name in ("article", "lang")}
        mended = min(now, self.opened + chance.expovariate(1 / 8) * DAY)
        settled = min(now, self.opened + (8 + chance.random() * 20) * DAY)
        steps = [(Step.OPENED, "6 of 9 said no since 3 May.", self.opened)]
        is_mended = self.state in (ItemState.WATCHING, ItemState.CLOSED)
        if is_mended:
            steps.append((Step.WATCHING, "Mended by revision 0123456789ab.", mended))
            yield schema.fixes, [self._fix(chance, mended)]
        if self.state is ItemState.CLOSED:
            steps.append((Step.CLOSED, "helped, 97 % sure", settled))
            yield schema.verdicts, [self._verdict(chance, settled)]
        if self.state in (ItemState.DISMISSED, ItemState.CORRECT):
            steps.append((Step(self.state), "Tried with an order of the test shop.", settled))
            review = {"lane": self.lane, "state": self.state, "actor": "charlie", "words": "Tried."}
            yield schema.reviews, [self.place | review | {"at": settled}]
        values = {"id": self.number, "lane": self.lane, "state": self.state, "version": len(steps)}
        yield schema.items, [key | values | {"opened": self.opened}]
        yield (
            schema.item_steps,
            [
                {
                    "item": self.number,
                    "version": version,
                    "step": step,
                    "actor": None,
                    "words": words,
                    "at": at,
                }
                for version, (step, words, at) in enumerate(steps, 1)
            ],
        )

    def _fix(self, chance: random.Random, at: datetime) -> Row:
        onset = (self.opened - chance.expovariate(1 / 20) * DAY).date()
        return {
            "item": self.number,
            "version": 2,
            "revision": self.place["revision"],
            "commit": "",
            "author": "",
            "named": False,
            "onset": onset,
            "at": at,
        }

    def _verdict(self, chance: random.Random, at: datetime) -> Row:
        sides = {
            f"{side}_{name}": chance.randrange(20)
            for side in ("before", "after")
            for name in ("yes", "no", "asked", "days")
        }
        verdict = chance.choices(list(Verdict), weights=[6, 2, 1, 2])[0]
        return {"item": self.number, "fix": 2, "verdict": verdict, "better": 0.9, "at": at} | sides
