"""Numbered migrations of the database, run from code: no alembic.ini, no command of their own.

Each migration is one transaction, on SQLite too. A released migration is never edited; a change
is a new file in `versions/`.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect

from feedback import schema
from feedback.errors import DatabaseMisnamed, DatabaseTooNew

if TYPE_CHECKING:
    from alembic.config import Config
    from alembic.script import ScriptDirectory

# Any number will do, as long as every process of ours takes the same.
_ADVISORY_LOCK = 7_431_206


def upgrade(connection: Connection, *, place: str, to: str = "head") -> None:
    """Bring the schema up to `to`. `connection` must not be in a transaction.

    Raises DatabaseTooNew, naming `place`, for a schema that this program does not know, and
    DatabaseMisnamed for a database that another program keeps its tables in.
    """
    if to == "head" and _is_newest(connection):
        return
    from alembic import command
    from alembic.script import ScriptDirectory

    config = _config(connection)
    with _alone(connection):
        if _is_current(connection, ScriptDirectory.from_config(config), place=place):
            return
        command.upgrade(config, to)


def downgrade(connection: Connection, *, to: str) -> None:
    """Take the schema back to `to`, `base` for an empty database. Loses what was in it."""
    from alembic import command

    with _alone(connection):
        command.downgrade(_config(connection), to)


def _is_newest(connection: Connection) -> bool:
    """Whether the schema is that of the migration with the highest number.

    Asked without Alembic, which takes a tenth of a second to load: nearly always it is.
    """
    newest = max(file.name for file in (Path(__file__).parent / "versions").glob("[0-9]*.py"))
    with connection.begin():
        if not inspect(connection).has_table("alembic_version"):
            return False
        found = (
            connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalars().all()
        )
    return found == [newest.partition("_")[0]]


def _config(connection: Connection) -> "Config":
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", "feedback:migrations")
    config.attributes["connection"] = connection
    return config


def _is_current(connection: Connection, script: "ScriptDirectory", *, place: str) -> bool:
    from alembic.runtime.migration import MigrationContext
    from alembic.util import CommandError

    with connection.begin():
        present = MigrationContext.configure(connection).get_current_revision()
        there = inspect(connection).get_table_names() if present is None else []
    if clash := sorted(schema.metadata.tables.keys() & set(there)):
        raise DatabaseMisnamed(
            f"{place}: holds tables of another program ({', '.join(clash)}). Name an empty "
            "database."
        )
    known = script.get_current_head()
    if present is not None:
        try:
            script.get_revision(present)
        except CommandError:
            raise DatabaseTooNew(
                f"{place}: the schema has version {present}, this program knows versions up to "
                f"{known}. Start the newer program that made it, or restore the backup from "
                "before."
            ) from None
    return present == known


@contextmanager
def _alone(connection: Connection) -> Iterator[None]:
    """Keep other processes from migrating at the same time; let tables be rebuilt on SQLite.

    SQLite rebuilds a table to change it, and dropping the old one would fail or cascade while
    foreign keys are enforced. They can be switched only outside a transaction; `env.py` checks
    them before each migration is committed.
    """
    if connection.dialect.name == "sqlite":
        driver = connection.connection.driver_connection
        assert isinstance(driver, sqlite3.Connection)  # noqa: S101 -- for the type checker
        driver.execute("PRAGMA foreign_keys = OFF").close()
        try:
            yield
        finally:
            connection.rollback()
            driver.execute("PRAGMA foreign_keys = ON").close()
        return
    with connection.begin():
        connection.exec_driver_sql(f"SELECT pg_advisory_lock({_ADVISORY_LOCK})")
    try:
        yield
    finally:
        connection.rollback()
        with connection.begin():
            connection.exec_driver_sql(f"SELECT pg_advisory_unlock({_ADVISORY_LOCK})")
