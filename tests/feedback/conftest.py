"""Every test of the database parts runs twice: on SQLite and on a real PostgreSQL."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from feedback import database
from feedback.database import Database
from tests import postgresql as private_postgresql
from tests.postgresql import Lent

BACKENDS = ("sqlite", "postgresql")


@pytest.fixture(scope="session")
def server(postgresql: Path) -> Iterator[private_postgresql.Server]:
    """A private PostgreSQL; the test fails, and is not skipped, where there is none."""
    with private_postgresql.serve(postgresql) as server:
        yield server


@pytest.fixture(params=BACKENDS)
def backend(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def database_url(backend: str, request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a database without a table."""
    if backend == "sqlite":
        folder: Path = request.getfixturevalue("tmp_path")
        yield f"sqlite:///{folder / 'kb.db'}"
        return
    server: private_postgresql.Server = request.getfixturevalue("server")
    address = server.new_database()
    yield address
    server.drop_database(address)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated file to copy: a migration for each test would take most of the time."""
    path = tmp_path_factory.mktemp("template") / "kb.db"
    _migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def lent(server: private_postgresql.Server) -> Lent:
    """A migrated database, lent to one test after the other."""
    address = server.new_database()
    _migrate(address)
    return Lent(server, private_postgresql.name(address))


@pytest.fixture
def sqlite_db(sqlite_template: Path, tmp_path: Path) -> Iterator[Database]:
    """An open SQLite database with all tables and no row."""
    path = tmp_path / "kb.db"
    shutil.copyfile(sqlite_template, path)
    opened = database.open(f"sqlite:///{path}")
    yield opened
    opened.close()


@pytest.fixture
def postgresql_db(lent: Lent) -> Iterator[Database]:
    """An open PostgreSQL database with all tables and no row."""
    opened = database.open(lent.lend())
    yield opened
    opened.close()
    lent.take_back()


@pytest.fixture
def db(backend: str, request: pytest.FixtureRequest) -> Database:
    """An open database with all tables and no row."""
    opened: Database = request.getfixturevalue(f"{backend}_db")
    return opened


def _migrate(address: str) -> None:
    opened = database.open(address)
    opened.upgrade()
    opened.close()
