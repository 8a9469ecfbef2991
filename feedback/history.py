"""What was said about one article, day by day, and which of it counts.

A day is a UTC day. Everything here treats the events of one day as a set: which votes count and
which belong to the present text follows from their day, network and revision, never from the
order in which they came in that day.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Self

from feedback.baseline import Baseline, Past
from feedback.model import Reason, Revision

DEFECTS = frozenset({Reason.OUTDATED, Reason.WRONG, Reason.BROKEN, Reason.STEP_MISSING})
"""Reasons that blame the article."""
NOT_DEFECTS = frozenset({Reason.DISAGREE, Reason.NOT_WHAT_I_LOOKED_FOR, Reason.OTHER})
"""Reasons that blame something else: the policy, the search. They count in its favour."""

NETWORK_LIMIT = 3
"""Counted votes a day from one network on one revision of an article."""


@dataclass(frozen=True, slots=True)
class VoteEvent:
    """One visitor's vote on one revision.

    `network` is a keyed hash whose salt changes daily, so only (day, network) can be told apart.
    A vote of weight 0 is kept for staff to see and never counts; any other counts once. The
    reason of a yes is ignored.
    """

    at: datetime
    helpful: bool
    revision: Revision
    network: str
    reason: Reason | None = None
    weight: int = 1


@dataclass(frozen=True, slots=True)
class Tally:
    """So many counted votes of one UTC day said the same of one revision.

    `reason` is that of a no.
    """

    day: date
    revision: Revision
    helpful: bool
    reason: Reason | None
    count: int


@dataclass(frozen=True, slots=True)
class AgentFlag:
    """A signed-in agent's word on a revision; only a defect (`DEFECTS`) is evidence."""

    at: datetime
    agent: str
    reason: Reason
    revision: Revision
    ticket: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Publication:
    """A build published this revision. A substantive one resets the evidence."""

    at: datetime
    revision: Revision
    substantive: bool = True


@dataclass(frozen=True, slots=True)
class Review:
    """A person found this revision correct as it is, or dismissed its flag as no defect.

    It resets the evidence and lets every vote so far join the baseline, those of its own day
    included.
    """

    at: datetime
    revision: Revision


@dataclass(frozen=True, slots=True)
class Fault:
    """A confirmed time of a bad article, both days included: no part of its baseline."""

    onset: date
    fixed: date


@dataclass(frozen=True, slots=True)
class History:
    """The event log of one article in one language, in any order.

    Without publications every revision counts as the present one. `tallies` are votes that were
    counted before, `votes` those that were not.
    """

    votes: tuple[VoteEvent, ...] = ()
    agent_flags: tuple[AgentFlag, ...] = ()
    publications: tuple[Publication, ...] = ()
    reviews: tuple[Review, ...] = ()
    faults: tuple[Fault, ...] = ()
    tallies: tuple[Tally, ...] = ()

    def until(self, day: date) -> Self:
        """The same without what is dated after `day`: a clock that ran ahead wrote it."""
        return replace(
            self,
            votes=tuple(vote for vote in self.votes if utc_day(vote.at) <= day),
            tallies=tuple(tally for tally in self.tallies if tally.day <= day),
            agent_flags=tuple(flag for flag in self.agent_flags if utc_day(flag.at) <= day),
            publications=tuple(one for one in self.publications if utc_day(one.at) <= day),
            reviews=tuple(review for review in self.reviews if utc_day(review.at) <= day),
        )

    def counted(self) -> tuple[Tally, ...]:
        """All votes that count."""
        return (*self.tallies, *tallied(self.votes))


@dataclass(frozen=True, slots=True)
class Day:
    """What counts of one UTC day.

    `reasons` tallies the no votes, `None` for those without a reason.
    """

    date: date
    yes: int
    reasons: Mapping[Reason | None, int]
    agent_flags: tuple[AgentFlag, ...] = ()

    @property
    def no(self) -> int:
        return sum(self.reasons.values())

    @property
    def defects(self) -> int:
        return sum(count for reason, count in self.reasons.items() if reason in DEFECTS)

    @property
    def not_defects(self) -> int:
        return sum(count for reason, count in self.reasons.items() if reason in NOT_DEFECTS)

    @property
    def blaming(self) -> tuple[AgentFlag, ...]:
        """The agents' flags that are evidence."""
        return tuple(flag for flag in self.agent_flags if flag.reason in DEFECTS)


def utc_day(at: datetime) -> date:
    """The UTC day of an aware moment."""
    return at.astimezone(UTC).date()


