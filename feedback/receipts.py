"""Private links: what a reader who left a remark can come back to.

A link is 128 random bits; only their SHA-256 is kept, so whoever reads the database can open none.
A link belongs to a vote. A reader who says more gets another one, and the older ones stay good, but
show only words that were written before them: behind one address two readers may pass for one.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Table,
    delete,
    exists,
    func,
    insert,
    select,
    update,
)

from feedback import schema
from feedback.model import ArticleId, ArticleKey, Purpose, Revision
from feedback.remarks import Place

MOST = 20
"""Links to one vote. Who sends the same remark again and again gets no further ones."""
_PORTION = 500
_receipts = schema.receipts
_remarks = schema.remarks
_votes = schema.votes


@dataclass(frozen=True, slots=True)
class Receipt:
    """What stands behind a link. `words` is the remark as it is kept, masked; None without one.

    `words_changed`: there is a later remark, which this link does not show.
    """

    purpose: Purpose
    place: Place
    helpful: bool
    made: datetime
    used: datetime | None
    words: str | None
    words_changed: bool


def issue(db: Connection, token: str, place: Place, *, purpose: Purpose, now: datetime) -> bool:
    """Let `token` lead to this vote. False when too many lead there already."""
    if purpose is Purpose.SEE:
        links = select(func.count()).select_from(_receipts).where(*at(_receipts, place))
        if db.execute(links).scalar_one() >= MOST:
            return False
    db.execute(
        insert(_receipts).values(
            token=digest(token),
            purpose=purpose,
            article=place.key.article,
            lang=place.key.lang,
            revision=place.revision,
            visitor=place.visitor,
            made=now,
        )
    )
    return True


def find(db: Connection, token: str) -> Receipt | None:
    """What the link shows; None for one that never was or is no more."""
    row = db.execute(
        select(
            _receipts.c.purpose,
            _receipts.c.article,
            _receipts.c.lang,
            _receipts.c.revision,
            _receipts.c.visitor,
            _receipts.c.made,
            _receipts.c.used,
            _votes.c.helpful,
            _remarks.c.text,
            _remarks.c.written,
        )
        .join_from(_receipts, _votes)
        .outerjoin(_remarks, same(_remarks, _receipts))
        .where(_receipts.c.token == digest(token))
    ).one_or_none()
    return None if row is None else _read(row)


def use(db: Connection, token: str, now: datetime) -> bool:
    """Use up a link that is good for one time. False when it was used before."""
    return bool(
        db.execute(
            update(_receipts)
            .where(_receipts.c.token == digest(token), _receipts.c.used.is_(None))
            .values(used=now)
        ).rowcount
    )


def withdraw(db: Connection, place: Place) -> int:
    """Delete what a reader left beside a vote: remark, address, and all links to it.

    The vote itself says nothing of anybody, and stays. Returns how many rows it was.
    """
    tables = (_remarks, schema.contacts, _receipts)
    return sum(db.execute(delete(table).where(*at(table, place))).rowcount for table in tables)


def forget_before(db: Connection, moment: datetime) -> int:
    """Delete some of the links made before a moment; 0 when none is left.

    While an address is kept beside the vote they stay: its owner withdraws it with them.
    """
    has_address = exists().where(same(schema.contacts, _receipts))
    old = select(_receipts.c.token).where(_receipts.c.made < moment, ~has_address).limit(_PORTION)
    return db.execute(delete(_receipts).where(_receipts.c.token.in_(old))).rowcount


def digest(token: str) -> str:
    """What is kept of a token, and looked up: to guess at it byte by byte gains nothing."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def at(table: Table, place: Place) -> tuple[ColumnElement[bool], ...]:
    """The rows of a table that belong to this vote."""
    return (
        table.c.article == place.key.article,
        table.c.lang == place.key.lang,
        table.c.revision == place.revision,
        table.c.visitor == place.visitor,
    )


def same(one: Table, other: Table) -> ColumnElement[bool]:
    """Rows of two tables that belong to one vote."""
    names = ("article", "lang", "revision", "visitor")
    condition, *others = (one.c[name] == other.c[name] for name in names)
    for each in others:
        condition &= each
    return condition


def _read(row: Any) -> Receipt:
    is_newer = row.written is not None and row.written > row.made
    return Receipt(
        purpose=row.purpose,
        place=Place(
            ArticleKey(ArticleId(row.article), row.lang), Revision(row.revision), row.visitor
        ),
        helpful=row.helpful,
        made=row.made,
        used=row.used,
        words=None if is_newer else row.text,
        words_changed=is_newer,
    )
