"""The rules that others use, and the calendar: what is suspect by them on some day."""

import numpy as np

from benchmarks.flag_world.loop import Suspect
from benchmarks.flag_world.truth import Truth
from benchmarks.flag_world.world import Numbers

SNOOZE = 60
"""Days that a rule which does not know of reviews is silent after one, as a courtesy."""


class Ratio:
    """Fewer than half of the votes in a window say yes, of at least `needed` votes."""

    def __init__(self, truth: Truth, window: int, needed: int) -> None:
        self._truth = truth
        self._window = window
        self._needed = needed
        self._silent_until = np.zeros(truth.world.scale.articles, np.int64)

    def suspects(self, day: int) -> list[Suspect]:
        yes, no = self._truth.counts(day, self._window)
        listed = self._is_bad(yes, no) & (self._silent_until <= day)
        share = self._truth.world.share
        return [Suspect(int(each), float(share[each])) for each in np.nonzero(listed)[0]]

    def published(self, article: int, day: int) -> None:
        """It does not know of revisions."""

    def reviewed(self, article: int, day: int, *, bad: bool) -> None:
        del bad
        self._silent_until[article] = day + SNOOZE

    def clears_after(self, article: int, day: int) -> int | None:
        """Days from `day` until it is no longer listed; None if it was not listed then."""
        yes, no = self._truth.course(article, self._window)
        listed = self._is_bad(yes, no)[day - 1 :]
        if not listed[0]:
            return None
        good = np.nonzero(~listed)[0]
        return int(good[0]) if len(good) else len(listed)

    def _is_bad(self, yes: Numbers, no: Numbers) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        return (yes + no >= self._needed) & (no > yes)


class Nobody:
    """No rule at all: nothing is ever suspect."""

    def suspects(self, day: int) -> list[Suspect]:
        del day
        return []

    def published(self, article: int, day: int) -> None:
        """It flags nothing."""

    def reviewed(self, article: int, day: int, *, bad: bool) -> None:
        """It flags nothing."""

    def clears_after(self, article: int, day: int) -> int | None:
        """It never lists anything."""
        del article, day
        return None
