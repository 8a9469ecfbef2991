"""Which problems keep coming back: what readers and agents said against articles, by subject."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, Table, func, select

from feedback import schema, tallies
from feedback.measures import shares
from feedback.measures.periods import Period
from feedback.measures.shares import Change
from feedback.model import ArticleKey

_tallies = schema.tallies
_reports = schema.reports
_misses = schema.misses


@dataclass(frozen=True, slots=True)
class Trouble:
    """What was said against some articles in a period.

    `no` votes, `reported` by agents, and readers who `missed` what an article should have told.
    """

    no: int = 0
    reported: int = 0
    missed: int = 0

    @property
    def total(self) -> int:
        return self.no + self.reported + self.missed

    def __add__(self, other: "Trouble") -> "Trouble":
        return Trouble(
            self.no + other.no, self.reported + other.reported, self.missed + other.missed
        )


@dataclass(frozen=True, slots=True)
class Recurring:
    """A subject with its trouble of a period and of as many days before.

    `worst` is the article with most of it.
    """

    subject: str
    now: Trouble
    before: Trouble
    worst: ArticleKey

    @property
    def change(self) -> Change:
        return shares.changed(self.now.total, self.before.total)


def read(db: Connection, period: Period) -> Mapping[ArticleKey, Trouble]:
    """The trouble of each article that had some."""
    days = _tallies.c.day.between(period.first, period.last)
    no = _sums(db, _tallies, func.sum(_tallies.c.count), days & (_tallies.c.said != tallies.YES))
    made = (_reports.c.made >= period.begins) & (_reports.c.made < period.ends)
    reported = _sums(db, _reports, func.count(), made)
    missed_days = _misses.c.day.between(period.first, period.last)
    missed = _sums(db, _misses, func.sum(_misses.c.readers), missed_days)
    return {
        key: Trouble(no[key], reported[key], missed[key])
        for key in no.keys() | reported.keys() | missed.keys()
    }


def recurring(
    now: Mapping[ArticleKey, Trouble],
    before: Mapping[ArticleKey, Trouble],
    subjects: Callable[[ArticleKey], Iterable[str]],
) -> list[Recurring]:
    """By the subjects that articles have, those of most trouble first. Pure.

    An article of two subjects counts in both.
    """
    sums: dict[str, Trouble] = {}
    worst: dict[str, tuple[int, ArticleKey]] = {}
    for key, trouble in now.items():
        for subject in subjects(key):
            sums[subject] = sums.get(subject, Trouble()) + trouble
            worst[subject] = max(worst.get(subject, (0, key)), (trouble.total, key))
    earlier: dict[str, Trouble] = {}
    for key, trouble in before.items():
        for subject in sums.keys() & set(subjects(key)):
            earlier[subject] = earlier.get(subject, Trouble()) + trouble
    found = [
        Recurring(subject, trouble, earlier.get(subject, Trouble()), worst[subject][1])
        for subject, trouble in sums.items()
        if trouble.total
    ]
    return sorted(found, key=lambda one: (-one.now.total, one.subject))


def _sums(
    db: Connection, table: Table, many: ColumnElement[int], condition: ColumnElement[bool]
) -> Counter[ArticleKey]:
    rows = db.execute(
        select(table.c.article, table.c.lang, many).where(condition).group_by("article", "lang")
    )
    return Counter({ArticleKey(article, lang): int(count) for article, lang, count in rows})
