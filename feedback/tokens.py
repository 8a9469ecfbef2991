"""API tokens: a program works in the name of an account, with a random token of its own.

Of a token a SHA-256 is kept, and what may be said of it. It is shown once, lives for a while, may
never do more than its account, and ends with it.
"""

import hashlib
import hmac
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, insert, or_, select, update

from feedback import schema, staff
from feedback.errors import AccountError
from feedback.model import Role, Scope

PREFIX = "kb_"
"""By which people, and programs that look for secrets, recognise one."""
LONGEST_LIFE = timedelta(days=366)
TOUCH_AFTER = timedelta(minutes=5)
"""How far behind `used` may lag: a request that reads need not write."""
_BYTES = 32
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
_FORM = re.compile(r"kb_[A-Za-z0-9_-]{43}")
_ROLES = list(Role)

_tokens = schema.tokens
_users = schema.users


@dataclass(frozen=True, slots=True)
class Token:
    """What is known of a token; `role` is what it may at most, `user` whose name it acts in."""

    id: int
    name: str
    user: str
    role: Role
    scope: Scope
    made: datetime
    expires: datetime
    used: datetime | None
    revoked: datetime | None

    def is_live(self, now: datetime) -> bool:
        return self.revoked is None and now < self.expires

    def is_due(self, now: datetime) -> bool:
        """Whether `touch` should note that the token is in use."""
        return self.used is None or now - self.used > TOUCH_AFTER


@dataclass(frozen=True, slots=True)
class Wanted:
    """A token to make: its name, and for whom, what and how long it is."""

    name: str
    user: str
    role: Role
    scope: Scope
    life: timedelta


def create(
    db: Connection,
    wanted: Wanted,
    now: datetime,
    *,
    randomness: Callable[[int], str] = secrets.token_urlsafe,
) -> str:
    """The new token of 256 random bits, which nobody can be told again.

    Raises AccountError for a name that is taken or malformed, an unknown account, a role above
    that of the account, and a life that is no time or longer than LONGEST_LIFE.
    """
    _check(db, wanted)
    token = PREFIX + randomness(_BYTES)
    db.execute(
        insert(_tokens).values(
            digest=_digest(token),
            name=wanted.name,
            user=wanted.user,
            role=wanted.role,
            scope=wanted.scope,
            made=now,
            expires=now + wanted.life,
        )
    )
    return token


def find(db: Connection, token: str) -> Token | None:
    """The token of this secret, live or not; None for a secret that nobody was given.

    None, too, once its account is switched off. The role is the lesser one of token and account.
    """
    if not _FORM.fullmatch(token):
        return None
    digest = _digest(token)
    row = db.execute(
        select(*_COLUMNS, _tokens.c.digest, _users.c.role.label("least"))
        .join_from(_tokens, _users)
        .where(_tokens.c.digest == digest, _users.c.deactivated.is_(None))
    ).one_or_none()
    if row is None or not hmac.compare_digest(row.digest, digest):
        return None
    role = min(row.role, row.least, key=_ROLES.index)
    return Token(
        row.id, row.name, row.user, role, row.scope, row.made, row.expires, row.used, row.revoked
    )


def listed(db: Connection) -> list[Token]:
    """All tokens that were made, those that ended included, by name and then the newest first."""
    rows = db.execute(select(*_COLUMNS).order_by(_tokens.c.name, _tokens.c.id.desc()))
    return [Token(*row) for row in rows]


def revoke(db: Connection, name: str, now: datetime) -> None:
    """End a token at once. Raises AccountError if there is no live one of that name."""
    ended = db.execute(
        update(_tokens)
        .where(_tokens.c.name == name, _tokens.c.revoked.is_(None))
        .values(revoked=now)
    )
    if not ended.rowcount:
        raise AccountError(f"There is no token {name!r} to revoke. `kb token list` shows all.")


def touch(db: Connection, token: int, now: datetime) -> None:
    """Note that the token is in use; never backwards."""
    later = or_(_tokens.c.used.is_(None), _tokens.c.used < now)
    db.execute(update(_tokens).where(_tokens.c.id == token, later).values(used=now))


def forget_before(db: Connection, moment: datetime) -> int:
    """Delete the tokens that ended before; how many it was."""
    ended = or_(_tokens.c.expires < moment, _tokens.c.revoked < moment)
    return db.execute(delete(_tokens).where(ended)).rowcount


_COLUMNS = (
    _tokens.c.id,
    _tokens.c.name,
    _tokens.c.user,
    _tokens.c.role,
    _tokens.c.scope,
    _tokens.c.made,
    _tokens.c.expires,
    _tokens.c.used,
    _tokens.c.revoked,
)


def _check(db: Connection, wanted: Wanted) -> None:
    if not _NAME.fullmatch(wanted.name):
        raise AccountError(
            f"{wanted.name!r} is no name for a token: expected 1 to 64 of a-z, 0-9, '.', '_' and "
            "'-', beginning with a letter or a digit."
        )
    taken = select(_tokens.c.id).where(_tokens.c.name == wanted.name, _tokens.c.revoked.is_(None))
    if db.execute(taken).first() is not None:
        raise AccountError(
            f"There is a token {wanted.name!r} already. Choose another name, or end the old one "
            f"with `kb token revoke {wanted.name}`."
        )
    account = staff.find(db, wanted.user)
    if _ROLES.index(wanted.role) > _ROLES.index(account.role):
        raise AccountError(
            f"A token of {account.name} may be {account.role} at most, as the account is; "
            f"not {wanted.role}."
        )
    if not timedelta(0) < wanted.life <= LONGEST_LIFE:
        raise AccountError(f"A token lives for 1 to {LONGEST_LIFE.days} days.")


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode("ascii")).hexdigest()
