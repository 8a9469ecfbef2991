"""What a reader's reason and an agent's flag say of an article, in nats: as shipped, or learned.

A weight is a log-likelihood ratio (Wald 1945): how much more often bad articles are spoken of so
than good ones. Knows verdicts and counts only.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import log

VERDICTS_NEEDED = 30
BOUNDS = (-1.0, 3.0)

DEFECT_NATS = log(0.6 / 0.2)
"""A reason that blames the article: given by 60 % of no-voters on bad, 20 % on good ones."""
NOT_DEFECT_NATS = log(0.4 / 0.8)
AGENT_NATS = 3.0


@dataclass(frozen=True, slots=True)
class Weights:
    """Nats for a reason that blames the article, one that does not, and an agent's flag.

    `verdicts` is how many they were learned from, 0 for those that are shipped.
    """

    defect: float = DEFECT_NATS
    not_defect: float = NOT_DEFECT_NATS
    agent: float = AGENT_NATS
    verdicts: int = 0


SHIPPED = Weights()


@dataclass(frozen=True, slots=True)
class Label:
    """What people found of an article that was reported or suspected.

    `defects` and `not_defects` count the readers' reasons of either kind that stood against it
    then, `agents` the agents' flags.
    """

    is_bad: bool
    defects: int
    not_defects: int
    agents: int


@dataclass(frozen=True, slots=True)
class _Seen:
    """So many of `total` observations had the signal."""

    having: int
    total: int

    @property
    def share(self) -> float:
        """By Laplace's rule of succession, so that what was not seen yet is not impossible."""
        return (self.having + 1) / (self.total + 2)


def learn(verdicts: Sequence[Label]) -> Weights:
    """The weights that these verdicts bear out; the shipped ones until there are 30.

    Each is ln(share among bad articles / share among good ones), kept in [-1, 3]. A reason is
    observed each time that a reader gives one, since the rule adds its weight each time; an
    agent's flag once a verdict. A signal that was never observed keeps its shipped weight.
    """
    if len(verdicts) < VERDICTS_NEEDED:
        return SHIPPED
    bad = [verdict for verdict in verdicts if verdict.is_bad]
    good = [verdict for verdict in verdicts if not verdict.is_bad]
    return Weights(
        defect=_weight(_defects(bad), _defects(good), DEFECT_NATS),
        not_defect=_weight(_not_defects(bad), _not_defects(good), NOT_DEFECT_NATS),
        agent=_weight(_agents(bad), _agents(good), AGENT_NATS),
        verdicts=len(verdicts),
    )


def _weight(bad: _Seen, good: _Seen, shipped: float) -> float:
    if not bad.having + good.having:
        return shipped
    low, high = BOUNDS
    return min(max(log(bad.share / good.share), low), high)


def _defects(verdicts: Sequence[Label]) -> _Seen:
    return _Seen(sum(one.defects for one in verdicts), _reasons(verdicts))


def _not_defects(verdicts: Sequence[Label]) -> _Seen:
    return _Seen(sum(one.not_defects for one in verdicts), _reasons(verdicts))


def _agents(verdicts: Sequence[Label]) -> _Seen:
    return _Seen(sum(one.agents > 0 for one in verdicts), len(verdicts))


def _reasons(verdicts: Sequence[Label]) -> int:
    return sum(one.defects + one.not_defects for one in verdicts)
