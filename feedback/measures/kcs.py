"""The measures of Knowledge-Centered Service that can be known here, and those that cannot.

What each means, in words for people, stands with the desk; here is what is counted.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from sqlalchemy import Connection, exists, func, select

from feedback import schema
from feedback.measures import trends
from feedback.measures.periods import Period
from feedback.measures.repairs import Repairs
from feedback.measures.search_days import Sums
from feedback.measures.shares import Share
from feedback.measures.trends import Point
from feedback.model import ItemState

YEAR = timedelta(days=365)


class Name(StrEnum):
    """The measures; those from `LINK_RATE` on need to know of tickets and contacts."""

    HELPFUL = "helpful"
    SELF_SERVICE = "self-service"
    NOTHING_FOUND = "nothing-found"
    NOT_OPENED = "not-opened"
    REFINED = "refined"
    REUSED = "reused"
    REVIEWED = "reviewed"
    FLAGS_RIGHT = "flags-right"
    REPAIRS_HELPED = "repairs-helped"
    LINK_RATE = "link-rate"
    LINK_ACCURACY = "link-accuracy"
    NEW_VS_KNOWN = "new-vs-known"
    DEFLECTION = "deflection"


UNKNOWN = (Name.LINK_RATE, Name.LINK_ACCURACY, Name.NEW_VS_KNOWN, Name.DEFLECTION)
"""They divide by tickets or contacts, of which nothing is told here."""
COUNTED = frozenset({Name.REUSED, Name.REVIEWED})
"""All articles were looked at, so there is nothing to be unsure of."""


@dataclass(frozen=True, slots=True)
class Measure:
    """`share` is None where it cannot be known here."""

    name: Name
    share: Share | None

    @property
    def interval(self) -> tuple[float, float] | None:
        if self.share is None or not self.share.total or self.name in COUNTED:
            return None
        return self.share.interval


def read(
    db: Connection, period: Period, points: Iterable[Point], repairs: Repairs
) -> tuple[Measure, ...]:
    """Each measure, those that cannot be known here last."""
    points = tuple(points)
    searches = trends.total(points)
    yes, no = sum(point.yes for point in points), sum(point.no for point in points)
    shares = {
        Name.HELPFUL: Share(yes, yes + no),
        Name.SELF_SERVICE: _served(searches),
        Name.NOTHING_FOUND: Share(searches.empty, searches.searches),
        Name.NOT_OPENED: Share(searches.unopened, searches.watched),
        Name.REFINED: Share(searches.refined, searches.searches),
        Name.REUSED: _reused(db, period),
        Name.REVIEWED: _reviewed(db, period),
        Name.FLAGS_RIGHT: repairs.right,
        Name.REPAIRS_HELPED: repairs.helped,
    }
    return tuple(Measure(name, shares.get(name)) for name in Name)


def _served(searches: Sums) -> Share:
    """Of the searches of which it would be known, those that led to an article."""
    opened = searches.watched - searches.unopened
    return Share(opened, searches.watched + searches.empty)


def _reused(db: Connection, period: Period) -> Share:
    """Articles whose permalink was followed, of those on the site."""
    links, articles = schema.links, schema.articles
    used = exists().where(
        links.c.article == articles.c.article,
        links.c.lang == articles.c.lang,
        links.c.day.between(period.first, period.last),
    )
    counted = select(func.count()).where(articles.c.gone.is_(None), used)
    return Share(db.execute(counted).scalar_one(), _there(db))


def _reviewed(db: Connection, period: Period) -> Share:
    """Articles that somebody has found correct in the year up to the end of the period."""
    reviews, articles = schema.reviews, schema.articles
    found = (
        select(reviews.c.article, reviews.c.lang)
        .join_from(
            reviews,
            articles,
            (reviews.c.article == articles.c.article) & (reviews.c.lang == articles.c.lang),
        )
        .where(
            reviews.c.state == ItemState.CORRECT,
            reviews.c.at >= period.ends - YEAR,
            reviews.c.at < period.ends,
            articles.c.gone.is_(None),
        )
        .distinct()
        .subquery()
    )
    return Share(db.execute(select(func.count()).select_from(found)).scalar_one(), _there(db))


def _there(db: Connection) -> int:
    return db.execute(select(func.count()).where(schema.articles.c.gone.is_(None))).scalar_one()
