"""What is kept of a reader who can be found: by a private link, or by the address they left."""

from collections.abc import Callable
from functools import partial

from sqlalchemy import Connection, select

from feedback import addresses, contacts, receipts, schema
from feedback.errors import AddressMalformed
from feedback.people import Row, Source
from feedback.remarks import Place
from feedback.sealing import Seals

PATH = "/f/"
"""Where private pages are; behind it stands the token."""

Places = Callable[[Connection, str], list[Place]]
"""The votes that a word leads to."""


def by_link(db: Connection, word: str) -> list[Place]:
    """`word` is the token, or the whole link."""
    token = word.partition(PATH)[2] if PATH in word else word
    found = receipts.find(db, token.partition("?")[0].partition("#")[0].strip("/"))
    return [] if found is None else [found.place]


def by_address(seals: Seals, db: Connection, word: str) -> list[Place]:
    return contacts.owned(db, _index(seals, word))


def address(seals: Seals) -> tuple[Source, ...]:
    """What stands beside the votes with this address, and that it was asked to confirm."""

    def asked(db: Connection, word: str) -> list[Row]:
        confirmations = schema.confirmations.c
        wanted = select(confirmations.asked).where(confirmations.address == _index(seals, word))
        return [dict(row) for row in db.execute(wanted).mappings()]

    def erase_asked(db: Connection, word: str) -> int:
        return contacts.forget_asked(db, _index(seals, word))

    return (
        _beside_votes(partial(by_address, seals)),
        Source("confirmations", asked, erase_asked),
    )


def _index(seals: Seals, word: str) -> str:
    """Of the address as it would be kept; no hash is empty, so it finds nothing for none."""
    try:
        return seals.index(addresses.parse(word))
    except AddressMalformed:
        return ""


def _beside_votes(places: Places) -> Source:
    def export(db: Connection, word: str) -> list[Row]:
        return [_row(db, place) for place in places(db, word)]

    def erase(db: Connection, word: str) -> int:
        return sum(receipts.withdraw(db, place) for place in places(db, word))

    return Source("beside votes", export, erase)


def _row(db: Connection, place: Place) -> Row:
    """Without the hashes and the sealed address, which say nothing about the person."""
    votes, remarks, links = schema.votes.c, schema.remarks.c, schema.receipts.c
    vote = db.execute(
        select(votes.helpful, votes.reason, votes.cast, votes.changed).where(
            *receipts.at(schema.votes, place)
        )
    ).mappings()
    remark = db.execute(
        select(remarks.text, remarks.written).where(*receipts.at(schema.remarks, place))
    ).mappings()
    made = db.execute(
        select(links.purpose, links.made, links.used)
        .where(*receipts.at(schema.receipts, place))
        .order_by(links.made)
    ).mappings()
    contact = contacts.at(db, place)
    return {
        "article": place.key.article,
        "lang": place.key.lang,
        "revision": place.revision,
        "vote": dict(vote.one()),
        "remark": [dict(row) for row in remark],
        "links": [dict(row) for row in made],
        "address": None
        if contact is None
        else {"made": contact.made, "confirmed": contact.confirmed, "told": contact.told},
    }


LINK = (_beside_votes(by_link),)
"""What stands beside the vote of a private link."""
