"""What was measured of an engine, the best of several rounds, and the figures made of it."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean


@dataclass(frozen=True, slots=True)
class Measured:
    """One engine on one number of articles.

    `build` CPU seconds, `size` MB on disk, `memory` MB over an empty process; the rest CPU ms:
    `imported` and `opened` (to the first answer), `first` and `warm` for each question. `found`
    is the share of the questions whose article was among the ten best, None where no titles
    are given. `build` and `size` are None without an index of its own.
    """

    build: float | None
    size: float | None
    memory: float
    imported: float
    opened: float
    first: tuple[float, ...]
    warm: tuple[float, ...]
    found: float | None

    @property
    def per_second(self) -> float:
        """Questions that one core answers in a second, one after the other, warm."""
        return 1e3 / fmean(self.warm)


def best(rounds: Sequence[Measured]) -> Measured:
    """The least of each figure, as is usual for times: what is more, others have caused."""
    one = rounds[0]
    return Measured(
        build=None if one.build is None else min(each.build or 0.0 for each in rounds),
        size=one.size,
        memory=min(each.memory for each in rounds),
        imported=min(each.imported for each in rounds),
        opened=min(each.opened for each in rounds),
        first=tuple(map(min, zip(*(each.first for each in rounds), strict=True))),
        warm=tuple(map(min, zip(*(each.warm for each in rounds), strict=True))),
        found=one.found,
    )


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least `share` of the values do not exceed (nearest rank)."""
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)]


def median(values: Sequence[float]) -> float:
    return percentile(values, 0.5)
