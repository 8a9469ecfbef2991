"""A period of whole UTC days, and the one before it that it is compared with."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Self

LONGEST = 3_660
"""Days."""
_DAY = timedelta(days=1)
_WIDTHS = ((45, 1), (400, 7), (LONGEST, 28))
"""Up to so many days a trend has a point for each so many."""


@dataclass(frozen=True, slots=True)
class Period:
    """From `first` to `last`, both included."""

    first: date
    last: date

    @classmethod
    def ending(cls, last: date, days: int) -> Self:
        """The last so many days, at least one and at most `LONGEST`."""
        return cls(last - (min(max(days, 1), LONGEST) - 1) * _DAY, last)

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def before(self) -> "Period":
        """As many days, just before."""
        return Period(self.first - self.days * _DAY, self.first - _DAY)

    @property
    def begins(self) -> datetime:
        return datetime.combine(self.first, time(), UTC)

    @property
    def ends(self) -> datetime:
        """The first moment that is no part of it."""
        return datetime.combine(self.last + _DAY, time(), UTC)

    @property
    def parts(self) -> tuple["Period", ...]:
        """Its points in a trend: days, weeks or four weeks; the first may be shorter."""
        width = next(width for most, width in _WIDTHS if self.days <= most)
        found = []
        last = self.last
        while last >= self.first:
            first = max(self.first, last - (width - 1) * _DAY)
            found.append(Period(first, last))
            last = first - _DAY
        return tuple(reversed(found))

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last
