"""Staff accounts: names, roles and passwords, of which only an argon2id hash is kept."""

import base64
import re
import secrets
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from threading import BoundedSemaphore
from typing import Any

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import Connection, Row, delete, insert, select, update

from feedback import schema, sessions
from feedback.errors import AccountError
from feedback.model import Role

# OWASP's second recommendation: 19 MiB, two passes, one lane; about 50 ms on a small server.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1, type=Type.ID)
# Two at a time: a flood of sign-ins costs 38 MiB and never all the processors.
_AT_ONCE = BoundedSemaphore(2)
SHORTEST_PASSWORD = 10
LONGEST_PASSWORD = 1_000
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
_GENERATED_BYTES = 15
_NO_PASSWORD = ""

_users = schema.users


@dataclass(frozen=True, slots=True)
class User:
    """An account. One that is `deactivated` stays out, and keeps its name on what it did."""

    name: str
    role: Role
    added: datetime
    deactivated: datetime | None = None


def add(db: Connection, name: str, role: Role, password: str | None, *, now: datetime) -> User:
    """Raises AccountError for a name that is taken or malformed and for a short password.

    Without a password the account can be signed in by others alone: a provider, a proxy.
    """
    if not _NAME.fullmatch(name):
        raise AccountError(
            f"{name!r} is no name for an account: expected 1 to 64 of a-z, 0-9, '.', '_' and "
            "'-', beginning with a letter or a digit."
        )
    if _find(db, name) is not None:
        raise AccountError(
            f"There is an account {name!r} already. Choose another name, or give it a new "
            f"password with `kb user passwd {name}`."
        )
    hashed = _NO_PASSWORD if password is None else _hash(password)
    db.execute(insert(_users).values(name=name, role=role, password=hashed, added=now))
    return User(name, role, now)


def listed(db: Connection) -> list[User]:
    """All accounts by name."""
    rows = db.execute(
        select(_users.c.name, _users.c.role, _users.c.added, _users.c.deactivated).order_by(
            _users.c.name
        )
    )
    return [User(row.name, row.role, row.added, row.deactivated) for row in rows]


def find(db: Connection, name: str) -> User:
    """Raises AccountError for an unknown name."""
    row = _find(db, name)
    if row is None:
        raise _unknown(name)
    return User(row.name, row.role, row.added, row.deactivated)


def deactivate(db: Connection, name: str, *, now: datetime) -> None:
    """Keep an account out, by whatever way it comes. Raises AccountError for an unknown name."""
    find(db, name)
    db.execute(
        update(_users)
        .where(_users.c.name == name, _users.c.deactivated.is_(None))
        .values(deactivated=now)
    )
    sessions.end_all(db, name)


def activate(db: Connection, name: str) -> None:
    """Let an account in again. Raises AccountError for an unknown name."""
    find(db, name)
    db.execute(update(_users).where(_users.c.name == name).values(deactivated=None))


def change_role(db: Connection, name: str, role: Role) -> None:
    """Ends all sessions of the account, if its role was another. AccountError as above."""
    if find(db, name).role is role:
        return
    db.execute(update(_users).where(_users.c.name == name).values(role=role))
    sessions.end_all(db, name)


def remove(db: Connection, name: str) -> None:
    """Raises AccountError for an unknown name. The account's sessions end with it."""
    sessions.end_all(db, name)
    if not db.execute(delete(_users).where(_users.c.name == name)).rowcount:
        raise _unknown(name)


def change_password(db: Connection, name: str, password: str) -> None:
    """Ends all sessions of the account. Raises AccountError for an unknown name."""
    changed = db.execute(
        update(_users).where(_users.c.name == name).values(password=_hash(password))
    )
    if not changed.rowcount:
        raise _unknown(name)
    sessions.end_all(db, name)


def authenticate(db: Connection, name: str, password: str) -> User | None:
    """The account whose password this is.

    An unknown name, and an account that is switched off, take as long as a wrong password.
    """
    nobodys = _nobodys_hash()
    row = _find(db, name)
    may = row is not None and row.password != _NO_PASSWORD and row.deactivated is None
    matches = _matches(row.password if row and may else nobodys, password)
    return User(row.name, row.role, row.added) if row and may and matches else None


def generate_password(randomness: Callable[[int], bytes] = secrets.token_bytes) -> str:
    """24 letters and digits of 120 random bits, in groups that can be read aloud."""
    letters = base64.b32encode(randomness(_GENERATED_BYTES)).decode("ascii").lower()
    return "-".join(letters[start : start + 6] for start in range(0, len(letters), 6))


def is_known(db: Connection, name: str) -> bool:
    return _find(db, name) is not None


def _find(db: Connection, name: str) -> Row[*tuple[Any, ...]] | None:
    """A name that no account can have is not asked for: some databases refuse the question."""
    if not _NAME.fullmatch(name):
        return None
    return db.execute(
        select(
            _users.c.name, _users.c.role, _users.c.added, _users.c.password, _users.c.deactivated
        ).where(_users.c.name == name)
    ).one_or_none()


def _unknown(name: str) -> AccountError:
    return AccountError(f"There is no account {name!r}. `kb user list` shows all.")


def _hash(password: str) -> str:
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise AccountError(
            f"The password has {len(password):,} characters; expected {SHORTEST_PASSWORD} to "
            f"{LONGEST_PASSWORD:,}. Leave it out to have one generated."
        )
    with _AT_ONCE:
        return _HASHER.hash(_encode(password))


def _matches(hashed: str, password: str) -> bool:
    """Whether the password is the one; takes the time of one hash, whatever is asked."""
    with _AT_ONCE:
        try:
            return _HASHER.verify(hashed, _encode(password[:LONGEST_PASSWORD]))
        except (VerificationError, InvalidHashError):
            return False


@cache
def _nobodys_hash() -> str:
    """A hash for unknown names to be compared with. Its password was never kept."""
    return _hash(secrets.token_urlsafe())


def _encode(password: str) -> bytes:
    """One form for the same letters, however the keyboard composes them."""
    return unicodedata.normalize("NFC", password).encode("utf-8", "surrogatepass")
