"""The product's rule, by the product's functions, followed day by day.

What `feedback.evidence.assess` computes from a whole history is computed here from yesterday's
state with the same functions, which is quicker by as much as a history is long; a test holds the
two equal. Once a month prior, weights and self-check are learned, as `feedback.yardsticks` does.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property

from benchmarks.flag_world.loop import Suspect
from benchmarks.flag_world.truth import Truth
from benchmarks.flag_world.world import START, reasons
from feedback import evidence, selfcheck, weights
from feedback.baseline import Baseline, Past, Prior, prior_of, sigmoid, usual_share
from feedback.evidence import Yardstick
from feedback.history import AgentFlag, Day, History, Publication, Review, Tally
from feedback.model import Reason, Revision, Severity
from feedback.selfcheck import Settled
from feedback.trail import Trail
from feedback.weights import SHIPPED, Label, Weights

_MONTH = 30
_YEAR = 365
_BEFORE, _LATER = Revision("before"), Revision("later")


@dataclass(frozen=True, slots=True)
class Options:
    """What the rule listens to, and what it learns. `learns_every` so many days, if at all."""

    false_flags: float = 2.0
    reasons: bool = True
    agents: bool = True
    weights: bool = False
    selfcheck: bool = False
    learns_every: int = _MONTH


@dataclass(slots=True)
class Flag:
    """Raised on this day; `was_false` is None until people have looked."""

    day: int
    was_false: bool | None = None


@dataclass(slots=True)
class Case:
    """One article: its days since the last reset, of which `followed` are in the trail.

    `first` is the day after the reset. The baseline and the days hold what is yet to come, too;
    no morning before it knows of it.
    """

    baseline: Baseline
    days: Sequence[Day]
    first: int = 0
    reviewed: tuple[int, ...] = ()
    followed: int = 0
    trail: Trail = field(default_factory=Trail)
    flag: Flag | None = None


class Evidence:
    """E against each article's own baseline, and the threshold from the budget."""

    def __init__(self, truth: Truth, options: Options) -> None:
        self._truth = truth
        self._options = options
        self.dates = truth.world.dates
        self._prior = Prior()
        self._weights: Weights = SHIPPED
        self._verdicts: list[Label] = []
        self.flags: list[Flag] = []
        self.until = -1
        self._thresholds: dict[int, float] = {}
        self.shift = 0.0
        self.shifts: list[float] = []
        self.cases = [
            Case(self._baseline(article, ()), self._days(article))
            for article in range(truth.world.scale.articles)
        ]

    def suspects(self, day: int) -> list[Suspect]:
        every = self._options.learns_every
        if (day + 1) // every > (self.until + 1) // every:
            self._learn(day)
        for article in range(len(self.cases)):
            self._follow(article, day)
        self.until = day
        h, share = self.yardstick(day).threshold, self._truth.world.share
        return [
            Suspect(
                article,
                evidence.urgency(
                    sigmoid(case.trail.evidence - h), Severity.DEFAULT, float(share[article]) * 1e6
                ),
            )
            for article, case in enumerate(self.cases)
            if case.flag
        ]

    def published(self, article: int, day: int) -> None:
        self._follow(article, day - 1)
        self._reset(article, day, was_false=False)

    def reviewed(self, article: int, day: int, *, bad: bool) -> None:
        case = self.cases[article]
        run = case.trail.run
        self._verdicts.append(
            Label(
                bad,
                defects=sum(one.defects for one in run),
                not_defects=sum(one.not_defects for one in run),
                agents=sum(len(one.blaming) for one in run),
            )
        )
        if not bad:
            case.reviewed = (*case.reviewed, day)
            self._reset(article, day + 1, was_false=True)

    def clears_after(self, article: int, day: int) -> int | None:
        """The edit itself has cleared it."""
        del article, day
        return 0

    def yardstick(self, day: int) -> Yardstick:
        return Yardstick(
            self._prior,
            self._volumes[day],
            self._options.false_flags,
            weights=self._weights,
            shift=self.shift,
        )

    def history(self, article: int) -> History:
        """What was said of an article by the end of the last day, as the product keeps it.

        Whatever reset it last is told as a publication, which resets as a review does.
        """
        case = self.cases[article]
        first, last = self.dates[case.first], self.dates[self.until]
        days = [one for one in self._days(article) if one.date <= last]
        return History(
            tallies=tuple(
                Tally(one.date, _LATER if one.date >= first else _BEFORE, helpful, reason, count)
                for one in days
                for helpful, reason, count in _counts(one)
            ),
            agent_flags=tuple(
                replace(flag, revision=_LATER if one.date >= first else _BEFORE)
                for one in days
                for flag in one.agent_flags
            ),
            publications=(
                Publication(_noon(START - timedelta(days=1)), _BEFORE),
                Publication(_noon(first), _LATER),
            ),
            reviews=tuple(Review(_noon(self.dates[day]), _BEFORE) for day in case.reviewed),
        )

    @cached_property
    def _volumes(self) -> list[float]:
        counted = self._truth.world.counted
        return [
            evidence.votes_a_month(int(counted[max(0, day - 89) : day + 1].sum()))
            for day in range(len(counted))
        ]

    def _reset(self, article: int, first: int, *, was_false: bool) -> None:
        case = self.cases[article]
        if case.flag:
            case.flag.was_false = was_false
        case.baseline = self._baseline(article, case.reviewed)
        morning = self.dates[first]
        case.days = [day for day in self._days(article) if day.date >= morning]
        case.first, case.followed, case.trail, case.flag = first, 0, Trail(), None

    def _follow(self, article: int, until: int) -> None:
        case = self.cases[article]
        while case.followed < len(case.days):
            day = case.days[case.followed]
            number = (day.date - START).days
            if number > until:
                break
            usual = usual_share(self._prior, case.baseline.on(day.date))
            case.trail = case.trail.then(day, usual, self._weights)
            case.followed += 1
            self._stand(case, number)
        if until >= 0:
            self._stand(case, until)

    def _stand(self, case: Case, day: int) -> None:
        if case.flag is None and not case.trail.run:
            return
        h = self._thresholds.get(day)
        if h is None:
            h = self._thresholds[day] = self.yardstick(day).threshold
        if not case.trail.is_flagged(h, before=case.flag is not None):
            case.flag = None
        elif case.flag is None:
            case.flag = Flag(day)
            self.flags.append(case.flag)

    def _learn(self, day: int) -> None:
        """Learn anew, and judge every article anew from its last reset, as the product does."""
        yes, no = self._truth.counts(day, _YEAR)
        self._prior = prior_of(zip(yes.tolist(), (yes + no).tolist(), strict=True))
        if self._options.weights:
            self._weights = weights.learn(self._verdicts)
        if self._options.selfcheck:
            self.shift = self._check(day)
            self._thresholds.clear()
            self.shifts.append(self.shift)
        for article, case in enumerate(self.cases):
            standing, raised = case.flag, len(self.flags)
            case.trail, case.followed = Trail(), 0
            self._follow(article, min(day, self.until))
            case.flag = standing
            del self.flags[raised:]

    def _check(self, day: int) -> float:
        watched = min(selfcheck.WINDOW, timedelta(days=day))
        recent = [flag for flag in self.flags if flag.day > day - watched.days]
        settled = Settled(
            raised=len(recent),
            false=sum(flag.was_false is True for flag in recent),
            right=sum(flag.was_false is False for flag in recent),
            watched=watched,
        )
        budget = self._options.false_flags
        base = evidence.threshold(self._volumes[day], budget)
        return selfcheck.adjust(self.shift, settled, base=base, false_flags=budget)

    def _baseline(self, article: int, reviewed: tuple[int, ...]) -> Baseline:
        said = self._truth.said(article)
        counts = zip(said.day.tolist(), said.yes.tolist(), said.no.tolist(), strict=True)
        daily = {self.dates[day]: Past(yes, yes + no) for day, yes, no in counts if yes + no}
        return Baseline.of(daily, (self.dates[day] for day in reviewed))

    def _days(self, article: int) -> list[Day]:
        said = self._truth.said(article)
        columns = (said.yes, said.defects, said.others, said.silent, said.agents)
        counts = zip(*(column.tolist() for column in columns), strict=True)
        days = (
            self._day(self.dates[number], tuple(count))
            for number, count in zip(said.day.tolist(), counts, strict=True)
        )
        return [day for day in days if day.yes or day.no or day.agent_flags]

    def _day(self, day: date, counts: tuple[int, ...]) -> Day:
        yes, defects, others, silent, agents = counts
        if not self._options.reasons:
            defects, others, silent = 0, 0, silent + defects + others
        flag = AgentFlag(_noon(day), "Bob", Reason.WRONG, _BEFORE)
        flags = (flag,) * agents if self._options.agents else ()
        return Day(day, yes, reasons(defects, others, silent), flags)


def _counts(day: Day) -> Iterator[tuple[bool, Reason | None, int]]:
    if day.yes:
        yield True, None, day.yes
    for reason, count in day.reasons.items():
        yield False, reason, count


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(12), UTC)
