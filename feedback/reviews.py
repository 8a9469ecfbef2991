"""Reviews: a person has read an article and found it correct, or a suspicion unfounded.

A review sets the evidence to 0 and lets the votes so far become what is usual for the article.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, func, insert, select

from feedback import flags, items, keyed, schema, sentences, words
from feedback.flags import Cleared
from feedback.history import utc_day
from feedback.items import Act, Item, Taken
from feedback.model import ArticleKey, ItemState, Lane, PublishedArticle, Revision, Step

SUSPICIONS = frozenset({Lane.REPORTED, Lane.SUSPECTED})
STALE_AFTER = timedelta(days=180)
"""How long an article may wait that does not say so itself (`review_every`)."""
_articles = schema.articles
_reviews = schema.reviews


@dataclass(frozen=True, slots=True)
class Review:
    """What a person found. `state` is CORRECT or DISMISSED, `lane` the lane they answered.

    A review that an article carries itself has no lane: it answers all of them.
    """

    key: ArticleKey
    revision: Revision
    lane: Lane | None
    state: ItemState
    act: Act

    @property
    def answers(self) -> frozenset[Lane]:
        """The lanes that this settles: whether a text is correct says nothing about its clarity."""
        if self.lane is None:
            return SUSPICIONS | {Lane.CLARITY}
        return frozenset({Lane.CLARITY}) if self.lane is Lane.CLARITY else SUSPICIONS

    @property
    def step(self) -> Step:
        return Step.CORRECT if self.state is ItemState.CORRECT else Step.DISMISSED


def record(db: Connection, review: Review) -> list[Item]:
    """Keep a review, clear the flag and settle the article's other open items that it answers.

    The caller holds the article.
    """
    _insert(db, [review])
    if review.answers & SUSPICIONS:
        flags.clear(db, [review.key], Cleared.REVIEWED, review.act.at)
    answered = [
        item
        for item in items.live(db, [review.key])
        if item.lane in review.answers and item.state is ItemState.OPEN
    ]
    return items.move(db, answered, Taken(review.step, review.act), state=review.state)


def adopt(
    db: Connection,
    reviewed: Iterable[PublishedArticle],
    *,
    edited: frozenset[ArticleKey],
    now: datetime,
) -> list[Item]:
    """Keep the reviews that articles carry, and settle what was open on their day.

    A flag or an item of a later day stands: the review cannot have seen it. Items of the
    `edited` articles are answered by their new revision already.
    """
    carried = {article.key: _carried(article, now) for article in reviewed}
    _insert(db, carried.values())
    seen = [
        key
        for key, raised in flags.standing(db, carried).items()
        if utc_day(raised) <= utc_day(carried[key].act.at)
    ]
    flags.clear(db, seen, Cleared.REVIEWED, now)
    settled: list[Item] = []
    for item in items.live(db, carried.keys() - edited):
        review = carried[item.key]
        open_then = item.state is ItemState.OPEN and utc_day(item.opened) <= utc_day(review.act.at)
        if open_then and item.lane in review.answers:
            act = Act(None, review.act.words, now)
            settled += items.move(db, [item], Taken(review.step, act), state=review.state)
    return settled


@dataclass(frozen=True, slots=True)
class Unread:
    """An article that is due: when somebody last found it correct, or else it was first published.

    `every` is how often that should happen; `is_asked_for` by the article itself.
    """

    since: datetime
    every: timedelta
    is_asked_for: bool


def of(db: Connection, key: ArticleKey) -> list[Review]:
    """The reviews of an article, the newest first."""
    rows = db.execute(
        select(
            _reviews.c.revision,
            _reviews.c.lane,
            _reviews.c.state,
            _reviews.c.actor,
            _reviews.c.words,
            _reviews.c.at,
        )
        .where(keyed.by(_reviews, key))
        .order_by(_reviews.c.at.desc(), _reviews.c.id.desc())
    )
    return [
        Review(key, row.revision, row.lane, row.state, Act(row.actor, row.words, row.at))
        for row in rows
    ]


def overdue(
    db: Connection, now: datetime, keys: Iterable[ArticleKey] | None = None
) -> dict[ArticleKey, Unread]:
    """The articles of the site that nobody has found correct for longer than they may wait.

    Of these articles; of all without `keys`.
    """
    last = (
        select(_reviews.c.article, _reviews.c.lang, func.max(_reviews.c.at).label("at"))
        .where(_reviews.c.state == ItemState.CORRECT)
        .group_by(_reviews.c.article, _reviews.c.lang)
        .subquery()
    )
    of_article = (last.c.article == _articles.c.article) & (last.c.lang == _articles.c.lang)
    read = func.coalesce(last.c.at, _articles.c.published)
    asked = _articles.c.review_every
    due = (
        select(_articles.c.article, _articles.c.lang, read.label("read"), asked)
        .select_from(_articles.outerjoin(last, of_article))
        .where(_articles.c.gone.is_(None), asked.is_not(None) | (read < now - STALE_AFTER))
    )
    parts = [due]
    if keys is not None:
        parts = [due.where(keyed.among(_articles, part)) for part in keyed.batches(keys)]
    rows = (row for part in parts for row in db.execute(part))
    waiting = {
        ArticleKey(row.article, row.lang): Unread(
            row.read,
            timedelta(days=row.review_every) if row.review_every else STALE_AFTER,
            is_asked_for=row.review_every is not None,
        )
        for row in rows
    }
    return {key: one for key, one in waiting.items() if one.since < now - one.every}


def count_since(db: Connection, since: datetime) -> int:
    """How many articles were reviewed, with whatever result."""
    return db.execute(
        select(func.count()).select_from(_reviews).where(_reviews.c.at > since)
    ).scalar_one()


def _carried(article: PublishedArticle, now: datetime) -> Review:
    """The review in an article's front matter; one dated in the future was done today."""
    day = min(article.reviewed or now, now)
    form = sentences.CARRIED_WITH if article.evidence else sentences.CARRIED
    said = words.english(form, day=f"{day:%Y-%m-%d}", evidence=article.evidence)
    return Review(article.key, article.revision, None, ItemState.CORRECT, Act(None, said, day))


def _insert(db: Connection, reviews: Iterable[Review]) -> None:
    rows = [
        {
            "article": review.key.article,
            "lang": review.key.lang,
            "revision": review.revision,
            "lane": review.lane,
            "state": review.state,
            "actor": review.act.actor,
            "words": review.act.words,
            "at": review.act.at,
        }
        for review in reviews
    ]
    if rows:
        db.execute(insert(_reviews), rows)
