"""Flags: raised when the evidence against an article passes the threshold, cleared when it fades.

Everything is recomputed from rows, so judging an article twice changes nothing.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import partial
from typing import Protocol, TypeVar

from sqlalchemy import Connection, insert, select, union, update

from feedback import (
    articles,
    eventlog,
    events,
    evidence,
    history,
    items,
    keyed,
    schema,
    sentences,
    verdicts,
    words,
    yardsticks,
)
from feedback.errors import UnknownArticle
from feedback.eventlog import Log
from feedback.events import ArticleCleared, ArticleFlagged
from feedback.evidence import Assessment, Yardstick
from feedback.items import Act, Item, Taken
from feedback.model import ArticleKey, ItemState, Lane, Reason, Step
from feedback.verdicts import Watched

CLARITY_VOTES = 3
CLARITY_DAYS = 2
"""So many readers on so many days who did not understand open an item: one reader's bad day or
one class of twenty pupils does not."""

_flags = schema.flags

T = TypeVar("T")


class Cleared(StrEnum):
    """What took a flag down."""

    EDITED = "edited"
    REVIEWED = "reviewed"
    FADED = "faded"


@dataclass(frozen=True, slots=True)
class Judged:
    """An article as it was judged, and what that does to its flag.

    `unclear` is the number of readers who did not understand, where they are enough for an item
    and none is open. `proven` are the mended items whose watch is over.
    """

    key: ArticleKey
    assessment: Assessment
    raised: bool
    cleared: bool
    unclear: int
    proven: tuple[Watched, ...] = ()

    @property
    def changes(self) -> bool:
        return self.raised or self.cleared or self.unclear > 0 or bool(self.proven)


class Store(Protocol):
    """Where `refresh` reads and writes: a Database, or the Writer of a service."""

    def read(self) -> AbstractContextManager[Connection]: ...

    def apply(self, work: Callable[[Connection], T], /) -> T: ...


def refresh(
    store: Store,
    now: datetime,
    *,
    false_flags: float,
    keys: Iterable[ArticleKey] | None = None,
) -> list[Judged]:
    """Judge these articles, or all that anybody said anything about, and change what must change.

    Call it after votes for their articles, and hourly for all: the threshold moves with the votes
    of the whole knowledge base. Judging takes long and only reads; other writers wait no longer
    than for the articles whose flags change. Returns those. `false_flags` is the budget of false
    flags a month.
    """
    with store.read() as db:
        figures = yardsticks.figures(db, now, false_flags=false_flags)
        asked = spoken_of(db) if keys is None else keys
    if figures.fresh:
        store.apply(lambda db: yardsticks.keep(db, figures, now))
    yardstick = figures.yardstick(false_flags)
    changed = []
    for part in keyed.batches(asked):
        with store.read() as db:
            due = [judged.key for judged in _judge(db, part, yardstick, now) if judged.changes]
        for key in due:
            again = partial(reassess, key=key, now=now, false_flags=false_flags)
            changed.append(store.apply(again))
    return changed


def reassess(db: Connection, key: ArticleKey, now: datetime, *, false_flags: float = 2.0) -> Judged:
    """Judge one article and raise or clear its flag, in the caller's transaction.

    Its mended items whose watch is over get their verdict first: a flag that rises again says that
    the edit did not help. Raises UnknownArticle.
    """
    if articles.hold(db, key) is None:
        raise UnknownArticle(key)
    figures = yardsticks.figures(db, now, false_flags=false_flags)
    yardsticks.keep(db, figures, now)
    (judged,) = _judge(db, [key], figures.yardstick(false_flags), now)
    for watched in judged.proven:
        verdicts.give(db, watched, now)
    if judged.raised:
        _raise(db, judged, now)
    if judged.cleared:
        _fade(db, judged, now)
    if judged.unclear:
        said = f"{words.english(sentences.UNCLEAR, count=judged.unclear)}."
        items.enqueue(db, key, Lane.CLARITY, Act(None, said, now))
    return judged


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


def spoken_of(db: Connection) -> list[ArticleKey]:
    """The articles with a counted vote, a report or a standing flag: all that have an item, too."""
    rows = db.execute(
        union(
            select(schema.tallies.c.article, schema.tallies.c.lang),
            select(schema.reports.c.article, schema.reports.c.lang),
            select(_flags.c.article, _flags.c.lang).where(_flags.c.cleared.is_(None)),
        )
    )
    return sorted(ArticleKey(row.article, row.lang) for row in rows)


def clear(db: Connection, keys: Iterable[ArticleKey], by: Cleared, now: datetime) -> None:
    """Take down the flags of these articles: an edit or a review has set the evidence to 0."""
    for part in keyed.batches(keys):
        cleared = db.execute(
            update(_flags)
            .where(keyed.among(_flags, part), _flags.c.cleared.is_(None))
            .values(cleared=now, cleared_evidence=0.0, cleared_by=by)
            .returning(_flags.c.article, _flags.c.lang)
        ).all()
        for row in cleared:
            events.emit(db, ArticleCleared(article=row.article, lang=row.lang, by=by), now)


def _judge(
    db: Connection, keys: Iterable[ArticleKey], yardstick: Yardstick, now: datetime
) -> Iterator[Judged]:
    """Each article in the light of its rows; changes nothing."""
    for part in keyed.batches(keys):
        flagged = standing(db, part)
        asked = {item.key for item in _open(db, part, Lane.CLARITY)}
        mended = verdicts.watched(db, part)
        for key, log in eventlog.read(db, part).items():
            was_flagged = key in flagged
            assessment = evidence.assess(log.history, yardstick, now=now, was_flagged=was_flagged)
            watched = (verdicts.prove(one, log, assessment, now) for one in mended.get(key, ()))
            yield Judged(
                key,
                assessment,
                raised=assessment.flagged and not was_flagged,
                cleared=was_flagged and not assessment.flagged,
                unclear=0 if key in asked else _did_not_understand(log),
                proven=tuple(one for one in watched if one.proof.is_over),
            )


def _raise(db: Connection, judged: Judged, now: datetime) -> None:
    """Record the episode and open an item, unless an agent's report has the article open."""
    key, found = judged.key, judged.assessment
    db.execute(
        insert(_flags).values(
            article=key.article,
            lang=key.lang,
            raised=now,
            raised_evidence=found.evidence,
            raised_threshold=found.threshold,
        )
    )
    said = f"{words.describe(found)}."
    flagged = ArticleFlagged(
        article=key.article,
        lang=key.lang,
        evidence=found.evidence,
        threshold=found.threshold,
        because=said,
    )
    events.emit(db, flagged, now)
    if not _open(db, [key], Lane.REPORTED):
        items.enqueue(db, key, Lane.SUSPECTED, Act(None, said, now))


