"""What new agents should learn this week: what is used most, what has changed, what is missing."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from feedback import schema
from feedback.gaps import rows
from feedback.gaps.rows import Gap
from feedback.measures.periods import Period
from feedback.model import ArticleKey

WEEK = 7
"""Days, the last of the period."""
MOST = 200
_MOST_GAPS = 5

_links = schema.links
_articles = schema.articles
_revisions = schema.revisions


@dataclass(frozen=True, slots=True)
class Changed:
    """An article whose text has changed, or that is new."""

    key: ArticleKey
    at: datetime
    is_new: bool


@dataclass(frozen=True, slots=True)
class Lessons:
    """`reused` are articles with how often their permalinks were followed, most first.

    `changed` are those with a substantive revision, the newest first; `gaps` what most readers
    asked in vain.
    """

    period: Period
    reused: tuple[tuple[ArticleKey, int], ...]
    changed: tuple[Changed, ...]
    gaps: tuple[Gap, ...]


def read(db: Connection, period: Period) -> Lessons:
    """Of the last week of a period. `reused` and `changed` are cut at `MOST`."""
    week = Period.ending(period.last, WEEK)
    return Lessons(
        period=week,
        reused=_reused(db, week),
        changed=_changed(db, week),
        gaps=tuple(rows.listed(db, rows.TO_DO, most=_MOST_GAPS)),
    )


def _reused(db: Connection, week: Period) -> tuple[tuple[ArticleKey, int], ...]:
    uses = func.sum(_links.c.uses)
    found = db.execute(
        select(_links.c.article, _links.c.lang, uses)
        .where(_links.c.day.between(week.first, week.last))
        .group_by(_links.c.article, _links.c.lang)
        .order_by(uses.desc(), _links.c.article, _links.c.lang)
        .limit(MOST)
    )
    return tuple((ArticleKey(article, lang), int(count)) for article, lang, count in found)


def _changed(db: Connection, week: Period) -> tuple[Changed, ...]:
    first = (
        select(func.min(_revisions.c.published))
        .where(_revisions.c.article == _articles.c.article, _revisions.c.lang == _articles.c.lang)
        .correlate(_articles)
        .scalar_subquery()
    )
    found = db.execute(
        select(_revisions.c.article, _revisions.c.lang, _revisions.c.published, first)
        .join_from(
            _revisions,
            _articles,
            (_revisions.c.article == _articles.c.article) & (_revisions.c.lang == _articles.c.lang),
        )
        .where(
            _revisions.c.substantive,
            _revisions.c.published >= week.begins,
            _revisions.c.published < week.ends,
            _articles.c.gone.is_(None),
        )
        .order_by(_revisions.c.published.desc(), _revisions.c.article, _revisions.c.lang)
        .limit(MOST)
    )
    newest: dict[ArticleKey, Changed] = {}
    for article, lang, at, began in found:
        key = ArticleKey(article, lang)
        newest.setdefault(key, Changed(key, at, is_new=began >= week.begins))
    return tuple(newest.values())
