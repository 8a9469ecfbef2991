"""Which articles wait longest to be read through again: ranked seldom, and kept.

To rank them all takes a look at every article and at a month of its readers, for the few that a
week has reviews for. The order moves by the day; so the service keeps one, and whoever wants the
first of it only makes sure that these still wait.
"""

import heapq
import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice

from sqlalchemy import Connection, select

from feedback import database, readership, reviews, schema
from feedback.model import ArticleId, ArticleKey
from feedback.reviews import Unread

MOST = 1_000
"""Articles of which the order is kept."""
LASTS = timedelta(hours=2)
"""How long it is believed; the service makes one every hour."""
_NAME = "stale"
_LOOKED_AT = 50
_meta = schema.meta


@dataclass(frozen=True, slots=True)
class Ranking:
    """Those that wait longest first; `is_whole` if no other waits besides."""

    keys: tuple[ArticleKey, ...]
    is_whole: bool


def rank(db: Connection, now: datetime) -> Ranking:
    """Those first whose wait, in parts of what they may wait, counts most readers. Reads only."""
    unread = reviews.overdue(db, now)
    reads = readership.a_week(db, now) if unread else {}

    def wait(key: ArticleKey) -> tuple[float, ArticleKey]:
        one = unread[key]
        return -((now - one.since) / one.every * max(1.0, reads.get(key, 0.0))), key

    first = heapq.nsmallest(MOST, unread, key=wait)
    return Ranking(tuple(first), is_whole=len(first) == len(unread))


def keep(db: Connection, ranking: Ranking, now: datetime) -> None:
    """Keep a ranking of `now` for the next hours."""
    if not database.claim(db, _meta):
        return
    keys = [[key.article, key.lang] for key in ranking.keys]
    value = json.dumps({"keys": keys, "whole": ranking.is_whole}, ensure_ascii=False)
    row = {"value": value, "computed": now}
    db.execute(
        database.inserting(db, _meta)
        .values(name=_NAME, **row)
        .on_conflict_do_update(index_elements=["name"], set_=row)
    )


def first(
    db: Connection, count: int, now: datetime, *, besides: Collection[ArticleKey]
) -> Mapping[ArticleKey, Unread]:
    """So many that wait longest, in their order, without those in `besides`."""
    kept = _kept(db, now)
    if kept is not None:
        found = _still(db, kept, count, now, besides=besides)
        if len(found) == count or kept.is_whole:
            return found
    return _still(db, rank(db, now), count, now, besides=besides)


def _kept(db: Connection, now: datetime) -> Ranking | None:
    row = db.execute(
        select(_meta.c.value, _meta.c.computed).where(_meta.c.name == _NAME)
    ).one_or_none()
    if row is None or not timedelta(0) <= now - row.computed < LASTS:
        return None
    told = json.loads(row.value)
    keys = tuple(ArticleKey(ArticleId(article), lang) for article, lang in told["keys"])
    return Ranking(keys, is_whole=told["whole"])


def _still(
    db: Connection,
    ranking: Ranking,
    count: int,
    now: datetime,
    *,
    besides: Collection[ArticleKey],
) -> dict[ArticleKey, Unread]:
    return dict(islice(_waiting(db, ranking, now, besides=besides), count))


def _waiting(
    db: Connection, ranking: Ranking, now: datetime, *, besides: Collection[ArticleKey]
) -> Iterator[tuple[ArticleKey, Unread]]:
    """Those of a ranking that wait now, looked up a few at a time."""
    left = iter([key for key in ranking.keys if key not in besides])
    while part := list(islice(left, _LOOKED_AT)):
        unread = reviews.overdue(db, now, part)
        yield from ((key, unread[key]) for key in part if key in unread)
