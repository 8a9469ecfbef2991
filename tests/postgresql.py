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
