"""Flags: raised when the evidence against an article passes the threshold, cleared when it fades.

Everything is recomputed from rows, so judging an article twice changes nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection, insert, select, union, update

from feedback import (
    articles,
    database,
    eventlog,
    evidence,
    history,
    items,
    keyed,
    schema,
    words,
    yardsticks,
)
from feedback.errors import UnknownArticle
from feedback.eventlog import Log
from feedback.evidence import Assessment, Yardstick
from feedback.items import Act, Item, Taken
from feedback.model import ArticleKey, ItemState, Lane, Reason, Step

CLARITY_VOTES = 3
CLARITY_DAYS = 2
"""So many readers on so many days who did not understand open an item: one reader's bad day or
one class of twenty pupils does not."""

_flags = schema.flags


class Cleared(StrEnum):
    """What took a flag down."""

    EDITED = "edited"
    REVIEWED = "reviewed"
    FADED = "faded"


@dataclass(frozen=True, slots=True)
class Judged:
    """An article as it was judged, and what that did to its flag."""

    key: ArticleKey
    assessment: Assessment
    raised: bool = False
    cleared: bool = False


def reassess(db: Connection, key: ArticleKey, now: datetime, *, false_flags: float = 2.0) -> Judged:
    """Judge one article and raise or clear its flag; call it after each vote and report.

    Raises UnknownArticle. `false_flags` is the budget of false flags a month.
    """
    if articles.hold(db, key) is None:
        raise UnknownArticle(key)
    yardstick = yardsticks.keep(db, now, false_flags=false_flags)
    log = eventlog.read(db, [key])[key]
    return _judge(db, key, log, _Terms(yardstick, now, frozenset(standing(db, [key]))))


def reassess_all(db: Connection, now: datetime, *, false_flags: float = 2.0) -> list[Judged]:
    """Judge every article of which anybody said anything; call it hourly.

    Returns those whose flag changed.
    """
    database.lock(db, schema.articles)
    yardstick = yardsticks.keep(db, now, false_flags=false_flags)
    changed = []
    for part in keyed.batches(_spoken_of(db)):
        terms = _Terms(yardstick, now, frozenset(standing(db, part)))
        for key, log in eventlog.read(db, part).items():
            judged = _judge(db, key, log, terms)
            if judged.raised or judged.cleared:
                changed.append(judged)
    return changed


def standing(
    db: Connection, keys: Iterable[ArticleKey] | None = None
) -> dict[ArticleKey, datetime]:
    """Which of these articles are flagged, and since when; of all articles without `keys`."""
    query = select(_flags.c.article, _flags.c.lang, _flags.c.raised).where(
        _flags.c.cleared.is_(None)
    )
    if keys is None:
        queries = [query]
    else:
        queries = [query.where(keyed.among(_flags, part)) for part in keyed.batches(keys)]
    rows = (row for each in queries for row in db.execute(each))
    return {ArticleKey(row.article, row.lang): row.raised for row in rows}


def clear(db: Connection, keys: Iterable[ArticleKey], by: Cleared, now: datetime) -> None:
    """Take down the flags of these articles: an edit or a review has set the evidence to 0."""
    for part in keyed.batches(keys):
        db.execute(
            update(_flags)
            .where(keyed.among(_flags, part), _flags.c.cleared.is_(None))
            .values(cleared=now, cleared_evidence=0.0, cleared_by=by)
        )


@dataclass(frozen=True, slots=True)
class _Terms:
    """What the articles of one run are judged by; `flagged` are those with a standing flag."""

    yardstick: Yardstick
    now: datetime
    flagged: frozenset[ArticleKey]


def _judge(db: Connection, key: ArticleKey, log: Log, terms: _Terms) -> Judged:
    was_flagged = key in terms.flagged
    assessment = evidence.assess(
        log.history, terms.yardstick, now=terms.now, was_flagged=was_flagged
    )
    raised = assessment.flagged and not was_flagged
    cleared = was_flagged and not assessment.flagged
    if raised:
        _raise(db, key, assessment, terms.now)
    if cleared:
        _fade(db, key, assessment, terms.now)
    if unclear := _did_not_understand(log):
        said = f"{unclear} readers found it hard to understand."
        items.enqueue(db, key, Lane.CLARITY, Act(None, said, terms.now))
    return Judged(key, assessment, raised=raised, cleared=cleared)


def _raise(db: Connection, key: ArticleKey, found: Assessment, now: datetime) -> None:
    """Record the episode and open an item, unless an agent's report has the article open."""
    db.execute(
        insert(_flags).values(
            article=key.article,
            lang=key.lang,
            raised=now,
            raised_evidence=found.evidence,
            raised_threshold=found.threshold,
        )
    )
    if not _open(db, key, Lane.REPORTED):
        said = f"{words.describe(found)}."
        items.enqueue(db, key, Lane.SUSPECTED, Act(None, said, now))


def _fade(db: Connection, key: ArticleKey, found: Assessment, now: datetime) -> None:
    """Record the end of the episode and close its item: later readers were content."""
    db.execute(
        update(_flags)
        .where(keyed.by(_flags, key), _flags.c.cleared.is_(None))
        .values(
            cleared=now,
            cleared_evidence=found.evidence,
            cleared_threshold=found.threshold,
            cleared_by=Cleared.FADED,
        )
    )
    said = f"The evidence has faded: {words.describe(found)}."
    taken = Taken(Step.CLOSED, Act(None, said, now))
    items.move(db, _open(db, key, Lane.SUSPECTED), taken, state=ItemState.CLOSED)


def _open(db: Connection, key: ArticleKey, lane: Lane) -> list[Item]:
    return [
        item for item in items.live(db, [key]) if item.lane is lane and item.state is ItemState.OPEN
    ]


def _did_not_understand(log: Log) -> int:
    """How many readers, since an edit or a review answered them; 0 while they are too few."""
    past = log.clarity
    days = history.days_since_reset(past, history.counted(past.votes))
    unclear = [count for day in days if (count := day.reasons.get(Reason.HARD_TO_UNDERSTAND, 0))]
    return sum(unclear) if len(unclear) >= CLARITY_DAYS and sum(unclear) >= CLARITY_VOTES else 0


def _spoken_of(db: Connection) -> list[ArticleKey]:
    """The articles with a vote, a report or a standing flag."""
    rows = db.execute(
        union(
            select(schema.votes.c.article, schema.votes.c.lang),
            select(schema.reports.c.article, schema.reports.c.lang),
            select(_flags.c.article, _flags.c.lang).where(_flags.c.cleared.is_(None)),
        )
    )
    return sorted(ArticleKey(row.article, row.lang) for row in rows)
