"""Power cuts under the product's own writer and pragmas.

    python -m tests.soak.power [--cuts 200]

Each cut is taken at some write or sync while readers vote. What the disk would then hold is opened
again: every vote that was acknowledged before the cut must be in it, and the file must be whole.
The control, `synchronous=NORMAL`, has to lose votes, or the test would prove nothing.
"""

import argparse
import tempfile
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from random import Random

from sqlalchemy.exc import DBAPIError

from feedback import database
from feedback.errors import DatabaseError
from feedback.writer import Writer
from tests.faults import driver, poll
from tests.faults.disk import Disk
from tests.faults.poll import Poll

_VOTES_A_CUT = 12


@dataclass(slots=True)
class Tally:
    """What cuts did: how many, of how many acknowledged votes, how many lost, files damaged."""

    cuts: int = 0
    acknowledged: int = 0
    lost: int = 0
    corrupt: int = 0


def run(place: Path, cuts: int, *, pragmas: tuple[str, ...] = (), seed: int = 1) -> Tally:
    """Cut the power so often. `pragmas` are laid over the shipped ones."""
    place.mkdir()
    poll.begin(place / "kb.db")
    random = Random(seed)  # noqa: S311 -- a coin, no secret
    disk, tally = Disk(), Tally()
    driver.vfs = disk.name
    with closing(database.open(f"sqlite:///{place / 'kb.db'}", driver=driver)) as db:
        with db.migrating() as connection:
            for pragma in pragmas:  # past SQLAlchemy, which would begin a transaction
                connection.connection.cursor().execute(f"PRAGMA {pragma}")
        with closing(Writer(db)) as writer:
            _cut_while_voting(Poll(writer), disk, tally, (cuts, place, random))
    disk.close()
    return tally


def _cut_while_voting(
    readers: Poll, disk: Disk, tally: Tally, how: tuple[int, Path, Random]
) -> None:
    cuts, place, random = how
    left = random.randrange(60)

    def maybe_cut() -> None:
        nonlocal left
        left -= 1
        if left <= 0 and tally.cuts < cuts:
            left = random.randrange(1, 60)
            tally.cuts += 1
            promised = set(readers.acknowledged)  # before the image: none of it may be missing
            _verify(disk.survivors(random), promised, place / f"after-{tally.cuts}", tally)

    disk.before = maybe_cut
    first = 0
    while tally.cuts < cuts:
        readers.vote_together(range(first, first + _VOTES_A_CUT))
        first += _VOTES_A_CUT
    disk.before = lambda: None


def _verify(image: dict[str, bytes], promised: set[str], place: Path, tally: Tally) -> None:
    place.mkdir()
    for name, content in image.items():
        (place / name).write_bytes(content)
    tally.acknowledged += len(promised)
    try:
        with closing(database.open(f"sqlite:///{place / 'kb.db'}")) as db:
            tally.lost += len(promised - poll.stored(db))
            tally.corrupt += not poll.is_whole(db)
    except (DatabaseError, DBAPIError):
        tally.corrupt += 1
        tally.lost += len(promised)
    for file in place.iterdir():
        file.unlink()


def main(say: Callable[[str], None] = print) -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--cuts", type=int, default=200)
    cuts = parser.parse_args().cuts
    with tempfile.TemporaryDirectory(prefix="kb-power-") as place:
        shipped = run(Path(place) / "shipped", cuts)
        busy = run(Path(place) / "busy", cuts, pragmas=("wal_autocheckpoint = 8",), seed=2)
        control = run(Path(place) / "control", cuts, pragmas=("synchronous = NORMAL",), seed=3)
    for name, tally in (
        ("as shipped", shipped),
        ("as shipped, many checkpoints", busy),
        ("control, synchronous=NORMAL", control),
    ):
        say(
            f"{name}: {tally.cuts} cuts, {tally.acknowledged:,} acknowledged votes, "
            f"{tally.lost:,} lost, {tally.corrupt} corrupt"
        )
    assert (shipped.lost, shipped.corrupt, busy.lost, busy.corrupt) == (0, 0, 0, 0)
    assert control.lost > 0, "the control lost nothing, so the test proves nothing"


if __name__ == "__main__":
    main()
