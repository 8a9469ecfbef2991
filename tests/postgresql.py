"""A private PostgreSQL server for one run of the tests, and a fresh database for each test."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import psycopg

START_SECONDS = 60
# The server refuses to run as root; these accounts own nothing that the tests could harm.
HUMBLE_ACCOUNTS = ("postgres", "nobody")
# Durability is not what these tests are about, and their disks are slow.
DURABLE = (
    "listen_addresses=",
    "max_connections=100",
    "shared_buffers=32MB",
    "log_min_messages=fatal",
)
SETTINGS = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", *DURABLE)


@dataclass(frozen=True, slots=True)
class Account:
    """Whom a program runs as; the account of these tests where nothing is said."""

    user: int | None = None
    group: int | None = None
    groups: tuple[int, ...] | None = None


def name(address: str) -> str:
    """The database that an address of ours names."""
    return address.partition("?")[0].rpartition("/")[2]


@dataclass(frozen=True, slots=True)
class Server:
    """A running server that listens on a socket in `folder` only."""

    folder: Path
    _numbers: Iterator[int] = field(default_factory=count)

    def new_database(self, template: str = "template1") -> str:
        """The address of a database that nobody has used, a copy of `template`."""
        fresh = f"test_{next(self._numbers)}"
        with self._administration() as connection:
            connection.execute(f'CREATE DATABASE "{fresh}" TEMPLATE "{template}"'.encode())
        return f"postgresql+psycopg://tests@/{fresh}?host={self.folder}"

    def drop_database(self, address: str) -> None:
        """Remove a database, whoever is still connected to it."""
        with self._administration() as connection:
            connection.execute(f'DROP DATABASE "{name(address)}" WITH (FORCE)'.encode())

    def is_ready(self) -> bool:
        try:
            with self._administration():
                return True
        except psycopg.OperationalError:
            return False

    def _administration(self) -> psycopg.Connection:
        return psycopg.connect(
            host=str(self.folder), user="tests", dbname="postgres", autocommit=True
        )


_SHAPE = """
SELECT (SELECT row(max(xmin::text::bigint), count(*))::text FROM pg_class),
       (SELECT row(max(xmin::text::bigint), count(*))::text FROM pg_attribute),
       (SELECT row(max(xmin::text::bigint), count(*))::text FROM pg_constraint),
       (SELECT row(max(xmin::text::bigint), count(*))::text FROM pg_trigger),
       (SELECT row(max(xmin::text::bigint), count(*))::text FROM pg_proc),
       (SELECT string_agg(version_num, ' ') FROM alembic_version)
"""
_EMPTY = """
SET session_replication_role = replica;
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
 WHERE datname = current_database() AND pid <> pg_backend_pid();
{deletions};
SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, start_value, false)
  FROM pg_sequences
"""
_LARGE = 16 << 20


@dataclass(slots=True)
class Lent:
    """One database for many tests, each of which gets it as a copy of `template` would be.

    To make and to drop a database takes most of the time of a small test. So the rows are taken out
    instead, and only a database in which more than rows has changed, or many rows, is dropped.
    """

    server: Server
    template: str
    _address: str = ""
    _shape: tuple[object, ...] | None = None

    def lend(self) -> str:
        """The address of the database, empty."""
        if not self._address:
            self._address = self.server.new_database(self.template)
            with self._connection() as connection:
                self._shape = connection.execute(_SHAPE).fetchone()
        return self._address

    def take_back(self) -> None:
        """Empty it again."""
        with self._connection() as connection:
            size = connection.execute("SELECT pg_database_size(current_database())").fetchone()
            is_same = connection.execute(_SHAPE).fetchone() == self._shape
            if is_same and size is not None and size[0] < _LARGE:
                _empty(connection)
                return
        self.server.drop_database(self._address)
        self._address = ""

    def _connection(self) -> psycopg.Connection:
        return psycopg.connect(
            host=str(self.server.folder), user="tests", dbname=name(self._address), autocommit=True
        )


def _empty(connection: psycopg.Connection) -> None:
    tables = connection.execute(
        "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
        " AND tablename <> 'alembic_version'"
    ).fetchall()
    deletions = "; ".join(f'DELETE FROM "{table}"' for (table,) in tables)  # noqa: S608 -- our tables
    connection.execute(_EMPTY.format(deletions=deletions).encode())


@contextmanager
def serve(programs: Path, *, settings: tuple[str, ...] = SETTINGS) -> Iterator[Server]:
    """A server from `programs` (the folder of `initdb` and `postgres`), gone at the end.

    1. make a folder that the server's account owns, outside pytest's (which only root enters);
    2. initdb; 3. start and wait; 4. stop at once and remove the folder.
    """
    folder = Path(tempfile.mkdtemp(prefix="kb-postgresql-"))
    account = _humble_account()
    if account.user is not None and account.group is not None:
        os.chown(folder, account.user, account.group)
    try:
        _run(
            [programs / "initdb", "--username=tests", "--auth=trust", "--encoding=UTF8",
             "--locale=C", "--no-sync", "--no-instructions", "-D", folder / "data"],
            account,
        )  # fmt: skip
        process = _start(programs / "postgres", folder, account, settings)
        try:
            yield _wait(process, folder)
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(START_SECONDS)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _start(
    program: Path, folder: Path, account: Account, settings: tuple[str, ...]
) -> subprocess.Popen[bytes]:
    options = [part for setting in settings for part in ("-c", setting)]
    with (folder / "log").open("wb") as log:
        return subprocess.Popen(  # noqa: S603 -- the server we were given
            [program, "-D", folder / "data", "-k", folder, *options],
            stdout=log,
            stderr=log,
            cwd=folder,
            user=account.user,
            group=account.group,
            extra_groups=account.groups,
        )


def _wait(process: subprocess.Popen[bytes], folder: Path) -> Server:
    server = Server(folder)
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and process.poll() is None:
        if server.is_ready():
            return server
        time.sleep(0.05)
    log = (folder / "log").read_text(encoding="utf-8", errors="replace")
    raise RuntimeError(f"PostgreSQL did not start:\n{log}")


def _run(arguments: list[str | Path], account: Account) -> None:
    finished = subprocess.run(  # noqa: S603 -- the server we were given
        arguments,
        capture_output=True,
        text=True,
        check=False,
        cwd="/",
        user=account.user,
        group=account.group,
        extra_groups=account.groups,
    )
    if finished.returncode:
        raise RuntimeError(f"{arguments[0]} failed:\n{finished.stdout}{finished.stderr}")


def _humble_account() -> Account:
    """The account to run the server as: this one, if it is humble enough."""
    if os.geteuid() != 0:
        return Account()
    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    chosen = next(known[name] for name in HUMBLE_ACCOUNTS if name in known)
    return Account(chosen.pw_uid, chosen.pw_gid, groups=())
