"""Sessions of signed-in staff: a random token in the browser, its SHA-256 in the database.

A session ends after 12 idle hours, after 7 days, at sign-out, with a new password and with the
account.
"""

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, insert, or_, select, update

from feedback import schema
from feedback.model import Role

IDLE = timedelta(hours=12)
LONGEST = timedelta(days=7)
TOUCH_AFTER = timedelta(minutes=5)
"""How far behind `seen` may lag: a page view need not write."""
_TOKEN_BYTES = 32

_sessions = schema.sessions
_users = schema.users


@dataclass(frozen=True, slots=True)
class Session:
    """A session that has not ended; the role is the account's of this moment."""

    user: str
    role: Role
    begun: datetime
    seen: datetime

    def is_due(self, now: datetime) -> bool:
        """Whether `touch` should note that the session is in use."""
        return now - self.seen > TOUCH_AFTER


def begin(
    db: Connection,
    user: str,
    now: datetime,
    *,
    randomness: Callable[[int], str] = secrets.token_urlsafe,
) -> str:
    """A new session's token of 256 random bits, for a cookie; sessions that ended are removed.

    Call it at each sign-in, never with a token that the browser brought.
    """
    sweep(db, now)
    token = randomness(_TOKEN_BYTES)
    db.execute(insert(_sessions).values(token=_digest(token), user=user, begun=now, seen=now))
    return token


def sweep(db: Connection, now: datetime) -> int:
    """Remove the sessions that have ended; how many it were."""
    ended = or_(_sessions.c.seen <= now - IDLE, _sessions.c.begun <= now - LONGEST)
    return db.execute(delete(_sessions).where(ended)).rowcount


def find(db: Connection, token: str, now: datetime) -> Session | None:
    """The session of this token; None if there is none or it has ended."""
    row = db.execute(
        select(_sessions.c.user, _users.c.role, _sessions.c.begun, _sessions.c.seen)
        .join_from(_sessions, _users)
        .where(
            _sessions.c.token == _digest(token),
            _users.c.deactivated.is_(None),
            _sessions.c.seen > now - IDLE,
            _sessions.c.begun > now - LONGEST,
        )
    ).one_or_none()
    return None if row is None else Session(row.user, row.role, row.begun, row.seen)


def touch(db: Connection, token: str, now: datetime) -> None:
    """Note that the session is in use. One that has ended stays ended."""
    db.execute(
        update(_sessions)
        .where(_sessions.c.token == _digest(token), _sessions.c.seen.between(now - IDLE, now))
        .values(seen=now)
    )


def end(db: Connection, token: str) -> None:
    """Sign out. An unknown token is none the worse for it."""
    db.execute(delete(_sessions).where(_sessions.c.token == _digest(token)))


def end_all(db: Connection, user: str) -> None:
    db.execute(delete(_sessions).where(_sessions.c.user == user))


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
