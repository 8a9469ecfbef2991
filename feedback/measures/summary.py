"""All figures of one period, beside those of as many days before it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from feedback.measures import kcs, repairs, search_days, teaching, trends, troubles
from feedback.measures.kcs import Measure, Name
from feedback.measures.periods import Period
from feedback.measures.repairs import Repairs
from feedback.measures.teaching import Lessons
from feedback.measures.trends import Point
from feedback.measures.troubles import Recurring
from feedback.model import ArticleKey


@dataclass(frozen=True, slots=True)
class Summary:
    """`searches_since` is the first day of which searches are known, None without any.

    `earlier` are the measures of the period before.
    """

    period: Period
    points: tuple[Point, ...]
    measures: tuple[Measure, ...]
    earlier: Mapping[Name, Measure]
    repairs: Repairs
    recurring: tuple[Recurring, ...]
    lessons: Lessons
    searches_since: date | None


def read(
    db: Connection, period: Period, subjects: Callable[[ArticleKey], Iterable[str]]
) -> Summary:
    """`subjects` are the tags of an article, none for one that is gone."""
    points, made = trends.read(db, period), repairs.read(db, period)
    before = period.before
    earlier = kcs.read(db, before, trends.read(db, before), repairs.read(db, before))
    return Summary(
        period=period,
        points=points,
        measures=kcs.read(db, period, points, made),
        earlier={measure.name: measure for measure in earlier},
        repairs=made,
        recurring=tuple(
            troubles.recurring(troubles.read(db, period), troubles.read(db, before), subjects)
        ),
        lessons=teaching.read(db, period),
        searches_since=search_days.known_since(db),
    )
