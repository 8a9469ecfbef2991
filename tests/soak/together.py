"""Sixteen votes of one visitor at the same moment, again and again, through a real `kb serve`.

    python -m tests.soak.together [--rounds 100]

Each round has a visitor of its own, who says yes and no at once: all sixteen must be answered with
success, and one row must be there.
"""

import argparse
import http.client
import json
import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from threading import Barrier

from sqlalchemy import func, select

from feedback import database, schema
from tests.faults import poll
from tests.soak import crowd

TOGETHER = 16


@dataclass(slots=True)
class Tally:
    """What the rounds did; `successes` are answers with 200, `rows` the votes that are there."""

    rounds: int = 0
    successes: int = 0
    rows: int = 0
    is_whole: bool = False


def run(place: Path, rounds: int, url: str = "") -> Tally:
    """So many rounds. `place` does not exist yet; `url` may be empty for SQLite."""
    environment = {"KB_DATABASE_URL": url} if url else {}
    revision = crowd.build(place, environment)
    tally = Tally()
    with crowd.serve(place, environment) as served, ThreadPoolExecutor(TOGETHER) as pool:
        for number in range(rounds):
            vote = _voting(served.port, revision, f"visitor {number}")
            tally.successes += list(pool.map(vote, range(TOGETHER))).count(http.client.OK)
            tally.rounds += 1
    with closing(database.open(url or f"sqlite:///{place / 'var/kb.db'}")) as db:
        with db.read() as connection:
            counted = select(func.count()).select_from(schema.votes)
            tally.rows = connection.execute(counted).scalar_one()
        tally.is_whole = poll.is_whole(db)
    return tally


def _voting(port: int, revision: str, visitor: str) -> Callable[[int], int]:
    """A vote that waits for fifteen others; it answers with the status."""
    together = Barrier(TOGETHER)

    def vote(number: int) -> int:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        said = {
            "article": crowd.ARTICLE, "lang": "en", "revision": revision,
            "helpful": number % 2 == 0,
        }  # fmt: skip
        headers = {
            "Content-Type": "application/json",
            "Sec-Fetch-Site": "same-origin",
            "User-Agent": visitor,
        }
        with closing(connection):
            connection.connect()
            together.wait(30)
            connection.request("POST", "/api/v1/votes", json.dumps(said), headers)
            return connection.getresponse().status

    return vote


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=100)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory(prefix="kb-together-") as place:
        tally = run(Path(place) / "help", rounds)
    print(  # noqa: T201 -- a command
        f"{tally.rounds} rounds of {TOGETHER}: {tally.successes:,} answered with success, "
        f"{tally.rows} rows, {'whole' if tally.is_whole else 'DAMAGED'}"
    )
    assert (tally.successes, tally.rows, tally.is_whole) == (TOGETHER * rounds, rounds, True)


if __name__ == "__main__":
    main()
