"""Which articles readers came to and were helped by of late, for the lists of a home page.

Page views are not recorded, and followed permalinks do not count here: nothing stops anybody from
following one a thousand times.
"""

from collections import Counter
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import Connection, func, select

from feedback import schema, tallies
from feedback.history import utc_day
from feedback.model import ArticleKey

WINDOW = timedelta(days=30)

FEWEST = 3
"""Readers of whom something is told: what one person did is nobody's business, and no trend."""

_tallies = schema.tallies
_searches = schema.searches
_clicks = schema.clicks


def read(db: Connection) -> dict[ArticleKey, int]:
    """How many readers opened an article from a search or said that it helped, in `WINDOW`.

    Only what counts elsewhere counts here: of weight above 0, and one reader's clicks of a day
    once. Articles of fewer than `FEWEST` are left out. The window ends with the last day of which
    anything is known, so that the answer depends on the rows alone, not on the hour.
    """
    last = _last_day(db)
    if last is None:
        return {}
    since = last - WINDOW
    found = Counter(_helped(db, since))
    found.update(_opened(db, since))
    return {key: readers for key, readers in found.items() if readers >= FEWEST}


def _last_day(db: Connection) -> date | None:
    voted = db.execute(select(func.max(_tallies.c.day)).where(_tallies.c.count > 0)).scalar()
    searched = db.execute(select(func.max(_searches.c.at)).where(_searches.c.weight > 0)).scalar()
    days = [voted, utc_day(searched) if searched else None]
    return max((day for day in days if day), default=None)


def _helped(db: Connection, since: date) -> dict[ArticleKey, int]:
    rows = db.execute(
        select(_tallies.c.article, _tallies.c.lang, func.sum(_tallies.c.count).label("readers"))
        .where(_tallies.c.day > since, _tallies.c.said == tallies.YES)
        .group_by(_tallies.c.article, _tallies.c.lang)
    )
    return {ArticleKey(row.article, row.lang): int(row.readers) for row in rows}


def _opened(db: Connection, since: date) -> dict[ArticleKey, int]:
    """Readers have another name each day, so the distinct ones are those of a day."""
    begin = datetime.combine(since + timedelta(days=1), time(), tzinfo=UTC)
    readers = func.count(_searches.c.visitor.distinct()).label("readers")
    rows = db.execute(
        select(_clicks.c.article, _searches.c.lang, readers)
        .join(_searches, _searches.c.id == _clicks.c.search)
        .where(_searches.c.at >= begin, _searches.c.weight > 0)
        .group_by(_clicks.c.article, _searches.c.lang)
    )
    return {ArticleKey(row.article, row.lang): row.readers for row in rows}
