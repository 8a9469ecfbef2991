"""Sign-ins with a provider that are under way: what was sent with a person, to compare it with.

Each is taken up once. Of the state, which travels through the browser, a SHA-256 is kept.
"""

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, insert

from feedback import schema

LONGEST = timedelta(minutes=10)
LONGEST_ADDRESS = 2048
"""Characters of the page that is wanted."""
_BYTES = 32

_handshakes = schema.handshakes


@dataclass(frozen=True, slots=True)
class Handshake:
    """What the answer must show (`state`, `nonce`, `verifier`), and the page that is `wanted`."""

    state: str
    nonce: str
    verifier: str
    wanted: str


def begin(
    db: Connection,
    wanted: str,
    now: datetime,
    *,
    randomness: Callable[[int], str] = secrets.token_urlsafe,
) -> Handshake:
    """A new one, three times 256 random bits; those that nobody came back for are removed."""
    sweep(db, now)
    made = Handshake(randomness(_BYTES), randomness(_BYTES), randomness(_BYTES), wanted)
    db.execute(
        insert(_handshakes).values(
            state=_digest(made.state),
            nonce=made.nonce,
            verifier=made.verifier,
            wanted=wanted,
            begun=now,
        )
    )
    return made


def take(db: Connection, state: str, now: datetime) -> Handshake | None:
    """The one of this state, which is gone then; None if there is none, or it took too long."""
    row = db.execute(
        delete(_handshakes)
        .where(_handshakes.c.state == _digest(state))
        .returning(
            *(_handshakes.c.nonce, _handshakes.c.verifier),
            *(_handshakes.c.wanted, _handshakes.c.begun),
        )
    ).one_or_none()
    if row is None or not timedelta(0) <= now - row.begun < LONGEST:
        return None
    return Handshake(state, row.nonce, row.verifier, row.wanted)


def sweep(db: Connection, now: datetime) -> int:
    """Remove those that took too long; how many it was."""
    return db.execute(delete(_handshakes).where(_handshakes.c.begun <= now - LONGEST)).rowcount


def _digest(state: str) -> str:
    return hashlib.sha256(state.encode("utf-8", "replace")).hexdigest()
