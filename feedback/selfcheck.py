"""The monthly self-check: whether the threshold brings as many false flags as were accepted.

The threshold follows from a model of readers; this corrects what the model gets wrong of the
readers at hand. Once a month the threshold is moved by a third of ln(false flags seen in three
months / accepted in three months), that logarithm kept within .5.

It cannot run away. What is seen after a move contains the move, so the moves end where what is
seen is what is accepted: with a rate of false flags that falls as exp(-h), the distance to there
shrinks month by month (a third of what a window of three months shows: the roots of its
characteristic polynomial z³ - z² + (z² + z + 1) / 9 lie within .7 of 0). All moves together stay
within 1 nat, and within what the bounds of the threshold leave: a shift that the bounds would
hide is not gathered.
"""

from dataclasses import dataclass
from datetime import timedelta
from math import log

from feedback.evidence import DAYS_A_MONTH, THRESHOLD_BOUNDS

WINDOW = timedelta(days=90)
LEAST_WATCHED = timedelta(days=30)
STEP_BOUND = 0.5
SHIFT_BOUND = 1.0
_PART = 1 / 3


@dataclass(frozen=True, slots=True)
class Settled:
    """The flags raised in the time `watched`, at most a window: how many people have settled.

    `false` were found correct or dismissed, `right` were answered by an edit. Of the others,
    faded or still standing, nobody knows.
    """

    raised: int
    false: int
    right: int
    watched: timedelta

    @property
    def false_in_all(self) -> float:
        """Those found false, and as large a part of those that nobody has looked at."""
        return self.raised * self.false / (self.false + self.right)


def adjust(shift: float, settled: Settled, *, base: float, false_flags: float) -> float:
    """The shift for the next month, in nats; `base` is the threshold without any.

    Unchanged where nobody settled a flag, or where it was watched for less than a month.
    """
    low, high = (bound - base for bound in THRESHOLD_BOUNDS)
    if settled.false + settled.right and settled.watched >= LEAST_WATCHED:
        accepted = false_flags * (settled.watched / timedelta(days=1)) / DAYS_A_MONTH
        # One more on both sides: none seen in three months is little, not infinitely little.
        step = log((settled.false_in_all + 1) / (accepted + 1))
        shift += _PART * min(max(step, -STEP_BOUND), STEP_BOUND)
    return min(max(shift, -SHIFT_BOUND, low), SHIFT_BOUND, high)
