"""What agents took from the articles: a link, a reply, a snippet, or the solution of a case.

The ticket stands here and nowhere else: no link that a customer opens names it.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select

from feedback import articles, keyed, reports, schema
from feedback.errors import UnknownArticle
from feedback.model import ArticleKey, Revision, Use

_reuses = schema.reuses


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
