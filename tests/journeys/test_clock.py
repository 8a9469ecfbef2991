"""However the clock jumps and whatever becomes of the salts: no error, and one vote each a day."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from tests.journeys import shop
from tests.journeys.shop import Shop
from tests.journeys.test_attack import ballot, clocked

NOON = datetime(2026, 11, 9, 12, tzinfo=UTC)
DAY = timedelta(days=1)
WINTER, SUMMER = timezone(timedelta(hours=1)), timezone(timedelta(hours=2))


@dataclass(slots=True)
class Watched:
    """A service with a clock to turn; `salts` are all that were ever on its disk, in order."""

    shop: Shop
    clock: Path
    salts: list[str] = field(default_factory=list)

    def vote(self, reader: str, at: datetime) -> str:
        """What became of a no of this browser at this moment; the status where it failed."""
        self.clock.write_text(at.isoformat())
        with self.shop.client() as client:
            answer = client.post(
                "/api/v1/votes", json=ballot(self.shop), headers={"User-Agent": reader}
            )
        self._look()
        return str(answer.json()["outcome"] if answer.status_code == 200 else answer.status_code)

    def rows(self) -> int:
        with closing(sqlite3.connect(self.shop.root / "var/kb.db")) as db:
            return int(db.execute("SELECT count(*) FROM votes").fetchone()[0])

    def _look(self) -> None:
        file = self.shop.root / "var/salts"
        if file.is_file():
            for salt in json.loads(file.read_text("ascii")).values():
                if salt not in self.salts:
                    self.salts.append(salt)


@pytest.fixture(scope="module")
def watched(built_shop: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watched]:
    place = shop.copy_prepared(built_shop, tmp_path_factory.mktemp("clock"))
    clock = place / "clock"
    clock.write_text(NOON.isoformat())
    with clocked(place, clock) as running:
        yield Watched(running, clock)


STORIES = {
    "a day forward and back": [0, 24, 0, 24, 0],
    "a day back and forward": [24, 0, 24, 0],
    "around midnight": [11.99, 12.01, 11.99, 12.01],
}


@pytest.mark.parametrize("hours", STORIES.values(), ids=STORIES)
def test_a_clock_that_jumps_a_day_counts_nobody_twice(watched: Watched, hours: list[float]) -> None:
    reader, begin = f"Alice {hours}", NOON + 30 * DAY * (1 + list(STORIES.values()).index(hours))
    before = watched.rows()

    outcomes = [watched.vote(reader, begin + timedelta(hours=hour)) for hour in hours]

    assert outcomes == ["counted"] + ["already_counted"] * (len(hours) - 1)
    assert watched.rows() == before + 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            datetime(2027, 3, 28, 1, 59, tzinfo=WINTER),
            datetime(2027, 3, 28, 3, 0, tzinfo=SUMMER),
        ),
        (
            datetime(2027, 10, 31, 2, 59, tzinfo=SUMMER),
            datetime(2027, 10, 31, 2, 0, tzinfo=WINTER),
        ),
        (datetime(2028, 2, 28, 23, 59, tzinfo=UTC), datetime(2028, 2, 29, 0, 1, tzinfo=UTC)),
        (datetime(2028, 2, 29, 23, 59, tzinfo=UTC), datetime(2028, 3, 1, 0, 1, tzinfo=UTC)),
    ],
    ids=["into summer time", "out of summer time", "into the leap day", "out of the leap day"],
)
def test_a_night_of_the_calendar_counts_nobody_twice(
    watched: Watched, one: datetime, other: datetime
) -> None:
    outcomes = [watched.vote(f"Bob {one}", at) for at in (one, other)]

    assert outcomes == ["counted", "already_counted"]


@pytest.mark.parametrize("loss", ["deleted", "emptied", "torn", "no text", "a folder"])
def test_whatever_becomes_of_the_salts_while_it_runs_nobody_votes_twice_that_day(
    watched: Watched, loss: str
) -> None:
    salts = watched.shop.root / "var/salts"
    now = datetime(2029, 1, 1, 12, tzinfo=UTC) + len(loss) * DAY
    first = watched.vote(f"Charlie {loss}", now)
    content = salts.read_bytes()
    salts.unlink()
    if loss == "a folder":
        salts.mkdir()
    if written := {"torn": content[:40], "no text": b"\xff"}.get(loss):
        salts.write_bytes(written)
    if loss == "emptied":
        salts.touch()

    again = watched.vote(f"Charlie {loss}", now)
    if loss == "a folder":
        salts.rmdir()
    later = watched.vote(f"Charlie {loss}", now)

    assert [first, again, later] == ["counted", "already_counted", "already_counted"]


def test_no_salt_that_has_gone_ever_returns(watched: Watched) -> None:
    """After all the jumps before, and some more."""
    begin, known = datetime(2030, 1, 1, 12, tzinfo=UTC), set(watched.salts)
    seen: list[str] = []

    for days in (0, 1, 0, 2, 1, 3, 2, 4):
        watched.vote("Dora", begin + days * DAY)
        stored = json.loads((watched.shop.root / "var/salts").read_text("ascii"))
        newest = stored[max(stored)]
        if not seen or seen[-1] != newest:
            seen.append(newest)

    assert len(seen) == len(set(seen)) == 5
    assert known.isdisjoint(seen)
