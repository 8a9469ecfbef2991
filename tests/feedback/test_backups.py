"""A copy under its name is whole, whatever happens, and holds all that was said before it began."""

import signal
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from feedback import backups, database, schema
from feedback.errors import BackupUnusable, DatabaseDamaged, DatabaseTooNew
from feedback.writer import Writer
from tests.faults import poll
from tests.faults.poll import Poll
from tests.feedback.builders import NOW

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A database with one article to vote on."""
    path = tmp_path / "kb.db"
    poll.begin(path)
    return path


def enlarge(place: Path) -> None:
    """Let a copy take several steps."""
    with closing(database.open(f"sqlite:///{place}")) as db, db.write() as connection:
        connection.execute(schema.meta.insert().values(name="x", value="x" * 2**25, computed=NOW))


def take(place: Path, folder: Path, now: datetime = NOW) -> Path:
    with closing(database.open(f"sqlite:///{place}")) as db:
        return backups.take(db, folder, now, lambda _: None)


def vote(place: Path, readers: range) -> set[str]:
    """These readers vote; the names of those who were told that it is stored."""
    with closing(database.open(f"sqlite:///{place}")) as db, closing(Writer(db)) as writer:
        votes = Poll(writer)
        votes.vote_together(readers)
        return votes.acknowledged


def stored(place: Path) -> set[str]:
    with closing(database.open(f"sqlite:///{place}")) as db:
        assert poll.is_whole(db)
        return poll.stored(db)


def test_a_copy_under_load_misses_no_vote_committed_before_it_began(
    place: Path, tmp_path: Path
) -> None:
    enlarge(place)
    stopped = threading.Event()
    with closing(database.open(f"sqlite:///{place}")) as db, closing(Writer(db)) as writer:
        readers = Poll(writer)

        def go_on() -> None:
            number = 1_000
            while not stopped.is_set():
                readers.vote_together(range(number, number + 40))
                number += 40

        crowd = threading.Thread(target=go_on)
        crowd.start()
        while len(readers.acknowledged) < 40:
            stopped.wait(0.01)
        before = set(readers.acknowledged)
        during: list[int] = []
        copy = backups.take(
            db, tmp_path / "copies", NOW, lambda _: during.append(len(readers.acknowledged))
        )
        stopped.set()
        crowd.join()
        all_of_it = set(readers.acknowledged)

    assert len(during) > 3
    assert before <= stored(copy)
    assert all_of_it <= stored(place)
    assert not readers.refused


def test_a_copy_holds_what_is_still_in_the_log(place: Path, tmp_path: Path) -> None:
    with closing(database.open(f"sqlite:///{place}")) as db, closing(Writer(db)) as writer:
        Poll(writer).vote_together(range(10))
        log = place.with_name("kb.db-wal").stat().st_size

        copy = backups.take(db, tmp_path / "copies", NOW, lambda _: None)

    assert log > 0
    assert len(stored(copy)) == 10


def test_a_copy_is_one_file_for_its_owner_alone(place: Path, tmp_path: Path) -> None:
    copy = take(place, tmp_path / "copies")

    assert [file.name for file in copy.parent.iterdir()] == ["kb-2026-05-04T090000Z.db"]
    assert copy.stat().st_mode & 0o777 == 0o600
    assert copy.parent.stat().st_mode & 0o777 == 0o700


def test_a_copy_that_is_killed_half_way_leaves_no_half_file(place: Path, tmp_path: Path) -> None:
    enlarge(place)
    folder = tmp_path / "copies"
    killed = subprocess.run(  # noqa: S603 -- this very interpreter and a program of our own
        [sys.executable, "-c", _KILLED, str(place), str(folder)], check=False
    )
    left = {file.name: file.stat().st_size for file in folder.iterdir()}

    copy = take(place, folder)

    assert killed.returncode == -signal.SIGKILL
    assert 0 < max(left.values()) < copy.stat().st_size
    assert all(name.startswith(".") for name in left)
    assert list(folder.iterdir()) == [copy]


_KILLED = """
import os, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from feedback import backups, database
db = database.open("sqlite:///" + sys.argv[1])
kill = lambda _: os.kill(os.getpid(), signal.SIGKILL)
backups.take(db, Path(sys.argv[2]), datetime.now(UTC), kill)
"""


def test_a_damaged_database_gives_no_copy(place: Path, tmp_path: Path) -> None:
    vote(place, range(50))
    _spoil(place)

    with pytest.raises(
        DatabaseDamaged, match=rf"(?s)^{place}: .* Put the last backup in its place"
    ):
        take(place, tmp_path / "copies")

    assert list((tmp_path / "copies").iterdir()) == []


def test_a_file_in_the_way_of_the_folder_is_named(place: Path) -> None:
    with pytest.raises(BackupUnusable, match="File exists"):
        take(place, place)


def test_the_newest_of_seven_days_and_of_four_weeks_before_are_kept() -> None:
    now = datetime(2026, 11, 22, 23, tzinfo=UTC)  # a Sunday
    hourly = [now - number * 6 * HOUR for number in range(4 * 60)]

    kept = backups.keep(hourly, now)

    days = [now - number * DAY for number in range(7)]
    weeks = [now - number * 7 * DAY for number in range(1, 5)]
    assert kept == {*days, *weeks}


def test_no_copy_of_more_than_35_days_is_kept_and_the_newest_always_is() -> None:
    old = [NOW - 36 * DAY, NOW - 400 * DAY]

    kept = backups.keep([NOW, *old], NOW)

    assert kept == {NOW}


def test_a_daily_copy_is_never_more_than_35_days_old_at_any_day_of_the_week() -> None:
    present = [NOW - number * DAY for number in range(60)]

    for day in range(7):
        now = NOW + day * DAY
        kept = backups.keep([*present, *(NOW + number * DAY for number in range(1, day + 1))], now)
        assert len(kept) in (10, 11)
        assert now - min(kept) <= 34 * DAY


def test_what_is_no_copy_of_ours_is_not_thinned_out(place: Path, tmp_path: Path) -> None:
    folder = tmp_path / "copies"
    first = take(place, folder, NOW)
    for name in ("kb.db", "kb-2020-01-01.db", "notes.txt"):
        (folder / name).touch()
    second = take(place, folder, NOW + HOUR)

    removed = backups.thin_out(folder, NOW + HOUR)

    assert removed == [first]
    assert {file.name for file in folder.iterdir()} == {
        second.name, "kb.db", "kb-2020-01-01.db", "notes.txt"
    }  # fmt: skip


def test_a_restored_copy_is_the_database_and_what_was_there_is_kept(
    place: Path, tmp_path: Path
) -> None:
    early = vote(place, range(5))
    copy = take(place, tmp_path / "copies")
    late = vote(place, range(5, 9))

    aside = backups.restore(copy, place, NOW)

    assert aside == tmp_path / "kb-before-2026-05-04T090000Z.db"
    assert stored(place) == early
    assert stored(aside) == early | late
    assert stored(copy) == early


def test_a_copy_is_restored_where_nothing_or_only_ruins_are(place: Path, tmp_path: Path) -> None:
    early = vote(place, range(5))
    copy = take(place, tmp_path / "copies")
    _spoil(place)
    place.with_name("kb.db-wal").write_bytes(b"no log " * 100)

    aside = backups.restore(copy, place, NOW)
    restored = stored(place)
    place.unlink()
    from_nothing = backups.restore(copy, place, NOW)

    assert aside is not None
    assert restored == stored(place) == early
    assert from_nothing is None


def test_a_plain_cp_with_its_log_is_restored_with_it(place: Path, tmp_path: Path) -> None:
    with closing(database.open(f"sqlite:///{place}")) as db, closing(Writer(db)) as writer:
        Poll(writer).vote_together(range(7))
        for end in ("", "-wal"):
            (tmp_path / f"copied.db{end}").write_bytes((tmp_path / f"kb.db{end}").read_bytes())

    backups.restore(tmp_path / "copied.db", place, NOW)

    assert len(stored(place)) == 7


@pytest.mark.parametrize("flaw", ["missing", "no database", "torn", "spoilt", "another's"])
def test_what_is_no_whole_copy_is_refused_and_changes_nothing(
    place: Path, tmp_path: Path, flaw: str
) -> None:
    vote(place, range(50))
    copy = take(place, tmp_path / "copies")
    if flaw == "missing":
        copy.unlink()
    if flaw == "no database":
        copy.write_bytes(b"words " * 1000)
    if flaw == "torn":
        copy.write_bytes(copy.read_bytes()[: copy.stat().st_size // 2])
    if flaw == "spoilt":
        _spoil(copy)
    if flaw == "another's":
        copy.unlink()
        with closing(sqlite3.connect(copy)) as other:
            other.execute("CREATE TABLE notes (words)")
    before = sorted(file.name for file in tmp_path.iterdir())

    with pytest.raises(BackupUnusable, match=str(copy)):
        backups.restore(copy, place, NOW)

    assert before == sorted(file.name for file in tmp_path.iterdir())
    assert len(stored(place)) == 50


def test_a_copy_of_a_newer_program_is_refused_and_changes_nothing(
    place: Path, tmp_path: Path
) -> None:
    copy = take(place, tmp_path / "copies")
    with closing(sqlite3.connect(copy)) as newer:
        newer.execute("UPDATE alembic_version SET version_num = '9999'")
        newer.commit()

    with pytest.raises(DatabaseTooNew, match=r"kb-2026.*version 9999.*newer program"):
        backups.restore(copy, place, NOW)

    assert stored(place) == set()


def test_a_copy_of_an_older_program_is_brought_up_to_date(tmp_path: Path) -> None:
    place, copy = tmp_path / "kb.db", tmp_path / "old.db"
    poll.begin(place)
    with closing(database.open(f"sqlite:///{place}")) as db:
        backups.take(db, tmp_path / "copies", NOW, lambda _: None).replace(copy)
    from feedback import migrations

    with closing(database.open(f"sqlite:///{copy}")) as db, db.migrating() as connection:
        migrations.downgrade(connection, to="0001")

    backups.restore(copy, place, NOW)

    with closing(database.open(f"sqlite:///{place}")) as db, db.read() as connection:
        assert connection.execute(schema.tallies.select()).all() == []


def test_a_copy_holds_neither_salts_nor_keys(place: Path, tmp_path: Path) -> None:
    from feedback.visitors import Salts
    from tests.feedback.visits import identify

    identify(Salts(tmp_path))
    (tmp_path / "secret").write_bytes(b"a key of this installation, 32 b")
    salt = (tmp_path / "salts").read_text("ascii").split('"')[3]

    copy = take(place, tmp_path / "copies").read_bytes()

    assert bytes.fromhex(salt) not in copy
    assert salt.encode() not in copy
    assert (tmp_path / "secret").read_bytes() not in copy


def _spoil(file: Path) -> None:
    """Overwrite the head of a page, as a bad disk would."""
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    content = bytearray(file.read_bytes())
    content[-4096:-4032] = b"\xff" * 64
    file.write_bytes(content)
