"""What waits in the queue, before anybody asks why: known without judging a single article."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from sqlalchemy import Connection

from feedback import (
    articles,
    broken_links,
    evidence,
    items,
    readership,
    reviews,
    staleness,
    volumes,
)
from feedback.articles import Article
from feedback.broken_links import Links
from feedback.items import Item
from feedback.model import ArticleKey, ItemState, Lane
from feedback.reviews import Unread

_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Waiting:
    """An article in a lane. `reads` are its readers a week, as far as they were heard of.

    `unclear` are those who ever said by their vote that they did not understand.

    `since` is when it was opened; in the lane of stale articles, where `item` is None, when its
    links were found broken, or where `unread` says how long it was not read, when it was last
    found correct or else first published. `broken` are the links that lead nowhere.
    """

    article: Article
    lane: Lane
    item: Item | None
    since: datetime
    reads: float
    unread: Unread | None = None
    unclear: int = 0
    broken: Links = field(default=(), compare=False)

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
    articles holds those with broken links, the most read first, and then as many as are left of
    `reviews_per_week` after the reviews of the last seven days, those first that wait longest
    beyond what they may (`review_every`, else half a year).
    """
    live = items.live(db)
    busy = {item.key for item in live}
    left = max(0, reviews_per_week - reviews.count_since(db, now - _WEEK))
    broken = broken_links.of(db)
    since = {key: found for key, links in broken.items() if (found := _unanswered_since(links))}
    alone = since.keys() - busy
    unread = staleness.first(db, left, now, besides=busy | alone) if left else {}
    shown = articles.find(db, [*busy, *alone, *unread])
    said = volumes.read(db, busy | alone, now)
    reads = readership.among(db, {key: volume.lately for key, volume in said.items()}, now)
    waits = [
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
    linked = [
        Waiting(shown[key], Lane.STALE, None, since[key], reads.get(key, 0.0)) for key in alone
    ]
    waits += sorted(linked, key=lambda one: (-one.weight, one.since, one.key))
    waits += (
        Waiting(shown[key], Lane.STALE, None, one.since, 0.0, one) for key, one in unread.items()
    )
    return [replace(one, broken=broken[one.key]) if one.key in broken else one for one in waits]


def _unanswered_since(links: Links) -> datetime | None:
    """When the first of them broke that no review has answered; None where there is none."""
    return min((link.since for link in links if not link.answered), default=None)
