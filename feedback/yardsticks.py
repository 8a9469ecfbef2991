"""What every article is measured with, computed seldom and kept: prior, volume of votes."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, case, func, select

from feedback import database, evidence, schema
from feedback.baseline import Prior, prior_of
from feedback.evidence import Yardstick

VOLUME_KEPT = timedelta(hours=1)
VOLUME_WINDOW = timedelta(days=90)
PRIOR_KEPT = timedelta(days=30)
PRIOR_WINDOW = timedelta(days=365)

LENT = Prior()

_meta = schema.meta
_votes = schema.votes


@dataclass(frozen=True, slots=True)
class _Figure:
    """A kept figure; `fresh` when it was computed just now and should be kept."""

    values: list[float]
    fresh: bool


def current(db: Connection, now: datetime, *, false_flags: float) -> Yardstick:
    """The yardstick of now, from what is kept where that is young enough. Writes nothing.

    `false_flags` is the budget of false flags a month.
    """
    volume, prior = _volume(db, now), _prior(db, now)
    return _yardstick(prior, volume, false_flags)


def keep(db: Connection, now: datetime, *, false_flags: float) -> Yardstick:
    """The same, and what had to be computed is kept for the next.

    Only one transaction at a time keeps it; another one goes on with what it computed.
    """
    volume, prior = _volume(db, now), _prior(db, now)
    if (volume.fresh or prior.fresh) and database.claim(db, _meta):
        for name, figure in (("volume", volume), ("prior", prior)):
            if figure.fresh:
                _store(db, name, figure.values, now)
    return _yardstick(prior, volume, false_flags)


def _yardstick(prior: _Figure, volume: _Figure, false_flags: float) -> Yardstick:
    a, b = prior.values
    (counted,) = volume.values
    return Yardstick(
        prior=Prior(a, b),
        votes_a_month=evidence.votes_a_month(int(counted)),
        false_flags=false_flags,
    )


def _volume(db: Connection, now: datetime) -> _Figure:
    """Counted votes of 90 days, in the whole knowledge base."""
    if kept := _kept(db, "volume", now, VOLUME_KEPT):
        return kept
    counted = db.execute(
        select(func.count())
        .select_from(_votes)
        .where(_votes.c.cast > now - VOLUME_WINDOW, _votes.c.weight > 0)
    ).scalar_one()
    return _Figure([counted], fresh=True)


def _prior(db: Connection, now: datetime) -> _Figure:
    """The beta-binomial prior over the counts of each article in a year.

    The one that a young knowledge base is lent is asked for again as often as the volume.
    """
    kept = _kept(db, "prior", now, PRIOR_KEPT)
    if kept and kept.values == [LENT.a, LENT.b]:
        kept = _kept(db, "prior", now, VOLUME_KEPT)
    if kept:
        return kept
    rows = db.execute(
        select(func.sum(case((_votes.c.helpful, 1), else_=0)), func.count())
        .where(_votes.c.cast > now - PRIOR_WINDOW, _votes.c.weight > 0)
        .group_by(_votes.c.article, _votes.c.lang)
    )
    prior = prior_of((yes, total) for yes, total in rows)
    return _Figure([prior.a, prior.b], fresh=True)


def _kept(db: Connection, name: str, now: datetime, young: timedelta) -> _Figure | None:
    """None if it was never computed, is old, or comes from a clock that was ahead."""
    row = db.execute(
        select(_meta.c.value, _meta.c.computed).where(_meta.c.name == name)
    ).one_or_none()
    if row is None or not row.computed <= now < row.computed + young:
        return None
    return _Figure(json.loads(row.value), fresh=False)


def _store(db: Connection, name: str, values: list[float], now: datetime) -> None:
    row = {"value": json.dumps(values), "computed": now}
    db.execute(
        database.inserting(db, _meta)
        .values(name=name, **row)
        .on_conflict_do_update(index_elements=["name"], set_=row)
    )
