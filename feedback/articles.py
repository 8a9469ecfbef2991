"""The articles as the last build told them: what the public sees, and in which revision."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select

from feedback import keyed, schema
from feedback.model import ArticleKey, Revision, Severity

_articles = schema.articles
_COLUMNS = (
    _articles.c.article,
    _articles.c.lang,
    _articles.c.revision,
    _articles.c.severity,
    _articles.c.owner,
    _articles.c.public,
    _articles.c.reviewed,
    _articles.c.review_every,
    _articles.c.published,
    _articles.c.gone,
)


@dataclass(frozen=True, slots=True)
class Article:
    """An article without its text. `published` is its first publication; `gone` since when.

    `review_every` is after how many days it asks to be read through again.
    """

    key: ArticleKey
    revision: Revision
    severity: Severity
    owner: str
    public: bool
    reviewed: datetime | None
    review_every: int | None
    published: datetime
    gone: datetime | None


def hold(db: Connection, key: ArticleKey) -> Article | None:
    """The article, its row locked until the transaction ends; None if it never was built.

    Whoever changes what hangs on an article holds it first, in this order, so that two who do
    so come one after the other. On SQLite writers are alone anyway.
    """
    row = db.execute(
        select(*_COLUMNS).where(keyed.by(_articles, key)).with_for_update(key_share=True)
    ).one_or_none()
    return None if row is None else _article(row)


def find(db: Connection, keys: Iterable[ArticleKey]) -> dict[ArticleKey, Article]:
    """These articles, without those that never were built."""
    found: dict[ArticleKey, Article] = {}
    for part in keyed.batches(keys):
        rows = db.execute(select(*_COLUMNS).where(keyed.among(_articles, part)))
        found |= {article.key: article for article in map(_article, rows)}
    return found


def known(db: Connection) -> dict[ArticleKey, Article]:
    """Every article that was ever built."""
    articles = (_article(row) for row in db.execute(select(*_COLUMNS)))
    return {article.key: article for article in articles}


def texts(db: Connection, keys: Iterable[ArticleKey]) -> dict[ArticleKey, str]:
    """The normalised text of each article's current revision."""
    found: dict[ArticleKey, str] = {}
    for part in keyed.batches(keys):
        rows = db.execute(
            select(_articles.c.article, _articles.c.lang, _articles.c.text).where(
                keyed.among(_articles, part)
            )
        )
        found |= {ArticleKey(row.article, row.lang): row.text for row in rows}
    return found


def _article(row: Row[*tuple[Any, ...]]) -> Article:
    return Article(
        key=ArticleKey(row.article, row.lang),
        revision=row.revision,
        severity=row.severity,
        owner=row.owner,
        public=row.public,
        reviewed=row.reviewed,
        review_every=row.review_every,
        published=row.published,
        gone=row.gone,
    )
