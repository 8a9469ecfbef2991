"""What people found of the articles that were reported or suspected: the labels to learn from."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import Connection, func, select

from feedback import eventlog, evidence, schema
from feedback.baseline import Prior
from feedback.columns import Utc
from feedback.evidence import AgentSaid, Reasoned, Yardstick
from feedback.history import DEFECTS, NOT_DEFECTS, History, utc_day
from feedback.model import ArticleKey, Lane, Step
from feedback.selfcheck import WINDOW, Settled
from feedback.weights import Label

_SUSPICIONS = (Lane.REPORTED, Lane.SUSPECTED)
# Words of `flags.Cleared`, which cannot be asked: flags need the yardstick, and that needs this.
_EDITED, _REVIEWED = "edited", "reviewed"
_flags = schema.flags
_items = schema.items
_steps = schema.item_steps
_tallies = schema.tallies


@dataclass(frozen=True, slots=True, order=True)
class Found:
    """What people found of an article, and when: an edit says that it was bad."""

    key: ArticleKey
    at: datetime
    is_bad: bool


def found(db: Connection) -> list[Found]:
    """Of each report or suspicion that was settled; two settled by one act are one verdict.

    One that was edited was bad, whatever came later; one that faded was found nothing of.
    """
    edited = _settled(db, Step.WATCHING)
    fine = _settled(db, Step.DISMISSED, Step.CORRECT)
    verdicts = {Found(key, at, is_bad=True) for key, at in edited.values()}
    verdicts |= {
        Found(key, at, is_bad=False) for item, (key, at) in fine.items() if item not in edited
    }
    return sorted(verdicts)


def read(db: Connection, labels: Iterable[Found], prior: Prior) -> list[Label]:
    """With what stood against each article when it was settled.

    It is followed with the weights that are shipped: those that were learned must not choose
    what the next are learned from.
    """
    wanted = list(labels)
    yardstick = Yardstick(prior, votes_a_month=0)
    logs = eventlog.read(db, {one.key for one in wanted})
    return [_labelled(one, logs[one.key].history, yardstick) for one in wanted]


def settled(db: Connection, now: datetime) -> Settled:
    """What became of the flags that were raised in the last three months."""
    since = now - WINDOW
    rows = db.execute(
        select(_flags.c.cleared_by, func.count().label("flags"))
        .where(_flags.c.raised > since, _flags.c.raised <= now)
        .group_by(_flags.c.cleared_by)
    )
    became = {row.cleared_by: row.flags for row in rows}
    first = db.execute(select(func.min(_tallies.c.day))).scalar_one()
    watched = utc_day(now) - first if first is not None else timedelta()
    return Settled(
        raised=sum(became.values()),
        false=became.get(_REVIEWED, 0),
        right=became.get(_EDITED, 0),
        watched=min(watched, WINDOW),
    )


def _settled(db: Connection, *steps: Step) -> dict[int, tuple[ArticleKey, datetime]]:
    """The items of suspicions that took one of these steps, and when they last did."""
    rows = db.execute(
        select(
            _items.c.id,
            _items.c.article,
            _items.c.lang,
            func.max(_steps.c.at, type_=Utc).label("at"),
        )
        .join(_steps, _steps.c.item == _items.c.id)
        .where(_items.c.lane.in_(_SUSPICIONS), _steps.c.step.in_(steps))
        .group_by(_items.c.id, _items.c.article, _items.c.lang)
    )
    return {row.id: (ArticleKey(row.article, row.lang), row.at) for row in rows}


def _labelled(label: Found, past: History, yardstick: Yardstick) -> Label:
    before = replace(
        past,
        publications=tuple(one for one in past.publications if one.at < label.at),
        reviews=tuple(one for one in past.reviews if one.at < label.at),
    )
    said = evidence.assess(before, yardstick, now=label.at).contributions
    reasons = [one for one in said if isinstance(one, Reasoned)]
    return Label(
        is_bad=label.is_bad,
        defects=sum(one.count for one in reasons if one.reason in DEFECTS),
        not_defects=sum(one.count for one in reasons if one.reason in NOT_DEFECTS),
        agents=sum(isinstance(one, AgentSaid) for one in said),
    )
