"""What deleted rows leave behind in SQLite's files."""

import sqlite3

from feedback.database import BUSY_SECONDS, Database

_PATIENCE = 200
"""Milliseconds: whoever votes meanwhile waits for as long."""


def wipe(database: Database) -> bool:
    """Write SQLite's log into the file and empty it: it holds old pages, with what was deleted.

    In the file itself `secure_delete` wipes a row where it stands. False where a reader kept the
    log busy: then try again later. PostgreSQL has VACUUM and its own log for that.
    """
    if not database.needs_one_writer:
        return True
    with database.migrating() as connection:
        driver = connection.connection.driver_connection
        assert isinstance(driver, sqlite3.Connection)  # noqa: S101 -- for the type checker
        driver.execute(f"PRAGMA busy_timeout = {_PATIENCE}").close()
        try:
            is_busy = driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        finally:
            driver.execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}").close()
    return not is_busy
