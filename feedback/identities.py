"""Accounts of people who sign in with a provider: known by its issuer and their subject there.

A name or an address that the provider tells is never taken for an account that is there already:
whoever may choose their name at the provider could else choose somebody's here.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from itertools import count

from sqlalchemy import Connection, insert, select, update

from feedback import schema, staff
from feedback.errors import AccountError
from feedback.model import Role

LONGEST = 255
"""Characters of an issuer and of a subject, as OpenID Connect has it."""
_LONGEST_NAME = 56
_FIRST_SUFFIX = 2

_identities = schema.identities


@dataclass(frozen=True, slots=True)
class Identity:
    """Who somebody is at a provider, what they would like to be called, and their role here."""

    issuer: str
    subject: str
    called: str
    role: Role


def admit(db: Connection, identity: Identity, now: datetime) -> str:
    """The name of the account of this person, which is made at their first sign-in.

    The role follows the provider at each sign-in. Raises AccountError for an account that is
    switched off and for a subject that is none.
    """
    is_one = 0 < len(identity.subject) <= LONGEST and identity.subject.isprintable()
    if not is_one or len(identity.issuer) > LONGEST:
        raise AccountError("The provider names nobody.")
    name = _known(db, identity)
    if name is None:
        name = _free_name(db, identity.called)
        staff.add(db, name, identity.role, None, now=now)
        link(db, identity, name, now)
        return name
    if staff.find(db, name).deactivated is not None:
        raise AccountError(f"The account {name} is switched off.")
    staff.change_role(db, name, identity.role)
    return name


def link(db: Connection, identity: Identity, name: str, now: datetime) -> None:
    """Let a person of the provider sign in as this account."""
    db.execute(
        insert(_identities).values(
            issuer=identity.issuer, subject=identity.subject, user=name, since=now
        )
    )


def knows(db: Connection, issuer: str, name: str) -> bool:
    """Whether somebody of this provider signs in as the account."""
    found = select(_identities.c.user).where(
        _identities.c.issuer == issuer, _identities.c.user == name
    )
    return db.scalar(found.limit(1)) is not None


def move(db: Connection, name: str, to: str, now: datetime) -> None:
    """Let who signs in at a provider as `name` come in as `to` from now on.

    The first account is switched off: it stays on what it did. Raises AccountError for an unknown
    account, and for one that no provider knows.
    """
    staff.find(db, to)
    staff.deactivate(db, name, now=now)
    moved = update(_identities).where(_identities.c.user == name).values(user=to)
    if name == to or not db.execute(moved).rowcount:
        raise AccountError(
            f"Nobody signs in with a provider as {name}. Name the account that the person got at "
            "their first sign-in there; `kb user list` has it."
        )


def _known(db: Connection, identity: Identity) -> str | None:
    return db.scalar(
        select(_identities.c.user).where(
            _identities.c.issuer == identity.issuer, _identities.c.subject == identity.subject
        )
    )


def _free_name(db: Connection, called: str) -> str:
    """A name like what the person is called, with a number where somebody has it already."""
    letters = unicodedata.normalize("NFKD", called.partition("@")[0]).lower()
    plain = "".join(letter for letter in letters if not unicodedata.combining(letter))
    base = re.sub(r"[^a-z0-9._-]+", "-", plain).strip("._-")[:_LONGEST_NAME] or "staff"
    if not staff.is_known(db, base):
        return base
    numbered = (f"{base}-{number}" for number in count(_FIRST_SUFFIX))
    return next(name for name in numbered if not staff.is_known(db, name))
