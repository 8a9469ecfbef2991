"""`kill -9` of a real `kb serve` while 24 readers vote, on SQLite or on PostgreSQL.

    python -m tests.soak.kills [--kills 20] [--clients 24]

After each kill the service is started again. In the end every vote that was acknowledged must be
there, and the database must be whole. PostgreSQL is a private server, with fsync as shipped.
"""

import argparse
import tempfile
import time
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from random import Random

from sqlalchemy import select

from feedback import database, schema
from tests import machine, postgresql
from tests.faults import poll
from tests.soak import crowd
from tests.soak.crowd import Crowd

START_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Tally:
    """What the kills did; `slowest` is the longest start in seconds, from nothing to ready."""

    kills: int
    acknowledged: int
    stored: int
    lost: int
    is_whole: bool
    slowest: float


def run(place: Path, url: str, *, kills: int, clients: int = 24, seed: int = 1) -> Tally:
    """Kill the service so often. `place` does not exist yet; `url` may be empty for SQLite."""
    environment = {"KB_DATABASE_URL": url} if url else {}
    revision = crowd.build(place, environment)
    random = Random(seed)  # noqa: S311 -- a moment, no secret
    acknowledged: set[str] = set()
    slowest = 0.0
    for _ in range(kills):
        with crowd.serve(place, environment) as served:
            slowest = max(slowest, served.seconds)
            readers = Crowd(served.port, revision)
            readers.start(clients)
            _let_vote(readers, random)
            served.kill()
            readers.stop()
            acknowledged |= readers.acknowledged
    with crowd.serve(place, environment) as served:
        slowest = max(slowest, served.seconds)
    with closing(database.open(url or f"sqlite:///{place / 'var' / 'kb.db'}")) as db:
        with db.read() as connection:
            stored = set(connection.execute(select(schema.votes.c.search)).scalars())
        is_whole = poll.is_whole(db)
    lost = len(acknowledged - stored)
    return Tally(kills, len(acknowledged), len(stored), lost, is_whole, slowest)


def _let_vote(readers: Crowd, random: Random) -> None:
    """Until some votes are acknowledged, and some moments more."""
    until = time.monotonic() + 30
    while len(readers.acknowledged) < 10 and time.monotonic() < until:
        time.sleep(0.01)
    time.sleep(random.uniform(0, 1))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--clients", type=int, default=24)
    options = parser.parse_args()
    programs = machine.postgresql()
    assert programs is not None, "no PostgreSQL server here: python -m tests.machine"
    tallies = []
    with (
        tempfile.TemporaryDirectory(prefix="kb-kills-") as place,
        postgresql.serve(programs, settings=postgresql.DURABLE) as server,
    ):
        for name, url in (("SQLite", ""), ("PostgreSQL", server.new_database())):
            tally = run(Path(place) / name, url, kills=options.kills, clients=options.clients)
            print(  # noqa: T201 -- a command
                f"{name}: {tally.kills} kills, {tally.acknowledged:,} acknowledged, "
                f"{tally.stored:,} stored, {tally.lost} lost, "
                f"{'whole' if tally.is_whole else 'DAMAGED'}, slowest start {tally.slowest:.1f} s"
            )
            tallies.append(tally)
    for tally in tallies:
        assert (tally.lost, tally.is_whole) == (0, True)
        assert tally.slowest < START_SECONDS


if __name__ == "__main__":
    main()
