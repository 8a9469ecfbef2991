"""How far the loop has come with what a reader said: the answer that their private page gives."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Connection, ScalarSelect, func, literal, select

from feedback import articles, items, schema
from feedback.columns import Utc
from feedback.model import ArticleKey, ItemState, Lane
from feedback.receipts import Receipt
from feedback.remarks import Place

_reviews = schema.reviews
_revisions = schema.revisions


class Stage(StrEnum):
    """Where it stands; of two that are true, the one that tells a reader more."""

    RECEIVED = "received"
    QUEUED = "queued"
    IN_HAND = "in-hand"
    CHANGED = "changed"
    CORRECT = "correct"
    LEFT = "left"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Standing:
    """A stage, and when it was reached if that is to be said."""

    stage: Stage
    at: datetime | None = None


def of(db: Connection, receipt: Receipt) -> Standing:
    """What has become of a reader's word.

    An article that was substantively edited after the revision they read has answered, whatever
    else was done. A review answers unless the article was put into the queue again since. What is
    merely old has nothing to do with this reader.
    """
    key = receipt.place.key
    article = articles.find(db, [key]).get(key)
    if article is None or article.gone or not article.public:
        return Standing(Stage.GONE)
    changed = edited(db, receipt.place, receipt.made)
    if changed is not None:
        return Standing(Stage.CHANGED, changed)
    reviewed = _review(db, key, receipt.made)
    waiting = [
        item
        for item in items.live(db, [key])
        if item.state is ItemState.OPEN and item.lane is not Lane.STALE
    ]
    if reviewed.at is not None:
        waiting = [item for item in waiting if item.opened > reviewed.at]
    if waiting:
        in_hand = any(item.assignee for item in waiting)
        return Standing(Stage.IN_HAND if in_hand else Stage.QUEUED)
    return reviewed


def edited(db: Connection, place: Place, made: datetime) -> datetime | None:
    """When the first substantive revision came after the one that the reader had before them."""
    article, lang = literal(place.key.article), literal(place.key.lang)
    edit = first_edit(article, lang, literal(place.revision), literal(made, Utc))
    return db.execute(select(edit)).scalar_one()


def first_edit(
    article: ColumnElement[Any],
    lang: ColumnElement[Any],
    revision: ColumnElement[Any],
    made: ColumnElement[Any],
) -> ScalarSelect[datetime]:
    """The same in SQL, for a word that was said at `made` on `revision`; NULL without an edit.

    A text may come back after it was replaced: the reader had its last time before them.
    """
    same = (_revisions.c.article == article, _revisions.c.lang == lang)
    again = _revisions.alias("again")
    read = (
        select(func.max(again.c.id))
        .where(
            again.c.article == article,
            again.c.lang == lang,
            again.c.revision == revision,
            again.c.published <= made,
        )
        .scalar_subquery()
    )
    return (
        select(func.min(_revisions.c.published))
        .where(*same, _revisions.c.substantive, _revisions.c.id > read)
        .scalar_subquery()
    )


def _review(db: Connection, key: ArticleKey, since: datetime) -> Standing:
    """The last review after that moment; without one, what was said is received, no more."""
    row = db.execute(
        select(_reviews.c.state, _reviews.c.at)
        .where(
            _reviews.c.article == key.article, _reviews.c.lang == key.lang, _reviews.c.at > since
        )
        .order_by(_reviews.c.at.desc(), _reviews.c.id.desc())
        .limit(1)
    ).one_or_none()
    if row is None:
        return Standing(Stage.RECEIVED)
    return Standing(Stage.CORRECT if row.state is ItemState.CORRECT else Stage.LEFT, row.at)
