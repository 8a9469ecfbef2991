"""The rule that turns votes and agents' flags into evidence against an article, and a flag.

Evidence E is a Bernoulli CUSUM (Page 1954) in nats: the sum of the log-likelihood ratios (Wald
1945) of "gone bad" against "as usual", never below 0, where usual is the article's own baseline.

How a day changes it, and when a flag stands: `feedback.trail`.

`assess` is pure: the same history gives the same assessment, however often and however shuffled.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from math import log

from feedback import history
from feedback.baseline import Baseline, Prior, sigmoid, usual_share, worse_share
from feedback.history import Day, History, utc_day
from feedback.model import Reason, Severity
from feedback.trail import Trail
from feedback.weights import SHIPPED, Weights

THRESHOLD_BOUNDS = (2.0, 6.5)
FALSE_FLAG_RATE = 0.1
"""False flags a counted vote at threshold 0, fitted by simulation over 40 to 6,000 a month."""

FEW_VOTES = 20
"""Below so many counted votes a month the votes judge little: loop 1.6, small knowledge bases."""
DAYS_A_MONTH = 30.4

MEDIUM_FROM = 0.5
HIGH_FROM = 0.9
"""Where the words begin: medium where E reaches the threshold, high 2.2 nats above it."""

SEVERITY_WEIGHTS = {
    Severity.MONEY: 3,
    Severity.SAFETY: 3,
    Severity.LEGAL: 3,
    Severity.SECURITY: 3,
    Severity.LOCKED_OUT: 3,
    Severity.DEFAULT: 2,
    Severity.WORDING: 1,
}


class Level(StrEnum):
    """A probability in a word, for it is an ordering and no measurement."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


@dataclass(frozen=True, slots=True)
class Yardstick:
    """What every article of one knowledge base is measured with.

    `votes_a_month` are the counted votes of the whole base (see the function of that name),
    `false_flags` is the budget of false flags a month, above 0. `shift` is what the monthly
    self-check adds to the threshold, in nats.
    """

    prior: Prior
    votes_a_month: float
    false_flags: float = 2.0
    weights: Weights = SHIPPED
    shift: float = 0.0

    @property
    def threshold(self) -> float:
        """h, within its bounds whatever the self-check says."""
        return _bounded(threshold(self.votes_a_month, self.false_flags) + self.shift)

    @property
    def has_few_votes(self) -> bool:
        """Whether the votes are too few to judge by."""
        return round(self.votes_a_month) < FEW_VOTES


@dataclass(frozen=True, slots=True)
class Share:
    """`no` of `total` counted votes said no since the evidence last stood at 0."""

    no: int
    total: int
    since: date


@dataclass(frozen=True, slots=True)
class Usual:
    """The helpful share on the morning the evidence began to rise.

    It is `borrowed` from the other articles when this one had no votes of its own by then.
    """

    helpful: float
    borrowed: bool


@dataclass(frozen=True, slots=True)
class Reasoned:
    """So many of the no votes gave this reason."""

    reason: Reason
    count: int


@dataclass(frozen=True, slots=True)
class AgentSaid:
    """An agent flagged a defect; `ticket` may be empty."""

    agent: str
    reason: Reason
    ticket: str


Contribution = Share | Usual | Reasoned | AgentSaid


@dataclass(frozen=True, slots=True)
class Assessment:
    """What is known against one article at the end of `day`.

    `evidence` and `threshold` are in nats (E and h). `usual` and `worse` are the helpful shares
    by which a vote of `day` is judged (p0 and p1). `since` is the day on which E left 0, the
    estimate of when the trouble began (Page 1954); `yes` and `no` are the counted votes from
    then on. The last two count reasons since the last reset: they feed the clarity lane and the
    content gaps, not E.
    """

    day: date
    evidence: float
    threshold: float
    usual: float
    worse: float
    flagged: bool
    since: date | None
    yes: int
    no: int
    contributions: tuple[Contribution, ...]
    hard_to_understand: int
    not_what_i_looked_for: int

    @property
    def probability(self) -> float:
        """sigmoid(E - h): one half where the threshold is just reached."""
        return sigmoid(self.evidence - self.threshold)

    @property
    def level(self) -> Level:
        if self.probability < MEDIUM_FROM:
            return Level.LOW
        return Level.MEDIUM if self.probability < HIGH_FROM else Level.HIGH


