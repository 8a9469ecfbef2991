"""Which articles were mended after readers or agents said what was wrong, and when."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, func, select

from feedback import articles, comparison, schema
from feedback.model import ArticleKey, ItemState, Lane, PublishedArticle

_LANES = (Lane.REPORTED, Lane.SUSPECTED, Lane.CLARITY)
"""Where somebody was not content; an article that is only old was not in trouble."""
_HELD = (ItemState.WATCHING, ItemState.CLOSED)

_items = schema.items
_fixes = schema.fixes


def read(
    db: Connection, published: Iterable[PublishedArticle]
) -> dict[ArticleKey, datetime | None]:
    """When each article of a build was last mended; None for those which this very build mends.

    A repair that did not hold, so that the item is open again, is none.
    """
    build = {article.key: article for article in published}
    found: dict[ArticleKey, datetime | None] = {**_mended(db)}
    plan = comparison.compare(db, build, articles.find(db, build))
    rewritten = {article.key for article in plan.changed}
    found |= dict.fromkeys(_in_trouble(db) & rewritten)
    return {key: at for key, at in found.items() if key in build}


def _mended(db: Connection) -> dict[ArticleKey, datetime]:
    rows = db.execute(
        select(_items.c.article, _items.c.lang, func.max(_fixes.c.at).label("at"))
        .join(_fixes, _fixes.c.item == _items.c.id)
        .where(_items.c.lane.in_(_LANES), _items.c.state.in_(_HELD))
        .group_by(_items.c.article, _items.c.lang)
    )
    return {ArticleKey(row.article, row.lang): row.at for row in rows}


def _in_trouble(db: Connection) -> set[ArticleKey]:
    rows = db.execute(
        select(_items.c.article, _items.c.lang).where(
            _items.c.lane.in_(_LANES), _items.c.state == ItemState.OPEN
        )
    )
    return {ArticleKey(row.article, row.lang) for row in rows}
