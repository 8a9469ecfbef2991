"""What waits in the queue, before anybody asks why: known without judging a single article."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Connection

from feedback import articles, evidence, items, readership, reviews, staleness, volumes
from feedback.articles import Article
from feedback.items import Item
from feedback.model import ArticleKey, ItemState, Lane
from feedback.reviews import Unread

_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Waiting:
    """An article in a lane. `reads` are its readers a week, as far as they were heard of.

    `unclear` are those who ever said by their vote that they did not understand.

    `since` is when it was opened; in the lane of stale articles, where `item` is None and `unread`
    says how long it was not read, when it was last found correct or else first published.
    """

    article: Article
    lane: Lane
    item: Item | None
    since: datetime
    reads: float
    unread: Unread | None = None
    unclear: int = 0

    @property
    def key(self) -> ArticleKey:
        return self.article.key

    @property
    def is_watching(self) -> bool:
        return self.item is not None and self.item.state is ItemState.WATCHING

    def sleeps(self, today: date) -> bool:
        """Whether somebody has put it off."""
        return self.item is not None and self.item.sleeps(today)

    @property
    def weight(self) -> float:
        """Its urgency, were it sure that the article fails its readers."""
        return evidence.urgency(1.0, self.article.severity, self.reads)


def read(db: Connection, now: datetime, *, reviews_per_week: int) -> list[Waiting]:
    """All that waits, in no order but that of the stale ones, which come last.

    Articles that are gone from the site are left out: there is nothing to mend. The lane of stale
    articles holds as many as are left of `reviews_per_week` after the reviews of the last seven
    days, those first that wait longest beyond what they may (`review_every`, else half a year).
    """
    live = items.live(db)
    busy = {item.key for item in live}
    left = max(0, reviews_per_week - reviews.count_since(db, now - _WEEK))
    unread = staleness.first(db, left, now, besides=busy) if left else {}
    shown = articles.find(db, [*busy, *unread])
    said = volumes.read(db, busy, now)
    reads = readership.among(db, {key: volume.lately for key, volume in said.items()}, now)
    queued = [
        Waiting(
            article=shown[item.key],
            lane=item.lane,
            item=item,
            since=item.opened,
            reads=reads[item.key],
            unclear=said[item.key].unclear,
        )
        for item in live
        if shown[item.key].gone is None
    ]
    return queued + [
        Waiting(shown[key], Lane.STALE, None, one.since, 0.0, one) for key, one in unread.items()
    ]
