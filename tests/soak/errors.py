"""Writes that fail: at each of the first so many writes, in each way a disk fails.

    python -m tests.soak.errors [--until 200]

Readers vote while the n-th write or sync to the disk fails, once or from then on. Nobody may be
told that a vote is stored that is not; and once the disk is well again, the next vote is stored,
by the same process.
"""

import argparse
import shutil
import tempfile
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import apsw

from feedback import database
from feedback.writer import Writer
from tests.faults import driver, poll
from tests.faults.disk import Disk
from tests.faults.poll import Poll

KINDS = (apsw.SQLITE_IOERR_WRITE, apsw.SQLITE_FULL, apsw.SQLITE_READONLY)


@dataclass(slots=True)
class Tally:
    """What errors did: how often one struck, whom it refused, and what should never be."""

    runs: int = 0
    struck: int = 0
    refused: int = 0
    acknowledged: int = 0
    lost: int = 0
    corrupt: int = 0
    stuck: int = 0


def run(place: Path, at: Iterable[int]) -> Tally:
    """Let the write of each of these numbers fail, in every way."""
    place.mkdir()
    poll.begin(place / "template.db")
    tally = Tally()
    for number in at:
        for kind in KINDS:
            for lasting in (False, True):
                _strike(place, (number, kind), tally, lasting=lasting)
    return tally


def _strike(place: Path, how: tuple[int, int], tally: Tally, *, lasting: bool) -> None:
    number, kind = how
    left = number
    path = place / "kb.db"
    shutil.copyfile(place / "template.db", path)
    disk = Disk()
    driver.vfs = disk.name

    def fail() -> None:
        nonlocal left
        left -= 1
        if left == 0 or (lasting and left < 0):
            raise apsw.exception_for(kind)

    with closing(database.open(f"sqlite:///{path}", driver=driver)) as db:
        with db.write():
            pass  # the write-ahead log is opened on a disk that is well
        disk.before = fail
        with closing(Writer(db)) as writer:
            readers = Poll(writer)
            crowd = 24 + number  # enough for the n-th write to come
            readers.vote_together(range(crowd))
            disk.before = lambda: None
            tally.stuck += not readers.vote(crowd)
        tally.runs += 1
        tally.struck += left <= 0
        tally.refused += len(readers.refused)
        tally.acknowledged += len(readers.acknowledged)
        tally.lost += len(readers.acknowledged - poll.stored(db))
        tally.corrupt += not poll.is_whole(db)
    disk.close()
    for file in place.glob("kb.db*"):
        file.unlink()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--until", type=int, default=200)
    until = parser.parse_args().until
    with tempfile.TemporaryDirectory(prefix="kb-errors-") as place:
        tally = run(Path(place) / "errors", range(1, until + 1))
    print(  # noqa: T201 -- a command
        f"{tally.runs} runs, {tally.struck} with an error: {tally.acknowledged:,} votes "
        f"acknowledged, {tally.refused:,} refused; {tally.lost} acknowledged and not there, "
        f"{tally.corrupt} files damaged, {tally.stuck} that did not recover"
    )
    assert (tally.lost, tally.corrupt, tally.stuck) == (0, 0, 0)


if __name__ == "__main__":
    main()
