"""Whether readers open what they find since an article was written for a gap."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, func, select

from feedback import schema, searches, sentences
from feedback.gaps import asks
from feedback.gaps.rows import Gap, Member
from feedback.wordings import READERS, Words
from feedback.words import english

TRIAL = timedelta(days=14)
ENOUGH = 0.6
"""Share of the readers who search for it that must open something."""
NOBODY_ASKS = timedelta(days=90)

_searches = schema.searches


@dataclass(frozen=True, slots=True)
class Served:
    """Readers who asked for a gap in the last 14 days, and how many of them opened something.

    `since` is when its article was written, and `now` the end of the 14 days.
    """

    opened: int
    asked: int
    since: datetime
    now: datetime

    @property
    def verdict(self) -> bool | None:
        """Whether the gap is closed; None while too few have asked to say."""
        if self.asked >= READERS:
            return self.opened >= ENOUGH * self.asked
        return True if self.now - self.since >= NOBODY_ASKS else None

    @property
    def words(self) -> str:
        if self.asked < READERS:
            return english(sentences.ASKED_NO_MORE, days=NOBODY_ASKS.days)
        said = english(sentences.OPENED, opened=self.opened, asked=self.asked, days=TRIAL.days)
        if self.verdict:
            return said
        return f"{said}; {english(sentences.WOULD_DO, share=round(100 * ENOUGH))}"


def served(
    db: Connection,
    written: Collection[Gap],
    members: Mapping[int, Sequence[Member]],
    how: tuple[Words, datetime],
) -> dict[int, Served]:
    """What became of the searches for each of these gaps in the last 14 days.

    Only searches count of which clicks would be told. A reader who opened something for any
    wording of the gap was served.
    """
    if not written:
        return {}
    words, now = how
    named: dict[str, list[int]] = defaultdict(list)
    for gap in written:
        for member in members.get(gap.id, ()):
            named[member.wording].append(gap.id)
    readers: dict[int, dict[str, bool]] = {gap.id: {} for gap in written}
    for lang, query, visitor, clicked in _searched(db, now - TRIAL, now):
        for number in named.get(asks.digest(query, lang, words), ()):
            readers[number][visitor] = clicked or readers[number].get(visitor, False)
    return {
        gap.id: Served(sum(readers[gap.id].values()), len(readers[gap.id]), gap.since, now)
        for gap in written
    }


def _searched(db: Connection, since: datetime, now: datetime) -> list[tuple[str, str, str, bool]]:
    clicks = func.sum(_searches.c.clicked.cast(schema.searches.c.hits.type))
    found = db.execute(
        select(_searches.c.lang, _searches.c.query, _searches.c.visitor, clicks.label("clicks"))
        .where(
            _searches.c.at > since,
            _searches.c.at <= now - searches.TIME_TO_OPEN,
            _searches.c.weight > 0,
            _searches.c.watched,
        )
        .group_by(_searches.c.lang, _searches.c.query, _searches.c.visitor)
    )
    return [(row.lang, asks.bare(row.query), row.visitor, bool(row.clicks)) for row in found]
