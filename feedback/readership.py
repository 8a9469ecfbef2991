"""How much an article is read, as far as its readers were heard of: votes and followed permalinks.

Page views are not recorded. The readers who answer are a part of all readers that hardly differs
from article to article, and only the order of articles follows from it.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from sqlalchemy import Connection, func, select, true

from feedback import keyed, schema
from feedback.history import utc_day
from feedback.model import ArticleKey

WINDOW = timedelta(days=28)
_DAY = timedelta(days=1)


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


def among(db: Connection, keys: Iterable[ArticleKey], now: datetime) -> dict[ArticleKey, float]:
    """The same of these articles alone."""
    today = utc_day(now)
    found: Counter[ArticleKey] = Counter()
    for part in keyed.batches(keys):
        for table, many in (
            (schema.tallies, schema.tallies.c.count),
            (schema.links, schema.links.c.uses),
        ):
            rows = db.execute(
                select(table.c.article, table.c.lang, func.sum(many).label("reads"))
                .where(keyed.among(table, part), table.c.day.between(today - WINDOW + _DAY, today))
                .group_by(table.c.article, table.c.lang)
            )
            for row in rows:
                found[ArticleKey(row.article, row.lang)] += int(row.reads)
    return {key: reads * _DAY * 7 / WINDOW for key, reads in found.items()}
