"""How often readers who found nothing had asked for what an article should have told them.

One sum for each article and day, of readers whose failed search or question comes nearest to that
article; the words that were asked are forgotten sooner.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache

from sqlalchemy import Connection, delete, insert, select

from feedback import articles, database, keyed, schema
from feedback.gaps import asks
from feedback.gaps.asks import Ask
from feedback.history import utc_day
from feedback.model import ArticleKey

# A text and its language; the article that comes nearest.
Nearest = Callable[[str, str], ArticleKey | None]

_misses = schema.misses


def per_day(db: Connection, key: ArticleKey, since: datetime, until: datetime) -> dict[date, int]:
    """The readers of each day who missed this article, for days that had some.

    `since` and `until` are moments; the UTC days in which they lie are counted whole.
    """
    rows = db.execute(
        select(_misses.c.day, _misses.c.readers)
        .where(
            keyed.by(_misses, key),
            _misses.c.day >= utc_day(since),
            _misses.c.day <= utc_day(until),
        )
        .order_by(_misses.c.day)
    )
    return {row.day: row.readers for row in rows}


def due(db: Connection, now: datetime) -> datetime:
    """From which moment on days are to be counted: yesterday, or the last day that was counted.

    Earlier days stay as they were counted with the articles of then.
    """
    last = db.execute(select(_misses.c.day).order_by(_misses.c.day.desc()).limit(1)).scalar()
    yesterday = utc_day(now) - timedelta(days=1)
    return datetime.combine(min(last or yesterday, yesterday), time(), UTC)


def count(asked: Iterable[Ask], nearest: Nearest) -> dict[tuple[ArticleKey, date], int]:
    """The readers of each article and day, each once."""
    near = lru_cache(maxsize=50_000)(nearest)
    found: dict[tuple[ArticleKey, date], list[Ask]] = defaultdict(list)
    for ask in asked:
        key = near(ask.text, ask.lang) if ask.text else None
        if key is not None:
            found[key, utc_day(ask.at)].append(ask)
    return {place: len(asks.weights(alike)) for place, alike in found.items()}


def store(db: Connection, since: datetime, counted: dict[tuple[ArticleKey, date], int]) -> None:
    """Put these sums in the place of those since then. Articles that no build told of are none.

    Left to another process where one is just doing it.
    """
    if not database.claim(db, schema.misses):
        return
    db.execute(delete(_misses).where(_misses.c.day >= utc_day(since)))
    known = articles.find(db, {key for key, _ in counted})
    rows = [
        {"article": key.article, "lang": key.lang, "day": day, "readers": readers}
        for (key, day), readers in counted.items()
        if key in known
    ]
    for part in keyed.batches(rows):
        db.execute(insert(_misses), part)
