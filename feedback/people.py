"""What is kept of one person, wherever it is: shown to them, or erased.

A person is named by something they have: an account's name, for instance. Each place that keeps
something of such a person is one `Source`.
"""

import sqlite3
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Connection, delete, select

from feedback import audit, residue, schema, traces
from feedback.database import Database

_SCRUB_SECONDS = 10
_PAUSE = 0.1

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Source:
    """One kind of data about the person whom a word (a name, a token, an address) belongs to.

    `export` returns it as it is kept, `erase` removes it, or what ties it to the person, and says
    how many rows it was. Both find nothing for a word that nobody has.
    """

    what: str
    export: Callable[[Connection, str], list[Row]]
    erase: Callable[[Connection, str], int]


def export(db: Connection, sources: Iterable[Source], word: str) -> dict[str, list[Row]]:
    """All that is kept of a person, by what it is."""
    return {source.what: source.export(db, word) for source in sources}


def erase(db: Connection, sources: Iterable[Source], word: str) -> dict[str, int]:
    """Erase a person; how many rows, by what they were. Call `scrub` once it is committed."""
    return {source.what: source.erase(db, word) for source in sources}


def scrub(database: Database) -> bool:
    """Write SQLite's file anew and empty its log, so that nothing erased is left in either.

    SQLite's `secure_delete` wipes what is deleted where it stood, but not the copies that a page
    holds of rows it once moved about. Takes as long as writing the whole file, and votes wait.
    False on PostgreSQL, which wipes nothing before VACUUM FULL, and where others kept the file or
    its log busy for 10 seconds, or the disk has no room for it: then try again.
    """
    if not database.needs_one_writer:
        return False
    with database.migrating() as connection:
        driver = connection.connection.driver_connection
        assert isinstance(driver, sqlite3.Connection)  # noqa: S101 -- for the type checker
        try:
            driver.execute("VACUUM").close()
        except sqlite3.OperationalError:
            return False
    until = time.monotonic() + _SCRUB_SECONDS
    while not residue.wipe(database):
        if time.monotonic() > until:
            return False
        time.sleep(_PAUSE)
    return True


def _account(db: Connection, name: str) -> list[Row]:
    """Without the password's hash, which says nothing about the person."""
    users = schema.users.c
    return _rows(
        db, select(users.name, users.role, users.added, users.deactivated).where(users.name == name)
    )


def _erase_account(db: Connection, name: str) -> int:
    return db.execute(delete(schema.users).where(schema.users.c.name == name)).rowcount


def _sessions(db: Connection, name: str) -> list[Row]:
    sessions = schema.sessions.c
    return _rows(db, select(sessions.begun, sessions.seen).where(sessions.user == name))


def _erase_sessions(db: Connection, name: str) -> int:
    return db.execute(delete(schema.sessions).where(schema.sessions.c.user == name)).rowcount


def _traces(db: Connection, name: str) -> list[Row]:
    """What the person did in the loop, each with where it is kept."""
    found = traces.of(db, name)
    return [{"kept_as": where, **row} for where, rows in found.items() for row in rows]


def _identities(db: Connection, name: str) -> list[Row]:
    identities = schema.identities.c
    return _rows(
        db,
        select(identities.issuer, identities.subject, identities.since).where(
            identities.user == name
        ),
    )


def _erase_identities(db: Connection, name: str) -> int:
    return db.execute(delete(schema.identities).where(schema.identities.c.user == name)).rowcount


def _tokens(db: Connection, name: str) -> list[Row]:
    """Without the token's hash, which says nothing about the person."""
    tokens = schema.tokens.c
    return _rows(
        db,
        select(
            *(tokens.name, tokens.role, tokens.scope, tokens.made, tokens.expires),
            *(tokens.used, tokens.revoked),
        ).where(tokens.user == name),
    )


def _erase_tokens(db: Connection, name: str) -> int:
    return db.execute(delete(schema.tokens).where(schema.tokens.c.user == name)).rowcount


def _audit(db: Connection, name: str) -> list[Row]:
    return [asdict(entry) for entry in audit.of(db, name)]


def _rows(db: Connection, asked: Any) -> list[Row]:
    return [dict(row) for row in db.execute(asked).mappings()]


ACCOUNT = (
    Source("sessions", _sessions, _erase_sessions),
    Source("identities", _identities, _erase_identities),
    Source("tokens", _tokens, _erase_tokens),
    Source("account", _account, _erase_account),
    Source("traces", _traces, traces.erase),
    Source("audit log", _audit, audit.erase),
)
"""What is kept of the person to whom an account of the desk belongs, by its name."""
