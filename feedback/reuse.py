"""What agents took from the articles: a link, a reply, a snippet, or the solution of a case.

The ticket stands here and nowhere else: no link that a customer opens names it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, func, insert, select

from feedback import articles, keyed, reports, schema
from feedback.errors import UnknownArticle
from feedback.model import ArticleId, ArticleKey, Revision, Use

_reuses = schema.reuses

LATELY = timedelta(days=28)
_LOOKED_AT = 2_000
"""Of a busy team the last so many uses tell enough, and are counted in no time."""


@dataclass(frozen=True, slots=True)
class Reuse:
    """An agent's use of an article. `ticket` may be empty."""

    key: ArticleKey
    agent: str
    use: Use
    ticket: str = ""


@dataclass(frozen=True, slots=True)
class Kept:
    """A use as it is kept, with the revision that was used."""

    said: Reuse
    revision: Revision
    at: datetime


def record(db: Connection, said: Reuse, now: datetime) -> None:
    """Keep it. Raises UnknownArticle (internal articles are known here) and TicketMalformed."""
    reports.check(said.ticket)
    article = articles.find(db, [said.key]).get(said.key)
    if article is None or article.gone is not None:
        raise UnknownArticle(said.key)
    db.execute(
        insert(_reuses).values(
            article=said.key.article,
            lang=said.key.lang,
            revision=article.revision,
            agent=said.agent,
            use=said.use,
            ticket=said.ticket,
            at=now,
        )
    )


def most_sent(db: Connection, now: datetime, most: int) -> list[ArticleKey]:
    """The articles that agents used most often in the last 28 days, most first."""
    last = select(_reuses.c.article, _reuses.c.lang, _reuses.c.at)
    lately = last.order_by(_reuses.c.id.desc()).limit(_LOOKED_AT).subquery()
    rows = db.execute(
        select(lately.c.article, lately.c.lang)
        .where(lately.c.at >= now - LATELY)
        .group_by(lately.c.article, lately.c.lang)
        .order_by(func.count().desc(), lately.c.article, lately.c.lang)
        .limit(most)
    )
    return [ArticleKey(ArticleId(row.article), row.lang) for row in rows]


def of(db: Connection, key: ArticleKey) -> list[Kept]:
    """All uses of an article in a language, in their order."""
    rows = db.execute(
        select(
            _reuses.c.agent, _reuses.c.use, _reuses.c.ticket, _reuses.c.revision, _reuses.c.at
        )
        .where(keyed.by(_reuses, key))
        .order_by(_reuses.c.id)
    )  # fmt: skip
    return [
        Kept(Reuse(key, row.agent, row.use, row.ticket), Revision(row.revision), row.at)
        for row in rows
    ]
