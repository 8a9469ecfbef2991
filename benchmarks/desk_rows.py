"""What the tables of `desk_world` are made of: articles by how often they are read, and rows."""

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import accumulate, islice

from sqlalchemy import Connection, Table, insert

from feedback import forgetting

DAY = timedelta(days=1)
YEAR, KEPT = 365, 90
"""Days of votes, and days of searches."""
_KNOWN = 2 * DAY
"""So long a reader's key lives; older rows hold what is left of one."""
_PORTION = 20_000

Row = dict[str, object]


@dataclass(frozen=True, slots=True)
class Size:
    """How much of each there is."""

    articles: int = 10_000
    votes: int = 1_000_000
    searches: int = 300_000
    items: int = 600
    reports: int = 2_000
    remarks: int = 10_000
    links: int = 100_000
    deeds: int = 50_000


@dataclass(frozen=True, slots=True)
class Known:
    """The articles as a build told of them, the most read first."""

    places: Sequence[tuple[str, str, str]]
    chance: random.Random = field(default_factory=lambda: random.Random(1))  # noqa: S311  # repeatable, not secret

    def draw(self, count: int) -> Iterator[int]:
        """The numbers of articles that are read, one by one."""
        weights = list(accumulate(1 / (number + 1) for number in range(len(self.places))))
        left = count
        while left:
            part = min(left, _PORTION)
            yield from self.chance.choices(range(len(self.places)), cum_weights=weights, k=part)
            left -= part

    def of(self, number: int) -> Row:
        article, lang, revision = self.places[number]
        return {"article": article, "lang": lang, "revision": revision}

    def key(self, number: int) -> Row:
        article, lang, _ = self.places[number]
        return {"article": article, "lang": lang}


def reader(number: int, at: datetime, now: datetime) -> str:
    """What a table holds of a reader, or of a network, who came then."""
    name = f"{number:032x}"
    return name if now - at < _KNOWN else forgetting.MARK + name


def put(db: Connection, table: Table, rows: Iterable[Row]) -> None:
    """In portions, so that a million of them need not be held at once."""
    left = iter(rows)
    while part := list(islice(left, _PORTION)):
        db.execute(insert(table), part)
