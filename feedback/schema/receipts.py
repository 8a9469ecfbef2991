"""What a reader may come back to: private links, and addresses for one letter.

`confirmations` counts how often an address was given in the last day, so that nobody can have us
write to somebody else again and again.
"""

from sqlalchemy import (
    Column,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    UniqueConstraint,
)

from feedback import columns
from feedback.columns import Utc
from feedback.model import Purpose
from feedback.schema.base import metadata


def _of_vote() -> ForeignKeyConstraint:
    """What belongs to a vote follows it to a new name, and goes with it."""
    return ForeignKeyConstraint(
        ["article", "lang", "revision", "visitor"],
        ["votes.article", "votes.lang", "votes.revision", "votes.visitor"],
        onupdate="CASCADE",
        ondelete="CASCADE",
    )


receipts = Table(
    "receipts",
    metadata,
    Column("token", String(64), primary_key=True),
    Column("purpose", columns.word(Purpose), nullable=False),
    *columns.key(),
    Column("revision", String(64), nullable=False),
    Column("visitor", String(64), nullable=False),
    Column("made", Utc, nullable=False),
    Column("used", Utc),
    _of_vote(),
    Index(None, "article", "lang", "revision", "visitor"),
)

contacts = Table(
    "contacts",
    metadata,
    Column("id", String(32), primary_key=True),
    *columns.key(),
    Column("revision", String(64), nullable=False),
    Column("visitor", String(64), nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("address", String(64), nullable=False),
    Column("made", Utc, nullable=False),
    Column("confirmed", Utc),
    Column("told", Utc),
    _of_vote(),
    UniqueConstraint("article", "lang", "revision", "visitor"),
    Index(None, "address"),
)

confirmations = Table(
    "confirmations",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("address", String(64), nullable=False),
    Column("asked", Utc, nullable=False),
    Index(None, "address"),
)
