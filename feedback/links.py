"""How often an article's permalink was followed: a sum for each day, never a row for a reader."""

from datetime import date, datetime

from sqlalchemy import Connection, func, select

from feedback import articles, database, keyed, schema
from feedback.history import utc_day
from feedback.model import ArticleKey

_links = schema.links


def count(db: Connection, key: ArticleKey, via: str, now: datetime) -> None:
    """Add one use. `via` is the kind of place it came from, such as `reply`; empty if unknown.

    An article of which no build has told is not counted.
    """
    if not articles.find(db, [key]):
        return
    db.execute(
        database.inserting(db, _links)
        .values(article=key.article, lang=key.lang, day=utc_day(now), via=via, uses=1)
        .on_conflict_do_update(
            index_elements=["article", "lang", "day", "via"], set_={"uses": _links.c.uses + 1}
        )
    )


def uses(db: Connection, key: ArticleKey, since: date = date.min) -> int:
    """How often the permalink was followed since that day; ever without one."""
    total = select(func.coalesce(func.sum(_links.c.uses), 0)).where(
        keyed.by(_links, key), _links.c.day >= since
    )
    return int(db.execute(total).scalar_one())
