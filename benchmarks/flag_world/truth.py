"""What is true of each article in one run of the loop, and what its readers therefore say."""

from dataclasses import dataclass

import numpy as np

from benchmarks.flag_world.world import NEVER, Numbers, World


@dataclass(frozen=True)
class Said:
    """The votes on one article by day: how many yes, and how many no of which kind."""

    day: Numbers
    yes: Numbers
    defects: Numbers
    others: Numbers
    silent: Numbers
    agents: Numbers

    @property
    def no(self) -> Numbers:
        return self.defects + self.others + self.silent


class Truth:
    """Which articles are bad, and since and until when."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.mended = np.full(world.scale.articles, NEVER)
        days, count = world.scale.days, world.scale.articles
        self._yes = np.zeros((count, days + 1), np.int64)
        self._no = np.zeros((count, days + 1), np.int64)
        self._said = [self._ask(article) for article in range(count)]
        for article in range(count):
            self._sum(article)

    def is_bad(self, article: int, day: int) -> bool:
        return bool(self.world.onset[article] <= day < self.mended[article])

    def mend(self, article: int, day: int) -> None:
        """From this day on the article is good again."""
        self.mended[article] = day
        self._said[article] = self._ask(article)
        self._sum(article)

    def said(self, article: int) -> Said:
        """All that is said about it until the end, if nothing else is mended."""
        return self._said[article]

    def counts(self, day: int, window: int) -> tuple[Numbers, Numbers]:
        """Yes and no of every article in the `window` days that end with `day`."""
        first = max(0, day + 1 - window)
        return (
            self._yes[:, day + 1] - self._yes[:, first],
            self._no[:, day + 1] - self._no[:, first],
        )

    def course(self, article: int, window: int) -> tuple[Numbers, Numbers]:
        """The same of one article, for every day."""
        ends = np.arange(1, self.world.scale.days + 1)
        first = np.maximum(0, ends - window)
        yes, no = self._yes[article], self._no[article]
        return yes[ends] - yes[first], no[ends] - no[first]

    def _ask(self, article: int) -> Said:
        world, votes = self.world, self.world.votes[article]
        onset, mended = world.onset[article], self.mended[article]
        bad = (onset <= votes.day) & (votes.day < mended)
        yes = votes.luck < np.where(bad, world.fallen[article], world.usual[article])
        defect = ~yes & votes.speaks & (votes.blame < np.where(bad, 0.6, 0.2))
        other = ~yes & votes.speaks & ~defect
        agents = np.concatenate(
            [
                world.flags_anyway.get(article, _NOBODY),
                *(
                    flags[(onset <= flags) & (flags < mended)]
                    for flags in [world.flags_if_bad.get(article, _NOBODY)]
                ),
            ]
        )
        days = np.unique(np.concatenate([votes.day, agents]))

        def count(which: Numbers) -> Numbers:
            return np.bincount(np.searchsorted(days, which), minlength=len(days))

        return Said(
            day=days,
            yes=count(votes.day[yes]),
            defects=count(votes.day[defect]),
            others=count(votes.day[other]),
            silent=count(votes.day[~yes & ~defect & ~other]),
            agents=count(agents),
        )

    def _sum(self, article: int) -> None:
        said = self._said[article]
        for sums, counts in ((self._yes, said.yes), (self._no, said.no)):
            sums[article] = 0
            sums[article, said.day + 1] = counts
            np.cumsum(sums[article], out=sums[article])


_NOBODY = np.zeros(0, np.int64)
