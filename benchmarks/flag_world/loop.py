"""The closed loop: once a week people review what a rule suspects, and mend what is bad."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from benchmarks.flag_world.truth import Truth
from benchmarks.flag_world.world import DAYS_A_MONTH, NEVER, World

CAPACITY = 10
"""Reviews a week, at most."""
FIX_DAYS = 3
FIXES_THAT_WORK = 0.85
STALE_AFTER = 180


@dataclass(frozen=True, slots=True, order=True)
class Suspect:
    """An article that a rule lists, and what sorts it: the greatest urgency first."""

    article: int
    urgency: float


class Rule(Protocol):
    """Lists articles, and is told what became of them."""

    def suspects(self, day: int) -> list[Suspect]:
        """Those that it lists at the end of this day."""
        ...

    def published(self, article: int, day: int) -> None:
        """A changed text is out from this day on."""
        ...

    def reviewed(self, article: int, day: int, *, bad: bool) -> None:
        """Somebody looked at it on this day: it is bad and will be mended, or it is dismissed."""
        ...

    def clears_after(self, article: int, day: int) -> int | None:
        """Days from `day`, when a text that is right came out, until it is no longer listed.

        None if it was not listed on the day before.
        """
        ...


@dataclass(slots=True)
class Ledger:
    """What happened in the measured time; the counts are totals.

    `bad_views` would have been made of bad articles if nobody had mended anything, in parts of
    all views; `avoided` of them were not. `clears` is how many days a flag stood on after each
    fix that worked.
    """

    months: float
    reviews: int = 0
    wasted: int = 0
    clears: list[int] = field(default_factory=list)
    bad_views: float = 0.0
    avoided: float = 0.0

    @property
    def saved(self) -> float:
        return self.avoided / self.bad_views


def run(world: World, truth: Truth, rule: Rule, *, stale_a_week: int = 0) -> Ledger:
    """Live through the world with this rule.

    1. Harmless edits are published on their days, fixes three days after their review.
    2. Each seventh day up to ten suspects are looked at, then so many of the oldest.
    """
    team = _Team(world, truth, rule)
    for day in range(world.scale.days):
        team.publish(day)
        if day % 7 == 6:
            team.review(day, stale_a_week)
    team.ledger.bad_views, team.ledger.avoided = _bad_views(world, truth)
    return team.ledger


class _Team:
    """The people who review and mend."""

    def __init__(self, world: World, truth: Truth, rule: Rule) -> None:
        self.ledger = Ledger(months=world.scale.measured / DAYS_A_MONTH)
        self._world = world
        self._truth = truth
        self._rule = rule
        self._dice = np.random.default_rng([world.scale.days, 3])
        self._last_read = self._dice.integers(-365, 0, world.scale.articles)
        self._fixes: dict[int, list[int]] = defaultdict(list)
        self._in_work: set[int] = set()

    def publish(self, day: int) -> None:
        for article in np.nonzero(self._world.edited == day % 365)[0].tolist():
            self._rule.published(article, day)
        for article in self._fixes.pop(day, []):
            self._in_work.discard(article)
            works = self._dice.random() < FIXES_THAT_WORK
            if works:
                self._truth.mend(article, day)
            self._rule.published(article, day)
            stood_on = self._rule.clears_after(article, day) if works else None
            if stood_on is not None and day >= self._world.scale.warm_up:
                self.ledger.clears.append(stood_on)

    def review(self, day: int, stale_a_week: int) -> None:
        listed = [one for one in self._rule.suspects(day) if one.article not in self._in_work]
        listed.sort(key=lambda one: (-one.urgency, one.article))
        looked_at = [one.article for one in listed[:CAPACITY]]
        if day >= self._world.scale.warm_up:
            self.ledger.reviews += len(looked_at)
            self.ledger.wasted += sum(not self._truth.is_bad(each, day) for each in looked_at)
        for article in [*looked_at, *self._oldest(day, stale_a_week, looked_at)]:
            self._last_read[article] = day
            is_bad = self._truth.is_bad(article, day)
            self._rule.reviewed(article, day, bad=is_bad)
            if is_bad:
                self._in_work.add(article)
                self._fixes[day + FIX_DAYS].append(article)

    def _oldest(self, day: int, most: int, looked_at: Sequence[int]) -> list[int]:
        """Those of greatest age since they were read, weighed by views, of half a year and more."""
        age = day - self._last_read
        worth = np.where(age > STALE_AFTER, age * self._world.share, 0.0)
        worth[[*looked_at, *self._in_work]] = 0
        return [int(article) for article in np.argsort(-worth)[:most] if worth[article]]


def _bad_views(world: World, truth: Truth) -> tuple[float, float]:
    """The measured views of bad articles if nobody mends anything, and those that are avoided."""
    week = world.votes_a_day / world.votes_a_day.sum()
    until = np.concatenate([[0.0], np.cumsum(week)])
    first = np.clip(world.onset, world.scale.warm_up, world.scale.days)
    bad = world.onset < NEVER
    mended = np.clip(truth.mended, first, world.scale.days)
    would_be = ((until[-1] - until[first]) * world.share)[bad].sum()
    avoided = ((until[-1] - until[mended]) * world.share)[bad].sum()
    return float(would_be), float(avoided)
