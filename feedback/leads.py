"""What readers searched before they opened an article, as far as three of them said the same."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, func, select

from feedback import schema
from feedback.model import ArticleKey
from feedback.wordings import READERS

MOST = 10
LATELY = timedelta(days=90)
"""How far back searches are counted; they are kept no longer by default."""

_clicks = schema.clicks
_searches = schema.searches


@dataclass(frozen=True, slots=True)
class Lead:
    """A query by which so many readers came; one who came on two days counts twice."""

    query: str
    readers: int


@dataclass(frozen=True, slots=True)
class Leads:
    """`opened` counts the searches that led to an article, `queries` are the most usual ones."""

    opened: int
    queries: tuple[Lead, ...]


def of(db: Connection, key: ArticleKey, since: datetime) -> Leads:
    """The searches in an article's language since then; queries of fewer than three are hidden."""
    led = (
        select(_searches.c.query, _searches.c.visitor)
        .join_from(_clicks, _searches, _clicks.c.search == _searches.c.id)
        .where(
            _clicks.c.article == key.article,
            _searches.c.lang == key.lang,
            _searches.c.at >= since,
            _searches.c.weight > 0,
        )
        .subquery()
    )
    readers = func.count(led.c.visitor.distinct()).label("readers")
    asked = select(led.c.query, readers, func.count().label("searches")).group_by(led.c.query).cte()
    # One walk through the searches, of which a busy article has many, gives both.
    every = select(func.coalesce(func.sum(asked.c.searches), 0).label("opened")).subquery()
    rows = db.execute(
        select(every.c.opened, asked.c.query, asked.c.readers)
        .select_from(every.outerjoin(asked, asked.c.readers >= READERS))
        .order_by(asked.c.readers.desc(), asked.c.query)
        .limit(MOST)
    ).all()
    queries = tuple(Lead(row.query, row.readers) for row in rows if row.query is not None)
    return Leads(int(rows[0].opened), queries)
