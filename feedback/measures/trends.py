"""How searches, votes and flags went through a period."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Column, Connection, case, func, select

from feedback import schema, tallies
from feedback.history import utc_day
from feedback.measures import search_days
from feedback.measures.periods import Period
from feedback.measures.search_days import Sums

_tallies = schema.tallies


@dataclass(frozen=True, slots=True)
class Point:
    """What happened in one part of the period.

    `yes` and `no` are counted votes; `flagged` how often the rule raised a flag, `reported` how
    often an agent did.
    """

    period: Period
    searches: Sums
    yes: int
    no: int
    flagged: int
    reported: int


def read(db: Connection, period: Period) -> tuple[Point, ...]:
    """A point for each part of the period, the first one first."""
    searches = search_days.read(db, period)
    yes, no = votes(db, period)
    flagged = _per_day(db, schema.flags.c.raised, period)
    reported = _per_day(db, schema.reports.c.made, period)
    return tuple(
        Point(
            period=part,
            searches=sum((sums for day, sums in searches.items() if day in part), Sums()),
            yes=_within(yes, part),
            no=_within(no, part),
            flagged=_within(flagged, part),
            reported=_within(reported, part),
        )
        for part in period.parts
    )


def votes(db: Connection, period: Period) -> tuple[Mapping[date, int], Mapping[date, int]]:
    """The counted votes of each day: yes, and no."""
    helpful = func.sum(case((_tallies.c.said == tallies.YES, _tallies.c.count), else_=0))
    rows = db.execute(
        select(_tallies.c.day, helpful.label("yes"), func.sum(_tallies.c.count).label("all"))
        .where(_tallies.c.day.between(period.first, period.last))
        .group_by(_tallies.c.day)
    ).all()
    yes = {row.day: int(row.yes) for row in rows}
    return yes, {row.day: int(row.all) - yes[row.day] for row in rows}


def _per_day(db: Connection, moment: Column[datetime], period: Period) -> Mapping[date, int]:
    rows = db.execute(select(moment).where(moment >= period.begins, moment < period.ends))
    return Counter(utc_day(at) for (at,) in rows)


def _within(counts: Mapping[date, int], part: Period) -> int:
    return sum(count for day, count in counts.items() if day in part)


def total(points: Iterable[Point]) -> Sums:
    """The searches of all of them."""
    return sum((point.searches for point in points), Sums())
