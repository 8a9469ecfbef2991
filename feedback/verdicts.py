"""Verdicts on repairs: for each watched item, did the edit help? Kept with what they rest on."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select

from feedback import events, fixes, items, keyed, proof, schema, trail, words
from feedback.eventlog import Log
from feedback.events import FixVerified
from feedback.evidence import Assessment
from feedback.fixes import Fix
from feedback.items import Act, Item, Taken
from feedback.model import ArticleKey, ItemState, Lane, Step, Verdict
from feedback.proof import Proof

_verdicts = schema.verdicts


@dataclass(frozen=True, slots=True)
class Watched:
    """A mended item, its last fix, and what is known of it by now."""

    item: Item
    fix: Fix
    proof: Proof


@dataclass(frozen=True, slots=True)
class Given:
    """A verdict as it was given. `fix` is the version of the item that it judges."""

    item: int
    fix: int
    verdict: Verdict
    better: float
    at: datetime


def watched(db: Connection, keys: Iterable[ArticleKey]) -> dict[ArticleKey, list[tuple[Item, Fix]]]:
    """The watched items of these articles, each with its last fix."""
    waiting = [item for item in items.live(db, keys) if item.state is ItemState.WATCHING]
    made = fixes.latest(db, [item.id for item in waiting])
    found: dict[ArticleKey, list[tuple[Item, Fix]]] = defaultdict(list)
    for item in waiting:
        found[item.key].append((item, made[item.id]))
    return dict(found)


def prove(mended: tuple[Item, Fix], log: Log, assessment: Assessment, now: datetime) -> Watched:
    """What the votes say about a fix by `now`; `assessment` is that of its article. Pure."""
    item, fix = mended
    past = log.clarity if item.lane is Lane.CLARITY else log.history
    before, after = proof.asked(
        proof.sides(past, fixed=fix.at, onset=fix.onset, now=now), log.misses, fix.at
    )
    by_readers = after.no_days >= trail.NO_DAYS_NEEDED
    near = assessment.evidence >= assessment.threshold - trail.HYSTERESIS
    found = Proof(
        before,
        after,
        watched=now - fix.at,
        unrest=by_readers and near and fix.onset is not None,
        flagged=by_readers and assessment.flagged,
    )
    return Watched(item, fix, found)


def give(db: Connection, judged: Watched, now: datetime) -> Item:
    """Keep the verdict of a watch that is over; close its item, or open it again.

    The caller holds the article.
    """
    found = judged.proof
    before, after = found.before, found.after
    db.execute(
        insert(_verdicts).values(
            item=judged.item.id,
            fix=judged.fix.version,
            verdict=found.verdict,
            better=found.better,
            before_yes=before.yes,
            before_no=before.no,
            before_asked=before.asked,
            before_days=before.days,
            after_yes=after.yes,
            after_no=after.no,
            after_asked=after.asked,
            after_days=after.days,
            at=now,
        )
    )
    act = Act(None, words.prove(found), now)
    step, state = (
        (Step.NOT_HELPED, ItemState.OPEN) if found.reopens else (Step.CLOSED, ItemState.CLOSED)
    )
    (item,) = items.move(db, [judged.item], Taken(step, act), state=state)
    if found.verdict is not Verdict.NOT_KNOWN:
        verified = FixVerified(
            article=item.key.article,
            lang=item.key.lang,
            item=item.id,
            result=found.verdict,
            because=act.words,
        )
        events.emit(db, verified, now)
    return item


def given(db: Connection, ids: Iterable[int]) -> list[Given]:
    """The verdicts on these items, by item, the first one first."""
    found: list[Given] = []
    for part in keyed.batches(ids):
        rows = db.execute(
            select(
                _verdicts.c.item,
                _verdicts.c.fix,
                _verdicts.c.verdict,
                _verdicts.c.better,
                _verdicts.c.at,
            )
            .where(_verdicts.c.item.in_(part))
            .order_by(_verdicts.c.item, _verdicts.c.fix)
        )
        found += [Given(*row) for row in rows]
    return found
