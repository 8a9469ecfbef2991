"""The queue as people read it: four lanes, each entry with what speaks against the article."""

import heapq
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from feedback import (
    articles,
    dossiers,
    evidence,
    fixes,
    items,
    readership,
    remarks,
    reviews,
    verdicts,
    words,
    yardsticks,
)
from feedback.articles import Article
from feedback.eventlog import Log
from feedback.evidence import SEVERITY_WEIGHTS, Assessment
from feedback.items import Item, Taken
from feedback.model import ArticleKey, ItemState, Lane, Step
from feedback.proof import Proof
from feedback.remarks import Remark
from feedback.reviews import Unread
from feedback.words import Say

_WEEK = timedelta(days=7)
_SAID_WHY = {Step.OPENED, Step.REOPENED, Step.REPORTED_AGAIN, Step.NOT_HELPED}


@dataclass(frozen=True, slots=True)
class Entry:
    """An article in a lane of the queue.

    `item` is None in the lane of stale articles, which is computed. `since` is when the item was
    opened, or when a stale article was last found correct or else first published. `assessment`
    holds the probability and its contributions; `unread` is how long a stale one was not read.
    `proof` is what is known by now of whether the repair helped, for what is watched.
    """

    article: Article
    lane: Lane
    item: Item | None
    since: datetime
    assessment: Assessment
    urgency: float
    remarks: tuple[Remark, ...]
    steps: tuple[Taken, ...]
    proof: Proof | None = None
    unread: Unread | None = None

    @property
    def because(self) -> str:
        """Why the entry is here, in English."""
        return because(self)

    @property
    def key(self) -> ArticleKey:
        return self.article.key

    @property
    def is_watching(self) -> bool:
        return self.item is not None and self.item.state is ItemState.WATCHING


def lanes(
    db: Connection,
    now: datetime,
    *,
    reviews_per_week: int,
    false_flags: float = 2.0,
) -> dict[Lane, list[Entry]]:
    """Every lane, in the order of `Lane`: what is open, by urgency, before what is watched.

    The lane of stale articles holds as many as are left of `reviews_per_week` after the reviews
    of the last seven days, those first that wait longest beyond what they may (`review_every`,
    else half a year). Articles that are gone from the site are left out: there is nothing to
    mend. `false_flags` is the budget that the probabilities refer to. Writes nothing.
    """
    live = items.live(db)
    busy = {item.key for item in live}
    left = max(0, reviews_per_week - reviews.count_since(db, now - _WEEK))
    # All articles that wait to be read through are looked at only where there is room for some.
    overdue = reviews.overdue(db, now) if left else {}
    unread = {key: one for key, one in overdue.items() if key not in busy}
    reads = readership.a_week(db, now) if left else readership.among(db, busy, now)
    stale = _longest_overdue(unread, reads, now, left)
    sheets = _sheets(db, busy.union(stale), now, false_flags)
    queued = [item for item in live if item.key in sheets]

    steps = items.steps(db, [item.id for item in queued])
    proofs = _proofs(db, queued, sheets, now)
    found: dict[Lane, list[Entry]] = {lane: [] for lane in Lane}
    for item in queued:
        weekly = reads.get(item.key, 0.0)
        entry = _queued(sheets[item.key], item, steps[item.id], weekly)
        found[item.lane].append(replace(entry, proof=proofs.get(item.id)))
    for lane in (Lane.REPORTED, Lane.SUSPECTED, Lane.CLARITY):
        found[lane].sort(key=lambda entry: (entry.is_watching, -entry.urgency, entry.since))
    found[Lane.STALE] = [_stale(sheets[key], unread[key], now) for key in stale]
    return found


@dataclass(frozen=True, slots=True)
class _Sheet:
    """What is known about one article of the queue."""

    article: Article
    log: Log
    assessment: Assessment
    remarks: tuple[Remark, ...]


