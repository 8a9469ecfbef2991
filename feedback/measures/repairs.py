"""How long troubles went unseen and unmended, whether repairs helped, and what flags were worth."""

import statistics
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from sqlalchemy import Connection, func, select

from feedback import schema
from feedback.measures.periods import Period
from feedback.measures.shares import Share
from feedback.model import GapStep, ItemState, Lane, Step, Verdict

_OPENED = (Step.OPENED, Step.REOPENED, Step.NOT_HELPED)
_ANSWERED = (Step.WATCHING, Step.DISMISSED, Step.CORRECT)

_articles = schema.articles
_items = schema.items
_steps = schema.item_steps
_fixes = schema.fixes
_verdicts = schema.verdicts
_gap_steps = schema.gap_steps


@dataclass(frozen=True, slots=True)
class Times:
    """Lengths of time: how many, their median, and between which the middle half of them lies."""

    count: int
    median: timedelta | None
    middle: tuple[timedelta, timedelta] | None

    @classmethod
    def of(cls, lengths: Iterable[timedelta]) -> "Times":
        """The quartiles are those of method 7 of Hyndman and Fan 1996; of four lengths or more."""
        found = sorted(max(length, timedelta()) for length in lengths)
        if not found:
            return cls(0, None, None)
        middle = None
        if len(found) >= 4:  # noqa: PLR2004  quarters
            low, _, high = statistics.quantiles(
                [length.total_seconds() for length in found], n=4, method="inclusive"
            )
            middle = timedelta(seconds=low), timedelta(seconds=high)
        median = statistics.median(length.total_seconds() for length in found)
        return cls(len(found), timedelta(seconds=median), middle)


@dataclass(frozen=True, slots=True)
class Repairs:
    """What was mended in a period.

    `detect` is the time from the first day of a trouble to its item, `mend` from there to the edit;
    `answer` from a gap to the article that answers it. `right` are the suspicions of the rule that
    were answered by an edit, of all that were answered. `watched` items wait for a verdict now.
    """

    detect: Times
    mend: Times
    answer: Times
    verdicts: Mapping[Verdict, int]
    right: Share
    watched: int

    @property
    def helped(self) -> Share:
        """Of the repairs on which readers have decided."""
        known = sum(self.verdicts.values()) - self.verdicts[Verdict.NOT_KNOWN]
        return Share(self.verdicts[Verdict.HELPED], known)


def read(db: Connection, period: Period) -> Repairs:
    detect, mend = _lengths(db, period)
    given = db.execute(
        select(_verdicts.c.verdict, func.count())
        .where(_verdicts.c.at >= period.begins, _verdicts.c.at < period.ends)
        .group_by(_verdicts.c.verdict)
    )
    counted = {verdict: int(count) for verdict, count in given}
    watched = select(func.count()).where(_items.c.state == ItemState.WATCHING)
    return Repairs(
        detect=Times.of(detect),
        mend=Times.of(mend),
        answer=Times.of(_gaps_answered(db, period)),
        verdicts={verdict: counted.get(verdict, 0) for verdict in Verdict},
        right=_right(db, period),
        watched=db.execute(watched).scalar_one(),
    )


def mended(db: Connection, period: Period, *, owner: str) -> list[timedelta]:
    """From item to edit, of the edits of a period in articles of this owner."""
    return _lengths(db, period, owner)[1]


def _lengths(
    db: Connection, period: Period, owner: str | None = None
) -> tuple[list[timedelta], list[timedelta]]:
    """Of the edits of a period: from onset to item, if votes tell; from item to edit."""
    made = (
        select(_fixes.c.item, _fixes.c.version, _fixes.c.onset, _fixes.c.at, _steps.c.at)
        .join_from(_fixes, _steps, _steps.c.item == _fixes.c.item)
        .where(
            _fixes.c.at >= period.begins,
            _fixes.c.at < period.ends,
            _steps.c.step.in_(_OPENED),
            _steps.c.version < _fixes.c.version,
        )
        .order_by(_fixes.c.item, _fixes.c.version, _steps.c.version)
    )
    if owner is not None:
        of_item = _items.c.id == _fixes.c.item
        article, lang = _articles.c.article, _articles.c.lang
        of_article = (article == _items.c.article) & (lang == _items.c.lang)
        made = made.join(_items, of_item).join(_articles, of_article)
        made = made.where(_articles.c.owner == owner)
    rows = db.execute(made)
    last = {(item, version): (onset, at, opened) for item, version, onset, at, opened in rows}
    detect = [
        opened - datetime.combine(onset, time(), UTC) for onset, _, opened in last.values() if onset
    ]
    return detect, [at - opened for _, at, opened in last.values()]


def _right(db: Connection, period: Period) -> Share:
    answers = Counter(
        db.execute(
            select(_steps.c.step)
            .join_from(_steps, _items, _steps.c.item == _items.c.id)
            .where(
                _items.c.lane == Lane.SUSPECTED,
                _steps.c.step.in_(_ANSWERED),
                _steps.c.at >= period.begins,
                _steps.c.at < period.ends,
            )
        ).scalars()
    )
    return Share(answers[Step.WATCHING], sum(answers.values()))


def _gaps_answered(db: Connection, period: Period) -> list[timedelta]:
    """From the last time that a gap was opened to the article named for it."""
    steps = db.execute(
        select(_gap_steps.c.gap, _gap_steps.c.step, _gap_steps.c.at)
        .where(_gap_steps.c.step.in_((GapStep.OPENED, GapStep.REOPENED, GapStep.WRITTEN)))
        .order_by(_gap_steps.c.gap, _gap_steps.c.version)
    )
    opened: dict[int, datetime] = {}
    found: dict[int, list[timedelta]] = defaultdict(list)
    for gap, step, at in steps:
        if step is not GapStep.WRITTEN:
            opened[gap] = at
        elif gap in opened and period.begins <= at < period.ends:
            found[gap].append(at - opened[gap])
    return [length for lengths in found.values() for length in lengths]