def _fade(db: Connection, judged: Judged, now: datetime) -> None:
    """Record the end of the episode and close its item: later readers were content."""
    key, found = judged.key, judged.assessment
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
    events.emit(db, ArticleCleared(article=key.article, lang=key.lang, by=Cleared.FADED), now)
    said = words.english(sentences.FADED, said=words.describe(found))
    taken = Taken(Step.CLOSED, Act(None, said, now))
    items.move(db, _open(db, [key], Lane.SUSPECTED), taken, state=ItemState.CLOSED)


def _open(db: Connection, keys: Iterable[ArticleKey], lane: Lane) -> list[Item]:
    """The open items of these articles in one lane."""
    return [
        item for item in items.live(db, keys) if item.lane is lane and item.state is ItemState.OPEN
    ]


def _did_not_understand(log: Log) -> int:
    """How many readers, since an edit or a review answered them; 0 while they are too few."""
    puzzled = (tally for tally in log.tallies if tally.reason is Reason.HARD_TO_UNDERSTAND)
    if sum(tally.count for tally in puzzled) < CLARITY_VOTES:
        return 0
    days = history.days_since_reset(log.clarity, log.tallies)
    unclear = [count for day in days if (count := day.reasons.get(Reason.HARD_TO_UNDERSTAND, 0))]
    return sum(unclear) if len(unclear) >= CLARITY_DAYS and sum(unclear) >= CLARITY_VOTES else 0
