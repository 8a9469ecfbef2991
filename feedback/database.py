"""One database, two doors: `write` for one transaction at a time, `read` that cannot write.

On SQLite these are two engines on one file. Every writing transaction begins with BEGIN IMMEDIATE:
Python's own transaction mode leaves half a migration behind and lets two read-modify-writes lose
one. On PostgreSQL the rows that are read to be changed are locked by the functions that read them.
"""

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import TypeVar

import sqlalchemy as sa
from sqlalchemy import Connection, Engine, Table, event, func, select
from sqlalchemy.dialects import sqlite
from sqlalchemy.engine import URL, make_url

from feedback import filesystems, migrations, refusals, schema
from feedback.errors import (
    DatabaseMisnamed,
    DatabaseMisplaced,
    DatabaseUnavailable,
    DatabaseUnwritable,
)

BUSY_SECONDS = 10
_WRITER_PRAGMAS = (
    "journal_mode = WAL",
    "synchronous = FULL",
    "foreign_keys = ON",
    "secure_delete = ON",
    "trusted_schema = OFF",
    f"journal_size_limit = {64 * 1024 * 1024}",
)
_READER_PRAGMAS = ("query_only = ON", "foreign_keys = ON", "trusted_schema = OFF")

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Database:
    """An open database. `place` is its path or address without the password, for messages."""

    place: str
    _writer: Engine
    _reader: Engine
    _inode: tuple[int, int] | None = None

    @property
    def needs_one_writer(self) -> bool:
        """Whether writers hinder one another here, so that they should stand in line."""
        return self._writer.dialect.name == "sqlite"

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """One transaction: committed at the end of the block, rolled back if it raises.

        Raises DatabaseUnavailable when the database refuses; then nothing was stored.
        """
        self._check_file()
        with self.explained(), self._writer.begin() as connection:
            yield connection

    def apply(self, work: Callable[[Connection], T]) -> T:
        """Do this work in one transaction, and return what it returns."""
        with self.write() as connection:
            return work(connection)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """One consistent view of the data; a statement that writes is a bug and fails."""
        self._check_file()
        with self.explained(reading=True), self._reader.begin() as connection:
            yield connection

    def upgrade(self) -> None:
        """Bring the schema to this program's version; call it once at the start.

        Raises DatabaseTooNew when a newer program has made the schema, DatabaseUnwritable when
        the file cannot be written.
        """
        with self.migrating() as connection:
            migrations.upgrade(connection, place=self.place)

    @contextmanager
    def migrating(self) -> Iterator[Connection]:
        """A connection without a transaction, for `feedback.migrations`, which makes its own."""
        self._check_file()
        with self.explained(), self._writer.connect() as connection:
            yield connection

    def check(self) -> None:
        """Look through SQLite's file for damage. Raises DatabaseDamaged."""
        if not self.needs_one_writer:
            return
        with self.read() as connection:
            said = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar_one()
        if said != "ok":
            raise refusals.damaged(self.place, said)

    def beat(self, now: datetime) -> None:
        """A real write, for readiness. Raises DatabaseUnavailable when it fails."""
        self.apply(lambda connection: beat(connection, now))

    def close(self) -> None:
        """Give back all connections. SQLite folds its write-ahead log into the file."""
        self._reader.dispose()
        self._writer.dispose()

    @contextmanager
    def explained(self, *, reading: bool = False) -> Iterator[None]:
        """Turn what the driver says about a refusing database into our own errors."""
        try:
            yield
        except sa.exc.TimeoutError as problem:
            raise DatabaseUnavailable(
                f"{self.place}: no connection came free in {BUSY_SECONDS} seconds. Try again."
            ) from problem
        except (sa.exc.DBAPIError, sqlite3.Error) as problem:
            refusal = refusals.explain(problem, self.place)
            if refusal is None or (reading and isinstance(refusal, DatabaseUnwritable)):
                raise
            raise refusal from problem

    def _check_file(self) -> None:
        if self._inode is not None and self._inode != _inode(self.place):
            raise refusals.replaced(self.place)


def open(  # noqa: A001 -- read as `database.open`, like `tarfile.open`
    url: str, *, on_network: bool = False, driver: ModuleType | None = None
) -> Database:
    """The database at `url`: `sqlite:///path/to/file` or `postgresql+psycopg://…`.

    Of a file on a network disk it is refused unless `on_network` insists (DatabaseMisplaced).
    `driver` takes the place of Python's own sqlite3, for a test that needs a disk to fail.

    Does not create folders and does not touch the schema: call `upgrade` next. Raises
    DatabaseMisnamed for an address of another kind, DatabaseUnwritable for a missing folder.
    """
    address = _parse(url)
    if address.get_backend_name() == "sqlite":
        path = Path(address.database or "")
        if not on_network:
            _check_disk(path)
        return _open_sqlite(address, path, driver)
    return _open_postgresql(address)


def beat(connection: Connection, now: datetime) -> None:
    """Write the heartbeat's row: what succeeds here would succeed for a vote."""
    connection.execute(
        inserting(connection, schema.heartbeat)
        .values(id=1, beat=now)
        .on_conflict_do_update(index_elements=["id"], set_={"beat": now})
    )


