"""The queue as people read it: four lanes, each entry with what speaks against the article."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain, islice

from sqlalchemy import Connection

from feedback import (
    dossiers,
    evidence,
    fixes,
    items,
    remarks,
    reports,
    retold,
    verdicts,
    volumes,
    waiting,
    words,
    yardsticks,
)
from feedback.articles import Article
from feedback.broken_links import Links
from feedback.dossiers import Dossier
from feedback.evidence import Assessment, Yardstick
from feedback.items import Item, Taken
from feedback.model import ArticleKey, ItemState, Lane, Reason, Step
from feedback.proof import Proof
from feedback.remarks import Heard
from feedback.reviews import Unread
from feedback.waiting import Waiting
from feedback.words import Say

_SAID_WHY = {Step.OPENED, Step.REOPENED, Step.REPORTED_AGAIN, Step.NOT_HELPED}


@dataclass(frozen=True, slots=True)
class Entry:
    """An article in a lane of the queue.

    `item` is None in the lane of stale articles, which is computed. `since` is when the item was
    opened, or as `Waiting` says. `assessment` holds the probability and its contributions;
    `unread` is how long a stale one was not read, `broken` the links that lead nowhere.
    `proof` is what is known by now of whether the repair helped, for what is watched. `remarks`
    are those of readers, counted.
    """

    article: Article
    lane: Lane
    item: Item | None
    since: datetime
    assessment: Assessment
    urgency: float
    remarks: Heard
    steps: tuple[Taken, ...]
    proof: Proof | None = None
    unread: Unread | None = None
    broken: Links = ()

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

    What is in them, and the order of the stale ones, is said by `waiting.read`. `false_flags` is
    the budget that the probabilities refer to. Writes nothing.
    """
    found: dict[Lane, list[Entry]] = {lane: [] for lane in Lane}
    everything = waiting.read(db, now, reviews_per_week=reviews_per_week)
    yardstick = yardsticks.current(db, now, false_flags=false_flags)
    for entry in entries(db, everything, yardstick, now):
        found[entry.lane].append(entry)
    for lane in (Lane.REPORTED, Lane.SUSPECTED, Lane.CLARITY):
        found[lane].sort(key=lambda entry: (entry.is_watching, *_order(entry)))
    return found


def look_through(db: Connection, now: datetime, *, false_flags: float) -> None:
    """Have at hand what the next look at the queue needs of all that waits; it changes nothing."""
    keys = {item.key for item in items.live(db)}
    yardstick = yardsticks.current(db, now, false_flags=false_flags)
    volumes.read(db, keys, now)
    dossiers.read(db, keys, yardstick, now)


def first(
    db: Connection,
    lists: Mapping[str, Sequence[Waiting]],
    yardstick: Yardstick,
    now: datetime,
    *,
    most: int,
    as_they_are: Collection[str] = (),
) -> dict[str, list[Entry]]:
    """The `most` urgent of each of these lists, judging few others.

    Each list is walked in the order of what its entries weigh at the most, until what comes next
    cannot be more urgent than what is found (the threshold algorithm of Fagin 1996), in steps of
    twice the length of the one before: what is judged together is read together. Of the lists
    named in `as_they_are` the first `most` are taken.
    """
    bounds = _bounds(db, lists, most)
    walked = {
        name: waits[:most] if name in as_they_are else sorted(waits, key=lambda one: -bounds[one])
        for name, waits in lists.items()
    }
    read: dict[ArticleKey, Dossier] = {}
    found: dict[str, list[Waiting]] = {name: [] for name in lists}

    def urgency(one: Waiting) -> float:
        return _urgency(one, read[one.key].assessment, now)

    def is_settled(name: str) -> bool:
        known, rest = found[name], walked[name]
        if not rest or len(known) < most:
            return not rest
        return urgency(known[most - 1]) >= bounds[rest[0]]

    step = most
    while asked := [name for name in lists if not is_settled(name)]:
        part = {name: walked[name][:step] for name in asked}
        fresh = {one.key for one in chain(*part.values())} - read.keys()
        read |= dossiers.read(db, fresh, yardstick, now)
        for name in asked:
            walked[name] = walked[name][step:]
            found[name] += part[name]
            if name not in as_they_are:
                found[name].sort(key=lambda one: (-urgency(one), one.since))
        step *= 2
    told = _told(db, [one for known in found.values() for one in known[:most]], read, now)
    return {name: list(islice(told, len(known[:most]))) for name, known in found.items()}


