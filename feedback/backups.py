"""Copies of SQLite's database: made while it is written to, checked, thinned out, put back.

A copy is one file of its own. It holds the database as it was at one moment, and neither salts nor
keys, which are no part of it. A name without a dot in front of it stands for a whole, checked copy
at every moment, however a program ends.
"""

import os
import re
import shutil
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy.engine import make_url

from feedback import database, migrations, refusals
from feedback.database import Database
from feedback.errors import BackupUnusable

DAYS, WEEKS = 7, 4
LONGEST = timedelta(days=35)
"""What was erased is gone from the copies, too, after so long."""
_PAGES_AT_ONCE = 2_000
_STAMP = "%Y-%m-%dT%H%M%SZ"
_NAME = re.compile(r"kb-(\d{4}-\d\d-\d\dT\d{6}Z)\.db")
_UNFINISHED = re.compile(r"\.kb-.*\.db\.(\d+)\.tmp(?:-wal|-shm|-journal)?")

Told = Callable[[float], object]


def file_of(url: str) -> Path | None:
    """The file that a database address names; None for a database on a server."""
    address = make_url(url)
    return Path(address.database or "") if address.get_backend_name() == "sqlite" else None


def take(source: Database, folder: Path, now: datetime, told: Told) -> Path:
    """Copy an SQLite database into a folder; `told` hears the share that is done.

    1. SQLite's own backup into a file that no one takes for a copy: writers go on meanwhile, and
       all that was committed before it began is in it.
    2. It becomes a file without a log, is synced to the disk and looked through.
    3. Only then it gets its name.

    Raises BackupUnusable when the folder cannot be written, DatabaseDamaged when what was copied
    is not whole.
    """
    with _explained(folder):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _sweep(folder)
        target = folder / f"kb-{now.astimezone(UTC):{_STAMP}}.db"
        unfinished = folder / f".{target.name}.{os.getpid()}.tmp"
        try:
            os.close(os.open(unfinished, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
            _copy(source, unfinished, told)
            _sync(unfinished)
            if fault := _fault(unfinished):
                raise refusals.damaged(source.place, fault)
            unfinished.replace(target)
            _sync(folder)
        finally:
            unfinished.unlink(missing_ok=True)
    return target


def newest(folder: Path) -> datetime | None:
    """When the newest copy in a folder was made; None where there is none."""
    try:
        files = [file for file in folder.iterdir() if _NAME.fullmatch(file.name)]
    except OSError:
        return None
    return max(map(_moment, files), default=None)


def thin_out(folder: Path, now: datetime) -> list[Path]:
    """Remove the copies that need not be kept; which they were. Other files are left alone."""
    copies = {_moment(file): file for file in folder.iterdir() if _NAME.fullmatch(file.name)}
    kept = keep(copies, now)
    spare = [file for moment, file in sorted(copies.items()) if moment not in kept]
    for file in spare:
        file.unlink(missing_ok=True)
    return spare


def keep(moments: Iterable[datetime], now: datetime) -> set[datetime]:
    """Which copies to keep, by their moments (UTC).

    The newest of each of the last 7 days on which there is one, the newest of each of the 4 weeks
    before this one, none of more than 35 days.
    """
    young = sorted(moment for moment in moments if now - moment <= LONGEST)
    days = {moment.date(): moment for moment in young}
    weeks = {moment.isocalendar()[:2]: moment for moment in young}
    weeks.pop(now.isocalendar()[:2], None)
    return {days[day] for day in sorted(days)[-DAYS:]} | {
        weeks[week] for week in sorted(weeks)[-WEEKS:]
    }


def restore(copy: Path, place: Path, now: datetime) -> Path | None:
    """Put a copy where the database is; where what stood there is now, None if nothing did.

    No program may have the database open: the caller holds the lock of the service. The copy is
    looked through and brought to this program's schema before anything is touched. Raises
    BackupUnusable for a file that is no whole copy, DatabaseTooNew for one of a newer program.
    """
    ready = place.with_name(f".{place.name}.{os.getpid()}.tmp")
    try:
        with _explained(place.parent):
            _duplicate(copy, ready)
            _check(ready, copy)
            _upgrade(ready, copy)
            _sync(ready)
            aside = _set_aside(place, now)
            ready.replace(place)
            _sync(place.parent)
    finally:
        for file in (ready, *_logs(ready)):
            file.unlink(missing_ok=True)
    return aside


def _copy(source: Database, target: Path, told: Told) -> None:
    with source.read() as connection, closing(sqlite3.connect(target)) as copy:
        # From here on the source stands still for this connection; so the copy never begins anew.
        connection.exec_driver_sql("SELECT count(*) FROM sqlite_master")
        driver = connection.connection.driver_connection
        assert isinstance(driver, sqlite3.Connection)  # noqa: S101 -- for the type checker
        driver.backup(
            copy,
            pages=_PAGES_AT_ONCE,
            progress=lambda _, left, total: told(1 - left / max(total, 1)),
        )
        copy.execute("PRAGMA journal_mode = DELETE").close()


def _duplicate(copy: Path, ready: Path) -> None:
    """A private file of the same bytes; the log that a plain `cp` left beside it comes along."""
    if not copy.is_file():
        raise BackupUnusable(f"{copy}: there is no such file. Name a copy that `kb backup` made.")
    os.close(os.open(ready, os.O_CREAT | os.O_TRUNC | os.O_RDWR, 0o600))
    shutil.copyfile(copy, ready)
    log = copy.with_name(f"{copy.name}-wal")
    if log.is_file():
        shutil.copyfile(log, ready.with_name(f"{ready.name}-wal"))


def _fault(file: Path) -> str:
    """What is wrong with a file of SQLite, after a look through all of it; empty if nothing is."""
    try:
        with closing(sqlite3.connect(file)) as connection:
            said = str(connection.execute("PRAGMA integrity_check(1)").fetchone()[0])
            orphan = connection.execute("PRAGMA foreign_key_check").fetchone()
    except sqlite3.DatabaseError as problem:
        return str(problem)
    if said == "ok" and orphan:
        return f"rows of {orphan[0]} lack those of {orphan[2]}"
    return "" if said == "ok" else said


def _check(ready: Path, copy: Path) -> None:
    """Raises BackupUnusable."""
    if fault := _fault(ready):
        raise BackupUnusable(f"{copy}: is damaged, or no database ({fault}). Take another copy.")
    with closing(sqlite3.connect(ready)) as connection:
        tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
    if not {"alembic_version", "votes"} <= tables:
        raise BackupUnusable(
            f"{copy}: is no copy of a knowledge base's database. Name one that `kb backup` made."
        )


def _upgrade(ready: Path, named: Path) -> None:
    with (
        closing(database.open(f"sqlite:///{ready}", on_network=True)) as opened,
        opened.migrating() as connection,
    ):
        migrations.upgrade(connection, place=str(named))


def _set_aside(place: Path, now: datetime) -> Path | None:
    """Keep what stands there under another name, its log folded in or beside it."""
    if not place.exists():
        return None
    with suppress(sqlite3.DatabaseError), closing(sqlite3.connect(place)) as old:
        old.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    aside = place.with_name(f"{place.stem}-before-{now.astimezone(UTC):{_STAMP}}.db")
    os.link(place, aside)
    for log in _logs(place):  # the database would take the old log for its own
        if log.exists():
            log.replace(aside.with_name(log.name.replace(place.name, aside.name)))
    return aside


def _logs(file: Path) -> list[Path]:
    return [file.with_name(f"{file.name}{end}") for end in ("-wal", "-shm", "-journal")]


def _sweep(folder: Path) -> None:
    """Remove what programs that were killed left unfinished."""
    for file in folder.iterdir():
        left = _UNFINISHED.fullmatch(file.name)
        if left and not _runs(int(left[1])):
            file.unlink(missing_ok=True)


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:  # somebody else's
        return True
    return True


def _moment(file: Path) -> datetime:
    stamp = _NAME.fullmatch(file.name)
    assert stamp  # noqa: S101 -- its caller has looked
    return datetime.strptime(stamp[1], _STAMP).replace(tzinfo=UTC)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def _explained(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as problem:
        raise BackupUnusable(
            f"{folder}: {problem.strerror or problem}. Name a folder that the user who runs `kb` "
            "may write, with room left."
        ) from None
    except sqlite3.OperationalError as problem:
        raise BackupUnusable(f"{folder}: {problem}. Make room there, or try again.") from None
