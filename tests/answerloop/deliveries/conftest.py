"""A place to deliver from: a repository's settings, and a database of either kind."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from feedback.database import Database
from feedback.writer import Writer
from tests.answerloop.deliveries.place import Clock, Place

# The same databases as those of the feedback tests.
from tests.feedback.conftest import (
    backend,
    db,
    lent,
    postgresql_db,
    server,
    sqlite_db,
    sqlite_template,
)

__all__ = [
    "backend",
    "db",
    "lent",
    "postgresql_db",
    "server",
    "sqlite_db",
    "sqlite_template",
]


@pytest.fixture
def writer(db: Database) -> Iterator[Writer]:
    with closing(Writer(db)) as writer:
        yield writer


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def place(tmp_path: Path, writer: Writer, clock: Clock) -> Place:
    return Place(tmp_path / "repository", writer, clock)
