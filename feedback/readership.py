"""How much an article is read, as far as its readers were heard of: votes and followed permalinks.

Page views are not recorded. The readers who answer are a part of all readers that hardly differs
from article to article, and only the order of articles follows from it.
"""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import Connection, func, select, true

from feedback import keyed, schema
from feedback.history import utc_day
from feedback.model import ArticleKey

WINDOW = timedelta(days=28)


def a_week(db: Connection, now: datetime) -> Mapping[ArticleKey, float]:
    """Votes that counted and uses of the permalink a week, the mean of four."""
    return _a_week(db, now, None)


def of(db: Connection, key: ArticleKey, now: datetime) -> float:
    """The same of one article."""
    return _a_week(db, now, key).get(key, 0.0)


def _a_week(db: Connection, now: datetime, key: ArticleKey | None) -> Mapping[ArticleKey, float]:
    today = utc_day(now)
    found: Counter[ArticleKey] = Counter()
    for table, many in (
        (schema.tallies, schema.tallies.c.count),
        (schema.links, schema.links.c.uses),
    ):
        rows = db.execute(
            select(table.c.article, table.c.lang, func.sum(many).label("reads"))
            .where(table.c.day > today - WINDOW, table.c.day <= today)
            .where(true() if key is None else keyed.by(table, key))
            .group_by(table.c.article, table.c.lang)
        )
        for row in rows:
            found[ArticleKey(row.article, row.lang)] += int(row.reads)
    weeks = WINDOW / timedelta(days=7)
    return {key: reads / weeks for key, reads in found.items()}


def among(
    db: Connection, votes: Mapping[ArticleKey, int], now: datetime
) -> dict[ArticleKey, float]:
    """The same of these articles alone, of which the votes of the window are known."""
    today, links = utc_day(now), schema.links
    found = Counter(votes)
    for part in keyed.batches(votes):
        rows = db.execute(
            select(links.c.article, links.c.lang, func.sum(links.c.uses))
            .where(keyed.among(links, part), links.c.day > today - WINDOW, links.c.day <= today)
            .group_by(links.c.article, links.c.lang)
        )
        for article, lang, uses in rows:
            found[ArticleKey(article, lang)] += int(uses)
    weeks = WINDOW / timedelta(days=7)
    return {key: reads / weeks for key, reads in found.items()}
