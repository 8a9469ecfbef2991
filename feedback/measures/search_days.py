"""Searches of each day as sums: they stay when the searches themselves are forgotten.

A day is summed once it is over and nothing of it can change any more; the days since are counted
from the searches.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import Connection, Date, Select, case, delete, func, insert, select

from feedback import database, schema
from feedback.history import utc_day
from feedback.measures.periods import Period

SETTLED = timedelta(hours=1)
"""So long after midnight the last click and the last refined search of a day have arrived."""
_COUNTS = ("searches", "empty", "watched", "unopened", "refined")

_days = schema.search_days
_searches = schema.searches


@dataclass(frozen=True, slots=True)
class Sums:
    """Searches of some days that count.

    `empty` found nothing. `watched` found something, and whether it was opened would have been
    told; `unopened` of them were left without. `refined` were asked again in other words.
    """

    searches: int = 0
    empty: int = 0
    watched: int = 0
    unopened: int = 0
    refined: int = 0

    def __add__(self, other: "Sums") -> "Sums":
        return Sums(*(getattr(self, name) + getattr(other, name) for name in _COUNTS))


def read(db: Connection, period: Period) -> Mapping[date, Sums]:
    """The days of a period on which somebody searched."""
    found: dict[date, Sums] = defaultdict(Sums)
    kept = select(_days.c.day, *(func.sum(_days.c[name]) for name in _COUNTS)).where(
        _days.c.day.between(period.first, period.last)
    )
    for row in db.execute(kept.group_by(_days.c.day)):
        found[row[0]] += Sums(*map(int, row[1:]))
    last = _last(db)
    begins = period.begins if last is None else max(period.begins, _midnight(last) + _DAY)
    for row in db.execute(_counted(begins, period.ends)):
        found[row.day] += Sums(*(int(getattr(row, name)) for name in _COUNTS))
    return dict(found)


def known_since(db: Connection) -> date | None:
    """The first day of which searches are known; None where nobody has searched."""
    summed = db.execute(select(func.min(_days.c.day))).scalar()
    first = db.execute(select(func.min(_searches.c.at))).scalar()
    days = [summed, utc_day(first) if first else None]
    return min((day for day in days if day), default=None)


def keep(db: Connection, now: datetime) -> int:
    """Sum the days that are over and were not summed; how many rows that made.

    Left to another process where one is just doing it.
    """
    if not database.claim(db, _days):
        return 0
    last = _last(db)
    begins = None if last is None else _midnight(last) + _DAY
    ends = _midnight(utc_day(now - SETTLED))
    rows = [dict(row._mapping) for row in db.execute(_counted(begins, ends))]  # noqa: SLF001  SQLAlchemy's own name for it
    if rows:
        db.execute(delete(_days).where(_days.c.day.in_({row["day"] for row in rows})))
        db.execute(insert(_days), rows)
    return len(rows)


_DAY = timedelta(days=1)


def _last(db: Connection) -> date | None:
    """The last day that was summed."""
    return db.execute(select(func.max(_days.c.day))).scalar()


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _counted(begins: datetime | None, ends: datetime) -> Select[*tuple[object, ...]]:
    """The sums of the searches themselves, by day and language."""
    day = func.date(_searches.c.at, type_=Date)
    found = _searches.c.hits > 0
    watched = found & _searches.c.watched
    conditions = {
        "searches": None,
        "empty": _searches.c.hits == 0,
        "watched": watched,
        "unopened": watched & ~_searches.c.clicked,
        "refined": ~_searches.c.clicked & _searches.c.refined_to.is_not(None),
    }
    sums: Iterable[object] = (
        (func.count() if each is None else func.sum(case((each, 1), else_=0))).label(name)
        for name, each in conditions.items()
    )
    counted = (
        select(day.label("day"), _searches.c.lang, *sums)
        .where(_searches.c.at < ends, _searches.c.weight > 0)
        .group_by(day, _searches.c.lang)
        .order_by(day, _searches.c.lang)
    )
    if begins is not None:
        counted = counted.where(_searches.c.at >= begins)
    return counted