def counted(votes: Iterable[VoteEvent]) -> list[VoteEvent]:
    """The votes that count: weight above 0 and at most three a network, revision and day.

    Of more than three the mildest count (yes, then no without blame, last a defect), so the
    choice does not depend on the order of the day and a crowd in one network cannot pick its
    three sharpest voices. `votes.cast` has by then held most of the surplus, first come first
    served, by weight 0.
    """
    shared: dict[tuple[date, str, Revision], list[VoteEvent]] = defaultdict(list)
    for vote in votes:
        if vote.weight > 0:
            shared[utc_day(vote.at), vote.network, vote.revision].append(vote)
    return [vote for group in shared.values() for vote in sorted(group, key=_blame)[:NETWORK_LIMIT]]


def tallied(votes: Iterable[VoteEvent]) -> list[Tally]:
    """The votes that count, summed by day, revision and what they said."""
    sums: dict[tuple[date, Revision, bool, Reason | None], int] = {}
    for vote in counted(votes):
        reason = None if vote.helpful else vote.reason
        said = utc_day(vote.at), vote.revision, vote.helpful, reason
        sums[said] = sums.get(said, 0) + 1
    return [Tally(*said, count) for said, count in sums.items()]


def baseline_of(history: History, tallies: Iterable[Tally]) -> Baseline:
    """The article's past over all revisions, without the days of its confirmed faults."""
    yes: Counter[date] = Counter()
    total: Counter[date] = Counter()
    for tally in tallies:
        if not any(fault.onset <= tally.day <= fault.fixed for fault in history.faults):
            yes[tally.day] += tally.count if tally.helpful else 0
            total[tally.day] += tally.count
    daily = {day: Past(yes[day], total[day]) for day in total}
    return Baseline.of(daily, reviewed=(utc_day(review.at) for review in history.reviews))


def days_since_reset(history: History, tallies: Iterable[Tally]) -> list[Day]:
    """What counts since the last reset, ascending; days without events are left out.

    A vote belongs to the present text by its revision, not by the clock: a reader's stale page
    may send a vote for the old text long after the new one is out. A review takes the whole of
    its day with it, and so does a publication of the same revision again, by which its author
    says that what was wrong was mended elsewhere.
    """
    reset = _last_reset(history)
    flags = (flag for flag in history.agent_flags if reset.spares(utc_day(flag.at), flag.revision))
    return days((one for one in tallies if reset.spares(one.day, one.revision)), flags)


def days(tallies: Iterable[Tally], agent_flags: Iterable[AgentFlag] = ()) -> list[Day]:
    """The same events by their day, ascending."""
    votes: dict[date, list[Tally]] = defaultdict(list)
    flags: dict[date, list[AgentFlag]] = defaultdict(list)
    for tally in tallies:
        votes[tally.day].append(tally)
    for flag in agent_flags:
        flags[utc_day(flag.at)].append(flag)
    return [_day(day, votes[day], flags[day]) for day in sorted(votes.keys() | flags.keys())]


@dataclass(frozen=True, slots=True)
class _Reset:
    """Which events the last reset left standing: `revisions` is None where all are present."""

    first_day: date
    revisions: frozenset[Revision] | None
    reviewed: date | None

    def spares(self, day: date, revision: Revision) -> bool:
        present = self.revisions is None or revision in self.revisions
        after_review = self.reviewed is None or day > self.reviewed
        return present and day >= self.first_day and after_review


def _last_reset(history: History) -> _Reset:
    ordered = sorted(history.publications, key=lambda published: published.at)
    substantive = [place for place, published in enumerate(ordered) if published.substantive]
    present = ordered[substantive[-1] :] if substantive else ordered
    revisions = frozenset(published.revision for published in present) if present else None
    first_day = utc_day(present[0].at) if substantive else date.min
    if substantive and _says_the_same(ordered, substantive[-1]):
        first_day += timedelta(days=1)
    reviewed = (
        utc_day(review.at)
        for review in history.reviews
        if revisions is None or review.revision in revisions
    )
    return _Reset(first_day, revisions, max(reviewed, default=None))


def _says_the_same(ordered: Sequence[Publication], place: int) -> bool:
    """Whether the publication at this place has the revision of the one before it."""
    return place > 0 and ordered[place - 1].revision == ordered[place].revision


def _day(day: date, tallies: list[Tally], flags: list[AgentFlag]) -> Day:
    reasons: Counter[Reason | None] = Counter()
    for tally in tallies:
        if not tally.helpful:
            reasons[tally.reason] += tally.count
    return Day(
        date=day,
        yes=sum(tally.count for tally in tallies if tally.helpful),
        reasons=reasons,
        agent_flags=tuple(sorted(flags, key=lambda flag: (flag.agent, flag.reason, flag.ticket))),
    )


def _blame(vote: VoteEvent) -> tuple[int, str]:
    """Sorts yes first, then no by how much it says against the article; ties are alike."""
    reason = vote.reason or ""
    if vote.helpful:
        return 0, ""
    if vote.reason in NOT_DEFECTS:
        return 1, reason
    return (3 if vote.reason in DEFECTS else 2), reason
