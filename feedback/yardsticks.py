"""What every article is measured with, computed seldom and kept.

The volume of votes is counted hourly. The prior, the weights and the self-check's shift are learned
monthly; until there is enough to learn from, what is lent is asked for again hourly.
"""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, case, func, select

from feedback import database, evidence, labels, schema, selfcheck, tallies, weights
from feedback.baseline import Prior, prior_of
from feedback.evidence import Yardstick
from feedback.history import utc_day
from feedback.weights import SHIPPED, VERDICTS_NEEDED, Weights

VOLUME_WINDOW = timedelta(days=90)
PRIOR_WINDOW = timedelta(days=365)
_HOUR = timedelta(hours=1)
_MONTH = timedelta(days=30)

_KEPT = frozenset({"volume", "prior", "weights", "shift"})
_meta = schema.meta
_tallies = schema.tallies


@dataclass(frozen=True, slots=True)
class Figures:
    """What a yardstick is made of.

    `volume` are the counted votes of the last 90 UTC days, today's among them; `prior` is that of
    365. `fresh` names those that were computed just now and should be kept.
    """

    volume: int
    prior: Prior
    weights: Weights
    shift: float
    fresh: frozenset[str]

    def yardstick(self, false_flags: float) -> Yardstick:
        """With this budget of false flags a month."""
        return Yardstick(
            prior=self.prior,
            votes_a_month=evidence.votes_a_month(self.volume),
            false_flags=false_flags,
            weights=self.weights,
            shift=self.shift,
        )


def current(db: Connection, now: datetime, *, false_flags: float) -> Yardstick:
    """The yardstick of now. Writes nothing."""
    return figures(db, now, false_flags=false_flags).yardstick(false_flags)


def figures(db: Connection, now: datetime, *, false_flags: float) -> Figures:
    """What is kept where that is young enough, the rest computed. Writes nothing."""
    kept = {name: found for name in _KEPT if (found := _kept(db, name, now))}
    young = {name: found.values for name, found in kept.items() if _is_young(name, found)}
    volume = int(young["volume"][0]) if "volume" in young else _count(db, now)
    prior = Prior(*young["prior"]) if "prior" in young else _learn_prior(db, now)
    base = evidence.threshold(evidence.votes_a_month(volume), false_flags)
    if "shift" in young or "shift" not in kept:
        shift = young.get("shift", [0.0])[0]
    else:
        settled = labels.settled(db, now)
        shift = selfcheck.adjust(
            kept["shift"].values[0], settled, base=base, false_flags=false_flags
        )
    return Figures(
        volume=volume,
        prior=prior,
        weights=_weights(young["weights"]) if "weights" in young else _learn_weights(db, prior),
        shift=shift,
        fresh=frozenset(_KEPT - young.keys()),
    )


def keep(db: Connection, computed: Figures, now: datetime) -> None:
    """Keep what was fresh for the next. Only one transaction at a time does; none waits."""
    if not computed.fresh or not database.claim(db, _meta):
        return
    learned = computed.weights
    values = {
        "volume": [computed.volume],
        "prior": [computed.prior.a, computed.prior.b],
        "weights": [learned.defect, learned.not_defect, learned.agent, learned.verdicts],
        "shift": [computed.shift],
    }
    for name in sorted(computed.fresh):
        row = {"value": json.dumps(values[name]), "computed": now}
        db.execute(
            database.inserting(db, _meta)
            .values(name=name, **row)
            .on_conflict_do_update(index_elements=["name"], set_=row)
        )


def _count(db: Connection, now: datetime) -> int:
    counted = select(func.coalesce(func.sum(_tallies.c.count), 0)).where(
        _within(VOLUME_WINDOW, now)
    )
    return int(db.execute(counted).scalar_one())


def _learn_prior(db: Connection, now: datetime) -> Prior:
    """The prior over the counts of each article in a year."""
    yes = case((_tallies.c.said == tallies.YES, _tallies.c.count), else_=0)
    rows = db.execute(
        select(func.sum(yes), func.sum(_tallies.c.count))
        .where(_within(PRIOR_WINDOW, now))
        .group_by(_tallies.c.article, _tallies.c.lang)
    )
    return prior_of((int(yes), int(total)) for yes, total in rows)


def _learn_weights(db: Connection, prior: Prior) -> Weights:
    found = labels.found(db)
    if len(found) < VERDICTS_NEEDED:
        return SHIPPED
    return weights.learn(labels.read(db, found, prior))


def _within(window: timedelta, now: datetime) -> ColumnElement[bool]:
    """The UTC days of a window that ends with today. What a clock ahead has dated is no part."""
    today = utc_day(now)
    return (_tallies.c.day > today - window) & (_tallies.c.day <= today)


@dataclass(frozen=True, slots=True)
class _Kept:
    values: list[float]
    age: timedelta


def _kept(db: Connection, name: str, now: datetime) -> _Kept | None:
    """None if it was never computed, or comes from a clock that was ahead."""
    row = db.execute(
        select(_meta.c.value, _meta.c.computed).where(_meta.c.name == name)
    ).one_or_none()
    if row is None or row.computed > now:
        return None
    return _Kept(json.loads(row.value), now - row.computed)


def _is_young(name: str, kept: _Kept) -> bool:
    """Hourly goes what may soon be learned, and what moves with every vote."""
    lent = {
        "prior": [Prior().a, Prior().b],
        "weights": [SHIPPED.defect, SHIPPED.not_defect, SHIPPED.agent, SHIPPED.verdicts],
    }
    is_hourly = name == "volume" or kept.values == lent.get(name)
    return kept.age < (_HOUR if is_hourly else _MONTH)


def _weights(values: list[float]) -> Weights:
    defect, not_defect, agent, learned_from = values
    return Weights(defect, not_defect, agent, int(learned_from))
