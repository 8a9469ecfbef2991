"""The links to other sites that were found broken when somebody last asked those sites.

Each belongs to the text in which it was found. An article that has another text by now has none,
until its links are asked about again.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, exists, insert, select

from feedback import articles, database, keyed, schema
from feedback.model import ArticleKey, Lane, Revision

_articles = schema.articles
_links = schema.broken_links
_reviews = schema.reviews


@dataclass(frozen=True, slots=True)
class Found:
    """A link in a `line` of the text that has this revision; `said` is what was answered."""

    key: ArticleKey
    revision: Revision
    line: int
    url: str
    said: str


@dataclass(frozen=True, slots=True)
class BrokenLink:
    """The same as it is kept: broken `since` then, `asked` about last then.

    It is `answered` when the article was reviewed since.
    """

    line: int
    url: str
    said: str
    since: datetime
    asked: datetime
    answered: bool


Links = tuple[BrokenLink, ...]


def keep(db: Connection, found: Iterable[Found], now: datetime) -> None:
    """Keep these in the place of all that were found before; of articles that were ever built."""
    database.lock(db, _links)
    before = {
        (ArticleKey(row.article, row.lang), row.url): row.since
        for row in db.execute(select(_links.c.article, _links.c.lang, _links.c.url, _links.c.since))
    }
    found = list(found)
    known = articles.find(db, {one.key for one in found})
    db.execute(delete(_links))
    rows = [
        {
            "article": one.key.article,
            "lang": one.key.lang,
            "revision": one.revision,
            "line": one.line,
            "url": one.url,
            "said": one.said,
            "since": before.get((one.key, one.url), now),
            "asked": now,
        }
        for one in found
        if one.key in known
    ]
    if rows:
        db.execute(insert(_links), rows)


def answers(db: Connection) -> dict[str, str]:
    """What was answered at each address that was found broken."""
    return {row.url: row.said for row in db.execute(select(_links.c.url, _links.c.said))}


def of(db: Connection, keys: Iterable[ArticleKey] | None = None) -> dict[ArticleKey, Links]:
    """Those in the texts of now of these articles, of all without `keys`; in the order of lines."""
    if keys is None:
        return _by_article(db.execute(_OF_NOW))
    parts = (_OF_NOW.where(keyed.among(_links, part)) for part in keyed.batches(keys))
    return _by_article(row for part in parts for row in db.execute(part))


_ANSWERED = exists().where(
    _reviews.c.article == _links.c.article,
    _reviews.c.lang == _links.c.lang,
    _reviews.c.at >= _links.c.since,
    _reviews.c.lane.is_distinct_from(Lane.CLARITY),
)
_OF_NOW = (
    select(
        _links.c.article,
        _links.c.lang,
        _links.c.line,
        _links.c.url,
        _links.c.said,
        _links.c.since,
        _links.c.asked,
        _ANSWERED.label("answered"),
    )
    .join(
        _articles,
        (_articles.c.article == _links.c.article)
        & (_articles.c.lang == _links.c.lang)
        & (_articles.c.revision == _links.c.revision),
    )
    .where(_articles.c.gone.is_(None))
    .order_by(_links.c.id)
)


def _by_article(rows: Iterable[Row[*tuple[Any, ...]]]) -> dict[ArticleKey, Links]:
    found: dict[ArticleKey, list[BrokenLink]] = defaultdict(list)
    for row in rows:
        link = BrokenLink(row.line, row.url, row.said, row.since, row.asked, bool(row.answered))
        found[ArticleKey(row.article, row.lang)].append(link)
    return {key: tuple(links) for key, links in found.items()}
