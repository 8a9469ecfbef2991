"""How E rises and falls from day to day, and when a flag stands: the steps of the rule.

Days: a UTC day is taken as a whole. Its votes add up to one sum, of which a rise is cut at 2.5;
then E is kept from falling below 0; then the agents' flags of that day are added. That equals the
rule applied vote by vote with the rises of a day before its falls, so the order within a day has
no influence, and a day's yes votes cannot swallow an agent's flag of the same day. (Two texts
published on one day keep their order: it says which of them is the present one.) Each day is
judged by the baseline of its morning: what once was evidence changes only through new events.

Knows no history: what counts of a day and which days belong to the present text is said by
`feedback.history`.
"""

from dataclasses import dataclass
from math import log

from feedback.baseline import worse_share
from feedback.history import Day
from feedback.weights import SHIPPED, Weights

AGENT_NATS_A_DAY = 6.0
VOTES_RISE_A_DAY = 2.5
"""However many votes a day brings: ballot stuffing needs days, and a person looks meanwhile."""
NO_DAYS_NEEDED = 2
HYSTERESIS = 1.0


@dataclass(frozen=True, slots=True)
class Trail:
    """E at the end of some day, and the days with events since it last stood at 0."""

    evidence: float = 0.0
    run: tuple[Day, ...] = ()

    def then(self, day: Day, usual: float, weights: Weights = SHIPPED) -> "Trail":
        """The same after one more day, by the usual share of its morning (p0)."""
        evidence = advance(self.evidence, day, usual, weights)
        return Trail(evidence, (*self.run, day)) if evidence > 0 else Trail()

    def is_flagged(self, h: float, *, before: bool) -> bool:
        """Whether a flag stands now; `before`: one was standing already."""
        if before and self.evidence >= h - HYSTERESIS:
            return True
        return self.evidence >= h and self._is_corroborated

    @property
    def _is_corroborated(self) -> bool:
        """Whether an agent stands behind the evidence, or readers of two networks on two days.

        Networks can be told apart within a day only, so votes of two days are of two networks.
        """
        no_days = sum(1 for day in self.run if day.no)
        return no_days >= NO_DAYS_NEEDED or any(day.blaming for day in self.run)


def advance(evidence: float, day: Day, usual: float, weights: Weights = SHIPPED) -> float:
    """E at the end of `day`, from E at its beginning and the usual share of its morning (p0)."""
    worse = worse_share(usual)
    net = (
        day.yes * log(worse / usual)
        + day.no * log((1 - worse) / (1 - usual))
        + day.defects * weights.defect
        + day.not_defects * weights.not_defect
    )
    after_votes = max(0.0, evidence + min(net, VOTES_RISE_A_DAY))
    agents = min(len(day.blaming) * weights.agent, AGENT_NATS_A_DAY)
    return max(0.0, after_votes + agents)