def inserting(connection: Connection, table: Table) -> sqlite.Insert:
    """An INSERT that can say `on_conflict_do_update`, in the words of this database."""
    return inserting_into(connection.dialect.name, table)


def inserting_into(dialect: str, table: Table) -> sqlite.Insert:
    """The same by the name of the dialect, for statements that are made once."""
    if dialect == "sqlite":
        return sqlite.insert(table)
    from sqlalchemy.dialects import postgresql  # noqa: PLC0415  loads long, and few need it

    return postgresql.insert(table)  # type: ignore[return-value]  # asked for what both can say


def lock(connection: Connection, table: Table) -> None:
    """Keep other writers off the whole table until the transaction ends; readers go on.

    SQLite has one writer at a time as it is.
    """
    if connection.dialect.name == "postgresql":
        name = connection.dialect.identifier_preparer.format_table(table)
        connection.exec_driver_sql(f"LOCK TABLE {name} IN SHARE ROW EXCLUSIVE MODE")


def claim(connection: Connection, table: Table) -> bool:
    """Whether this transaction alone may now write a table that only keeps what was computed.

    Never waits, so it cannot be part of a deadlock: who is refused goes on without writing.
    """
    if connection.dialect.name == "sqlite":
        return True
    claimed = select(func.pg_try_advisory_xact_lock(func.hashtext(table.name)))
    return bool(connection.execute(claimed).scalar_one())


def _parse(url: str) -> URL:
    try:
        address = make_url(url)
    except sa.exc.ArgumentError:
        raise DatabaseMisnamed(
            "The database address cannot be read. Expected sqlite:///path/to/file or "
            "postgresql+psycopg://user:password@host/name."
        ) from None
    backend = address.get_backend_name()
    if backend in {"postgresql", "postgres"}:
        return address.set(drivername="postgresql+psycopg")
    if backend == "sqlite" and address.database and address.database != ":memory:":
        return address.set(drivername="sqlite+pysqlite")
    raise DatabaseMisnamed(
        f"{address.render_as_string()}: votes cannot be kept there. Expected a file, "
        "sqlite:///path/to/file, or postgresql+psycopg://user:password@host/name."
    )


def _check_disk(path: Path) -> None:
    if kind := filesystems.network_of(path.parent):
        raise DatabaseMisplaced(
            f"{path}: lies on a network disk ({kind}), where SQLite's locks do not hold and votes "
            "get lost. Use a disk of this machine, or PostgreSQL."
        )


def _open_sqlite(address: URL, path: Path, driver: ModuleType | None) -> Database:
    _claim(path)
    made = partial(
        sa.create_engine,
        address,
        module=driver,
        pool_timeout=BUSY_SECONDS,
        connect_args={"timeout": BUSY_SECONDS},
        hide_parameters=True,  # an error is logged, what a reader wrote is not
    )
    writer, reader = made(pool_size=1, max_overflow=0), made()
    _prepare(writer, _WRITER_PRAGMAS, "BEGIN IMMEDIATE")
    _prepare(reader, _READER_PRAGMAS, "BEGIN")
    return Database(place=str(path), _writer=writer, _reader=reader, _inode=_inode(path))


def _claim(path: Path) -> None:
    """Make sure of a file that only its owner reads: votes are nobody else's business."""
    if not path.parent.is_dir():
        raise DatabaseUnwritable(
            f"{path}: the folder {path.parent} does not exist. Create it, or name another place "
            "for the database."
        )
    try:
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    except OSError as problem:
        raise refusals.unwritable(str(path)) from problem


def _inode(path: str | Path) -> tuple[int, int] | None:
    """Which file stands at a path: a program that has another one open writes into nothing."""
    try:
        found = Path(path).stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _prepare(engine: Engine, pragmas: tuple[str, ...], begin: str) -> None:
    """Take the transactions out of the driver's hands and set each connection's pragmas."""

    @event.listens_for(engine, "connect")
    def set_pragmas(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None
        for pragma in pragmas:
            connection.execute(f"PRAGMA {pragma}").close()

    @event.listens_for(engine, "begin")
    def begin_transaction(connection: Connection) -> None:
        connection.exec_driver_sql(begin)


def _open_postgresql(address: URL) -> Database:
    place = address.render_as_string(hide_password=True)
    options = f"-c timezone=utc -c lock_timeout={BUSY_SECONDS}s"
    try:
        engine = sa.create_engine(
            address,
            pool_size=8,
            max_overflow=8,
            pool_timeout=BUSY_SECONDS,
            pool_pre_ping=True,
            connect_args={"options": options, "connect_timeout": BUSY_SECONDS},
            hide_parameters=True,
        )
    except ModuleNotFoundError as problem:
        raise DatabaseMisnamed(
            f"{place}: the driver for PostgreSQL is not installed. Install it with "
            "`pip install 'answerloop[postgresql]'`."
        ) from problem
    reader = engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    return Database(place=place, _writer=engine, _reader=reader)
