"""What a database says when it refuses, in our own errors: where, what, and what to do."""

import sqlite3

import sqlalchemy as sa

from feedback.errors import (
    DatabaseDamaged,
    DatabaseError,
    DatabaseUnavailable,
    DatabaseUnwritable,
)

# What SQLite answers when the disk, the file or another process is in the way, not the statement.
_IN_THE_WAY = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_NOMEM,
    sqlite3.SQLITE_PROTOCOL,
}
_UNWRITABLE = {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM}
_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
_PRIMARY_CODE = 0xFF  # the low byte of an extended result code


def explain(problem: sa.exc.DBAPIError | sqlite3.Error, place: str) -> DatabaseError | None:
    """Our error for a database that refuses; None when it was the statement that was wrong."""
    said = problem.orig if isinstance(problem, sa.exc.DBAPIError) else problem
    if isinstance(said, sqlite3.Error):
        code = getattr(said, "sqlite_errorcode", 0) & _PRIMARY_CODE
        if code in _UNWRITABLE:
            return unwritable(place)
        if code in _DAMAGED:
            return damaged(place, str(said))
        if code not in _IN_THE_WAY:
            return None
    elif not isinstance(problem, sa.exc.OperationalError):
        return None
    reason = str(said).partition("\n")[0].strip()
    is_full = getattr(said, "sqlite_errorcode", 0) == sqlite3.SQLITE_FULL
    remedy = "make room on its disk" if is_full else "try again in a few seconds"
    return DatabaseUnavailable(
        f"{place}: the database does not take this now ({reason}). Nothing was stored; {remedy}."
    )


def unwritable(place: str) -> DatabaseUnwritable:
    return DatabaseUnwritable(
        f"{place}: the database cannot be written. Give this account the right to write the "
        "file and its folder, or name another place for the database."
    )


def damaged(place: str, said: str) -> DatabaseDamaged:
    return DatabaseDamaged(
        f"{place}: this is no SQLite database, or it is damaged ({said}). Put the last "
        "backup in its place."
    )


def replaced(place: str) -> DatabaseUnavailable:
    return DatabaseUnavailable(
        f"{place}: the file was deleted or replaced while this program had it open, "
        "so what is written now would be lost. Put the right file there and start the "
        "program again."
    )
