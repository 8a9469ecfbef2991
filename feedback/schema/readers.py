"""What readers said and did."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKeyConstraint,
    Index,
    Integer,
    SmallInteger,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from feedback import columns
from feedback.columns import ID_LENGTH, Utc
from feedback.model import Reason, RemarkState
from feedback.schema.base import metadata

votes = Table(
    "votes",
    metadata,
    Column("article", String(ID_LENGTH), primary_key=True),
    Column("lang", String(35), primary_key=True),
    Column("revision", String(64), primary_key=True),
    Column("visitor", String(64), primary_key=True),
    Column("network", String(64), nullable=False),
    Column("helpful", Boolean, nullable=False),
    Column("reason", columns.word(Reason)),
    Column("weight", SmallInteger, nullable=False),
    Column("via", String(40), nullable=False),
    Column("search", String(64), nullable=False),
    Column("cast", Utc, nullable=False),
    Column("changed", Utc),
    columns.of_article(),
    CheckConstraint("weight IN (0, 1)", name="weight"),
    Index(None, "cast"),
    Index("ix_votes_network", "article", "lang", "revision", "network", "weight"),
)

tallies = Table(
    "tallies",
    metadata,
    Column("article", String(ID_LENGTH), primary_key=True),
    Column("lang", String(35), primary_key=True),
    Column("revision", String(64), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("said", String(24), primary_key=True),
    Column("count", Integer, nullable=False),
    columns.of_article(),
    # Whoever asks for some days reads the index alone.
    Index("ix_tallies_day", "day", "said", "article", "lang", "count"),
)

tally_digests = Table(
    "tally_digests",
    metadata,
    Column("article", String(ID_LENGTH), primary_key=True),
    Column("lang", String(35), primary_key=True),
    Column("digest", BigInteger, nullable=False),
    columns.of_article(),
)

remarks = Table(
    "remarks",
    metadata,
    Column("id", Integer, primary_key=True),
    *columns.key(),
    Column("revision", String(64), nullable=False),
    Column("visitor", String(64), nullable=False),
    Column("text", Text, nullable=False),
    Column("pii", String(24), nullable=False),
    Column("written", Utc, nullable=False),
    Column("state", columns.word(RemarkState), nullable=False, server_default="open"),
    ForeignKeyConstraint(
        ["article", "lang", "revision", "visitor"],
        ["votes.article", "votes.lang", "votes.revision", "votes.visitor"],
        onupdate="CASCADE",
        ondelete="CASCADE",
    ),
    UniqueConstraint("article", "lang", "revision", "visitor"),
)

links = Table(
    "links",
    metadata,
    Column("article", String(ID_LENGTH), primary_key=True),
    Column("lang", String(35), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("via", String(40), primary_key=True),
    Column("uses", Integer, nullable=False),
    columns.of_article(),
    Index("ix_links_day", "day", "article", "lang", "uses"),
)