def _sheets(
    db: Connection, keys: Iterable[ArticleKey], now: datetime, false_flags: float
) -> dict[ArticleKey, _Sheet]:
    """For those that are not gone, gathered with a few statements for all together."""
    found = articles.find(db, keys)
    shown = {key: article for key, article in found.items() if article.gone is None}
    yardstick = yardsticks.current(db, now, false_flags=false_flags)
    said = remarks.of(db, shown)
    return {
        key: _Sheet(
            article=shown[key],
            log=dossier.log,
            assessment=dossier.assessment,
            remarks=tuple(said.get(key, ())),
        )
        for key, dossier in dossiers.read(db, shown, yardstick, now).items()
    }


def _proofs(
    db: Connection, queued: Iterable[Item], sheets: Mapping[ArticleKey, _Sheet], now: datetime
) -> dict[int, Proof]:
    """What is known of each item that is watched."""
    watched = {item.id: item for item in queued if item.state is ItemState.WATCHING}
    found = {}
    for fix in fixes.latest(db, watched).values():
        item = watched[fix.item]
        sheet = sheets[item.key]
        found[item.id] = verdicts.prove((item, fix), sheet.log, sheet.assessment, now).proof
    return found


def _longest_overdue(
    unread: Mapping[ArticleKey, Unread],
    reads: Mapping[ArticleKey, float],
    now: datetime,
    count: int,
) -> list[ArticleKey]:
    """So many, those first whose wait, in parts of what they may wait, counts most readers."""

    def wait(key: ArticleKey) -> tuple[float, ArticleKey]:
        one = unread[key]
        return -((now - one.since) / one.every * max(1.0, reads.get(key, 0.0))), key

    return heapq.nsmallest(count, unread, key=wait)


def _queued(sheet: _Sheet, item: Item, steps: tuple[Taken, ...], reads: float) -> Entry:
    return Entry(
        article=sheet.article,
        lane=item.lane,
        item=item,
        since=item.opened,
        assessment=sheet.assessment,
        urgency=_urgency(sheet, item, reads),
        remarks=sheet.remarks,
        steps=steps,
    )


def _stale(sheet: _Sheet, unread: Unread, now: datetime) -> Entry:
    age = now - unread.since
    return Entry(
        article=sheet.article,
        lane=Lane.STALE,
        item=None,
        since=unread.since,
        assessment=sheet.assessment,
        urgency=age / timedelta(days=1),
        remarks=sheet.remarks,
        steps=(),
        unread=unread,
    )


def because(entry: Entry, say: Say = words.english) -> str:
    """Why an entry is in the queue: the rule's words, or what was said when it was opened.

    Where readers found that a repair did not help, that comes first.
    """
    steps = entry.steps
    if entry.unread is not None:
        return _unread(entry.unread, entry.urgency, say)
    if entry.is_watching:
        return next(taken for taken in reversed(steps) if taken.step is Step.WATCHING).act.words
    if entry.lane is Lane.SUSPECTED:
        return "; ".join([*_not_helped(steps), words.describe(entry.assessment, say)])
    said = [taken.act for taken in steps if taken.step in _SAID_WHY]
    return "; ".join(f"{act.actor}: {act.words}" if act.actor else act.words for act in said)


def _unread(unread: Unread, days: float, say: Say) -> str:
    if unread.is_asked_for:
        return say(
            "nobody has read it through for %(days)s days, and it asks to be every %(every)s",
            days=int(days),
            every=unread.every.days,
        )
    return say("nobody has read it through for %(days)s days", days=int(days))


def _not_helped(steps: tuple[Taken, ...]) -> list[str]:
    """The verdict that opened the item again, if one did so last."""
    said = [taken for taken in steps if taken.step in _SAID_WHY]
    return [said[-1].act.words] if said[-1].step is Step.NOT_HELPED else []


def _urgency(sheet: _Sheet, item: Item, reads: float) -> float:
    """The readers a week whom the article fails, weighed; for clarity those who said so."""
    severity = sheet.article.severity
    if item.lane is Lane.CLARITY:
        unclear = sheet.assessment.hard_to_understand
        return unclear * SEVERITY_WEIGHTS[severity] * max(1.0, reads)
    return evidence.urgency(sheet.assessment.probability, severity, reads)