def entries(
    db: Connection, waits: Iterable[Waiting], yardstick: Yardstick, now: datetime
) -> Iterator[Entry]:
    """What waits, with why: in the same order, with a few statements for all together."""
    waits = list(waits)
    return _told(db, waits, dossiers.read(db, {one.key for one in waits}, yardstick, now), now)


def _told(
    db: Connection, waits: Sequence[Waiting], read: Mapping[ArticleKey, Dossier], now: datetime
) -> Iterator[Entry]:
    said = remarks.counts(db, {one.key for one in waits})
    steps = items.steps(db, [one.item.id for one in waits if one.item])
    proofs = _proofs(db, waits, read, now)
    for one in waits:
        assessment = read[one.key].assessment
        number = one.item.id if one.item else 0
        yield Entry(
            article=one.article,
            lane=one.lane,
            item=one.item,
            since=one.since,
            assessment=assessment,
            urgency=_urgency(one, assessment, now),
            remarks=said.get(one.key, Heard()),
            steps=steps.get(number, ()),
            proof=proofs.get(number),
            unread=one.unread,
            broken=one.broken,
        )


def _order(entry: Entry) -> tuple[float, datetime]:
    return -entry.urgency, entry.since


def _bounds(
    db: Connection, lists: Mapping[str, Sequence[Waiting]], most: int
) -> dict[Waiting, float]:
    """More than this nothing can be urgent: no probability exceeds 1.

    As many did not understand as ever said so; that is only asked where a list is long.
    """
    every = [(one, len(waits) > most) for waits in lists.values() for one in waits]
    unclear = {one.key for one, is_long in every if is_long and one.lane is Lane.CLARITY}
    agents = reports.counted(db, unclear, Reason.HARD_TO_UNDERSTAND)
    return {
        one: one.weight * (one.unclear + agents[one.key] if one.lane is Lane.CLARITY else 1)
        for one, _ in every
    }


def _proofs(
    db: Connection,
    waits: Iterable[Waiting],
    read: Mapping[ArticleKey, Dossier],
    now: datetime,
) -> dict[int, Proof]:
    """What is known of each item that is watched."""
    watched = {one.item.id: one.item for one in waits if one.item and one.is_watching}
    found = {}
    for fix in fixes.latest(db, watched).values():
        item = watched[fix.item]
        known = read[item.key]
        found[item.id] = verdicts.prove((item, fix), known.log, known.assessment, now).proof
    return found


def because(entry: Entry, say: Say = words.english) -> str:
    """Why an entry is in the queue: the rule's words, or what was said when it was opened.

    Where readers found that a repair did not help, that comes first; broken links come last.
    """
    steps = entry.steps
    if entry.is_watching:
        act = next(taken for taken in reversed(steps) if taken.step is Step.WATCHING).act
        return retold.said(Step.WATCHING, act, say)
    parts = [*_said(entry, say), *words.broken(len(entry.broken), say)]
    return "; ".join([*(part.removesuffix(".") for part in parts[:-1]), *parts[-1:]])


def _said(entry: Entry, say: Say) -> list[str]:
    steps = entry.steps
    if entry.unread is not None:
        return [_unread(entry.unread, entry.urgency, say)]
    if entry.lane is Lane.SUSPECTED:
        return [*_not_helped(steps, say), words.describe(entry.assessment, say)]
    why = [taken for taken in steps if taken.step in _SAID_WHY]
    said = ((taken.act.actor, retold.said(taken.step, taken.act, say)) for taken in why)
    return [f"{actor}: {told}" if actor else told for actor, told in said]


def _unread(unread: Unread, days: float, say: Say) -> str:
    if unread.is_asked_for:
        return say(
            "nobody has read it through for %(days)s days, and it asks to be every %(every)s",
            days=int(days),
            every=unread.every.days,
        )
    return say("nobody has read it through for %(days)s days", days=int(days))


def _not_helped(steps: tuple[Taken, ...], say: Say) -> list[str]:
    """The verdict that opened the item again, if one did so last."""
    said = [taken for taken in steps if taken.step in _SAID_WHY]
    last = said[-1]
    return [retold.said(last.step, last.act, say)] if last.step is Step.NOT_HELPED else []


def _urgency(one: Waiting, assessment: Assessment, now: datetime) -> float:
    """The readers a week whom the article fails, weighed; for clarity those who said so.

    Of a stale one, the days since it was read through.
    """
    if one.unread is not None:
        return (now - one.unread.since) / timedelta(days=1)
    if one.lane is Lane.CLARITY:
        return assessment.hard_to_understand * one.weight
    return evidence.urgency(assessment.probability, one.article.severity, one.reads)