def assess(
    past: History, yardstick: Yardstick, *, now: datetime, was_flagged: bool = False
) -> Assessment:
    """Judge one article by everything that was said about it until the end of `now`'s UTC day.

    `was_flagged` says whether a flag raised since the last reset is standing: it holds until E
    falls more than 1 below the threshold.

    1. Drop what does not count and what an earlier text or a review has settled.
    2. Walk the days that are left, each against the baseline of its morning.
    3. Flag where E reaches the threshold on the word of two days, or of an agent.
    """
    today = utc_day(now)
    past = past.until(today)
    tallies = past.counted()
    baseline = history.baseline_of(past, tallies)
    days = history.days_since_reset(past, tallies)

    trail = _follow(days, baseline, yardstick)
    run = trail.run
    usual = usual_share(yardstick.prior, baseline.on(today))
    return Assessment(
        day=today,
        evidence=trail.evidence,
        threshold=yardstick.threshold,
        usual=usual,
        worse=worse_share(usual),
        flagged=trail.is_flagged(yardstick.threshold, before=was_flagged),
        since=run[0].date if run else None,
        yes=sum(day.yes for day in run),
        no=sum(day.no for day in run),
        contributions=_contributions(run, baseline, yardstick.prior),
        hard_to_understand=_count(days, Reason.HARD_TO_UNDERSTAND),
        not_what_i_looked_for=_count(days, Reason.NOT_WHAT_I_LOOKED_FOR),
    )


def threshold(votes_a_month: float, false_flags: float) -> float:
    """h: where ln says that V votes a month raise F false flags, as 0.1·V·exp(-h) = F."""
    expected = FALSE_FLAG_RATE * votes_a_month / false_flags
    return _bounded(log(expected) if expected > 0 else 0.0)


def _bounded(h: float) -> float:
    low, high = THRESHOLD_BOUNDS
    return min(max(h, low), high)


def votes_a_month(counted_in_90_days: int) -> float:
    """V: the mean of 90 days, over a month of 30.4 days."""
    return counted_in_90_days / 90 * DAYS_A_MONTH


def urgency(probability: float, severity: Severity, reads_a_week: float) -> float:
    """What sorts the lane of suspects: about the readers a week whom the article fails, weighed.

    An article without a known reader counts one, so that evidence alone keeps its place.
    """
    return probability * SEVERITY_WEIGHTS[severity] * max(1.0, reads_a_week)


def _follow(days: Iterable[Day], baseline: Baseline, yardstick: Yardstick) -> Trail:
    trail = Trail()
    for day in days:
        usual = usual_share(yardstick.prior, baseline.on(day.date))
        trail = trail.then(day, usual, yardstick.weights)
    return trail


def _contributions(
    run: Sequence[Day], baseline: Baseline, prior: Prior
) -> tuple[Contribution, ...]:
    """What made the evidence, the votes first; nothing where there is none."""
    if not run:
        return ()
    found: list[Contribution] = []
    no = sum(day.no for day in run)
    if no:
        before = baseline.on(run[0].date)
        total = no + sum(day.yes for day in run)
        found.append(Share(no, total, run[0].date))
        found.append(Usual(usual_share(prior, before), borrowed=not before.total))
    reasons: Counter[Reason | None] = Counter()
    for day in run:
        reasons.update(day.reasons)
    found.extend(Reasoned(reason, reasons[reason]) for reason in Reason if reasons[reason])
    found.extend(
        AgentSaid(flag.agent, flag.reason, flag.ticket) for day in run for flag in day.blaming
    )
    return tuple(found)


def _count(days: Sequence[Day], reason: Reason) -> int:
    """How often readers or agents gave this reason."""
    return sum(
        day.reasons.get(reason, 0) + sum(flag.reason is reason for flag in day.agent_flags)
        for day in days
    )
