"""Addresses of readers who want to hear of one repair.

An address is sealed, confirmed by a link in a first letter, written to once more when the article
has been edited, and then deleted; in any case after `KEPT`, and soon if it is not confirmed.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import Connection, Row, Select, delete, exists, func, insert, select, update

from feedback import addresses, outbox, receipts, schema, standing
from feedback.errors import TooManyLetters
from feedback.model import ArticleId, ArticleKey, Purpose, Revision
from feedback.remarks import Place
from feedback.sealing import Seals

MAIL = "mail"
"""The kind of message in the outbox; its payload is the letter's name and the contact's id."""
UNCONFIRMED_KEPT = timedelta(hours=48)
KEPT = timedelta(days=180)
CONFIRMATIONS_A_DAY = 3
"""So often may one address be given in a day, by whomever: its owner may know nothing of it."""
_DAY = timedelta(days=1)
_confirmations = schema.confirmations
_contacts = schema.contacts
_receipts = schema.receipts


class Letter(StrEnum):
    """What a reader is written."""

    CONFIRM = "confirm"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Offer:
    """An address as it may be stored. `address` is its keyed hash, `confirm` the link's token."""

    id: str
    sealed: bytes
    address: str
    confirm: str


@dataclass(frozen=True, slots=True)
class Contact:
    """A sealed address. `told` is when its second letter was put into the outbox."""

    id: str
    place: Place
    sealed: bytes
    address: str
    made: datetime
    confirmed: datetime | None
    told: datetime | None


def prepare(typed: str, seals: Seals, id_: str) -> Offer:
    """Check and seal what a reader typed. `id_` is random. Raises AddressMalformed."""
    address = addresses.parse(typed)
    return Offer(
        id=id_,
        sealed=seals.seal(address, id_),
        address=seals.index(address),
        confirm=seals.link(Purpose.CONFIRM, id_),
    )


def keep(db: Connection, offer: Offer, place: Place, now: datetime) -> bool:
    """Keep an address beside a vote, in place of an earlier one, and ask it for confirmation.

    False when the same one is kept already: it is not asked again. Raises TooManyLetters.
    """
    earlier = at(db, place)
    if earlier is not None and earlier.address == offer.address:
        return False
    asked = select(func.count()).where(
        _confirmations.c.address == offer.address, _confirmations.c.asked > now - _DAY
    )
    if db.execute(asked).scalar_one() >= CONFIRMATIONS_A_DAY:
        raise TooManyLetters
    drop(db, place)
    db.execute(
        insert(_contacts).values(
            id=offer.id,
            article=place.key.article,
            lang=place.key.lang,
            revision=place.revision,
            visitor=place.visitor,
            sealed=offer.sealed,
            address=offer.address,
            made=now,
        )
    )
    db.execute(insert(_confirmations).values(address=offer.address, asked=now))
    receipts.issue(db, offer.confirm, place, purpose=Purpose.CONFIRM, now=now)
    _send(db, Letter.CONFIRM, offer.id, now)
    return True


def confirm(db: Connection, place: Place, now: datetime) -> bool:
    """The owner of the address has pressed the button. False when there is no address any more."""
    confirmed = func.coalesce(_contacts.c.confirmed, now)
    return bool(
        db.execute(
            update(_contacts).where(*receipts.at(_contacts, place)).values(confirmed=confirmed)
        ).rowcount
    )


def at(db: Connection, place: Place) -> Contact | None:
    """The contact of a vote."""
    return _one(db, _select().where(*receipts.at(_contacts, place)))


def find(db: Connection, id_: str) -> Contact | None:
    return _one(db, _select().where(_contacts.c.id == id_))


def due(db: Connection) -> list[Contact]:
    """The confirmed ones whose article was edited since, and who have not been told."""
    edit = standing.first_edit(
        _contacts.c.article, _contacts.c.lang, _contacts.c.revision, _contacts.c.made
    )
    is_shown = exists().where(
        schema.articles.c.article == _contacts.c.article,
        schema.articles.c.lang == _contacts.c.lang,
        schema.articles.c.public,
        schema.articles.c.gone.is_(None),
    )
    waits = _contacts.c.confirmed.is_not(None) & _contacts.c.told.is_(None)
    rows = db.execute(_select().where(waits, is_shown, edit.is_not(None)).order_by(_contacts.c.id))
    return [_read(row) for row in rows]


def tell(db: Connection, contact: Contact, answer: str, now: datetime) -> bool:
    """Send the letter about the repair, in which the token `answer` leads to the reader's vote.

    False when somebody else has sent it or the reader has withdrawn.
    """
    claimed = db.execute(
        update(_contacts)
        .where(_contacts.c.id == contact.id, _contacts.c.told.is_(None))
        .values(told=now)
    )
    if not claimed.rowcount:
        return False
    receipts.issue(db, answer, contact.place, purpose=Purpose.ANSWER, now=now)
    _send(db, Letter.CHANGED, contact.id, now)
    return True


def drop(db: Connection, place: Place) -> None:
    """Delete the address of a vote, and the link that confirms it."""
    db.execute(delete(_contacts).where(*receipts.at(_contacts, place)))
    db.execute(
        delete(_receipts).where(
            *receipts.at(_receipts, place), _receipts.c.purpose == Purpose.CONFIRM
        )
    )


def forget(db: Connection, now: datetime) -> None:
    """Delete what was not confirmed in time, what has become too old, and what is left of it."""
    unconfirmed = _contacts.c.confirmed.is_(None) & (_contacts.c.made < now - UNCONFIRMED_KEPT)
    db.execute(delete(_contacts).where(unconfirmed | (_contacts.c.made < now - KEPT)))
    is_kept = exists().where(receipts.same(_contacts, _receipts))
    letters = _receipts.c.purpose == Purpose.CONFIRM
    db.execute(delete(_receipts).where(letters, ~is_kept))
    answers = _receipts.c.purpose == Purpose.ANSWER
    db.execute(delete(_receipts).where(answers, _receipts.c.made < now - KEPT))
    db.execute(delete(_confirmations).where(_confirmations.c.asked <= now - _DAY))


def owned(db: Connection, address: str) -> list[Place]:
    """The votes beside which this address (its keyed hash) is kept, for its erasure."""
    rows = db.execute(_select().where(_contacts.c.address == address).order_by(_contacts.c.id))
    return [_read(row).place for row in rows]


def forget_asked(db: Connection, address: str) -> int:
    """Forget that this address (its keyed hash) was asked to confirm; how many times it was."""
    asked = delete(_confirmations).where(_confirmations.c.address == address)
    return db.execute(asked).rowcount


def _send(db: Connection, letter: Letter, contact: str, now: datetime) -> None:
    outbox.put(db, MAIL, contact, f"{letter} {contact}", now=now)


def _select() -> Select[tuple[object, ...]]:
    return select(
        _contacts.c.id,
        _contacts.c.article,
        _contacts.c.lang,
        _contacts.c.revision,
        _contacts.c.visitor,
        _contacts.c.sealed,
        _contacts.c.address,
        _contacts.c.made,
        _contacts.c.confirmed,
        _contacts.c.told,
    )


def _one(db: Connection, query: Select[tuple[object, ...]]) -> Contact | None:
    row = db.execute(query).one_or_none()
    return None if row is None else _read(row)


def _read(row: Row[tuple[object, ...]]) -> Contact:
    key = ArticleKey(ArticleId(row.article), row.lang)
    return Contact(
        id=row.id,
        place=Place(key, Revision(row.revision), row.visitor),
        sealed=row.sealed,
        address=row.address,
        made=row.made,
        confirmed=row.confirmed,
        told=row.told,
    )
