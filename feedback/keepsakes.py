"""What a reader is given for a remark or an address: a private link, and perhaps a letter."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from feedback import contacts, receipts, sealing, votes
from feedback.contacts import Offer
from feedback.errors import ContactNotTaken
from feedback.model import Purpose
from feedback.remarks import Place
from feedback.sealing import Seals
from feedback.votes import Cast, Prepared


@dataclass(frozen=True, slots=True)
class Said:
    """A ballot with what came beside it. `token` is the link it will have, if it is to have one."""

    prepared: Prepared
    token: str | None
    offer: Offer | None


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of it; `token` leads to it now. `writes`: a letter lies in the outbox."""

    cast: Cast
    token: str | None
    writes: bool


def prepare(
    prepared: Prepared,
    contact: str,
    *,
    seals: Seals | None,
    randomness: Callable[[int], bytes],
) -> Said:
    """What can be done before anything is written. Without `seals` no address is taken.

    Raises ContactNotTaken and AddressMalformed.
    """
    offer = None
    if contact.strip():
        if seals is None:
            raise ContactNotTaken
        offer = contacts.prepare(contact, seals, randomness(sealing.TOKEN_BYTES).hex())
    is_owed = prepared.words is not None or offer is not None
    token = sealing.written(randomness(sealing.TOKEN_BYTES)) if is_owed else None
    return Said(prepared, token, offer)


def store(db: Connection, said: Said, now: datetime) -> Kept:
    """Store a ballot, and what came beside it, in one transaction.

    Raises what `votes.store` raises, and TooManyLetters. An address that was left with a no is
    deleted with a yes: there is nothing more to tell.
    """
    cast = votes.store(db, said.prepared, now)
    place = Place(cast.vote.key, cast.vote.revision, cast.vote.visitor)
    writes = said.offer is not None and contacts.keep(db, said.offer, place, now)
    if said.offer is None and cast.vote.helpful and not cast.is_first:
        contacts.drop(db, place)
    is_issued = said.token is not None and receipts.issue(
        db, said.token, place, purpose=Purpose.SEE, now=now
    )
    return Kept(cast, said.token if is_issued else None, writes)
