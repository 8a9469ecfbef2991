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
"""What a young knowledge base is lent; asked for again as often as the volume."""

_meta = schema.meta
_votes = schema.votes


@dataclass(frozen=True, slots=True)
class Figures:
    """The counted votes of 90 days in the whole knowledge base, and the prior of a year.

    `fresh` names those that were computed just now and should be kept.
    """

    volume: int
    prior: Prior
    fresh: frozenset[str]

    def yardstick(self, false_flags: float) -> Yardstick:
        """With this budget of false flags a month."""
        return Yardstick(
            prior=self.prior,
            votes_a_month=evidence.votes_a_month(self.volume),
            false_flags=false_flags,
        )


def current(db: Connection, now: datetime, *, false_flags: float) -> Yardstick:
    """The yardstick of now. Writes nothing."""
    return figures(db, now).yardstick(false_flags)


def figures(db: Connection, now: datetime) -> Figures:
    """What is kept where that is young enough, the rest computed. Writes nothing."""
    volume = _kept(db, "volume", now, VOLUME_KEPT)
    prior = _kept(db, "prior", now, PRIOR_KEPT)
    if prior == [LENT.a, LENT.b]:
        prior = _kept(db, "prior", now, VOLUME_KEPT)
    fresh = [name for name, kept in (("volume", volume), ("prior", prior)) if kept is None]
    return Figures(
        volume=int(volume[0]) if volume else _count(db, now),
        prior=Prior(*prior) if prior else _learn(db, now),
        fresh=frozenset(fresh),
    )


def keep(db: Connection, computed: Figures, now: datetime) -> None:
    """Keep what was fresh for the next. Only one transaction at a time does; none waits."""
    if not computed.fresh or not database.claim(db, _meta):
        return
    values = {
        "volume": [computed.volume],
        "prior": [computed.prior.a, computed.prior.b],
    }
    for name in sorted(computed.fresh):
        row = {"value": json.dumps(values[name]), "computed": now}
        db.execute(
            database.inserting(db, _meta)
            .values(name=name, **row)
            .on_conflict_do_update(index_elements=["name"], set_=row)
        )


def _count(db: Connection, now: datetime) -> int:
    return db.execute(
        select(func.count())
        .select_from(_votes)
        .where(_votes.c.cast > now - VOLUME_WINDOW, _votes.c.weight > 0)
    ).scalar_one()


def _learn(db: Connection, now: datetime) -> Prior:
    """The prior over the counts of each article in a year."""
    rows = db.execute(
        select(func.sum(case((_votes.c.helpful, 1), else_=0)), func.count())
        .where(_votes.c.cast > now - PRIOR_WINDOW, _votes.c.weight > 0)
        .group_by(_votes.c.article, _votes.c.lang)
    )
    return prior_of((yes, total) for yes, total in rows)


def _kept(db: Connection, name: str, now: datetime, young: timedelta) -> list[float] | None:
    """None if it was never computed, is old, or comes from a clock that was ahead."""
    row = db.execute(
        select(_meta.c.value, _meta.c.computed).where(_meta.c.name == name)
    ).one_or_none()
    if row is None or not row.computed <= now < row.computed + young:
        return None
    values: list[float] = json.loads(row.value)
    return values
