"""What follows from it: reports, flags, the queue and the reviews that settle it."""

from sqlalchemy import (
    Column,
    Date,
    Float,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    Table,
    Text,
)

from feedback import columns
from feedback.columns import Utc
from feedback.model import ItemState, Lane, Reason, Step
from feedback.schema.base import metadata

reports = Table(
    "reports",
    metadata,
    Column("id", Integer, primary_key=True),
    *columns.key(),
    Column("revision", String(64), nullable=False),
    Column("agent", String(64), nullable=False),
    Column("reason", columns.word(Reason), nullable=False),
    Column("words", Text, nullable=False),
    Column("ticket", String(40), nullable=False),
    Column("made", Utc, nullable=False),
    columns.of_article(),
    Index(None, "article", "lang", "made"),
)

flags = Table(
    "flags",
    metadata,
    Column("id", Integer, primary_key=True),
    *columns.key(),
    Column("raised", Utc, nullable=False),
    Column("raised_evidence", Float, nullable=False),
    Column("raised_threshold", Float, nullable=False),
    Column("cleared", Utc),
    Column("cleared_evidence", Float),
    Column("cleared_threshold", Float),
    Column("cleared_by", String(24)),
    columns.of_article(),
    Index(None, "article", "lang", "raised"),
    columns.at_most_one("uq_flags_standing", "article", "lang", while_="cleared IS NULL"),
)

items = Table(
    "items",
    metadata,
    Column("id", Integer, primary_key=True),
    *columns.key(),
    Column("lane", columns.word(Lane), nullable=False),
    Column("state", columns.word(ItemState), nullable=False),
    Column("version", Integer, nullable=False),
    Column("assignee", String(64)),
    Column("opened", Utc, nullable=False),
    Column("snoozed", Date),
    columns.of_article(),
    Index(None, "state"),
    columns.at_most_one(
        "uq_items_live", "article", "lang", "lane", while_="state IN ('open', 'watching')"
    ),
)

item_steps = Table(
    "item_steps",
    metadata,
    Column("item", Integer, primary_key=True, autoincrement=False),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("step", columns.word(Step), nullable=False),
    Column("actor", String(64)),
    Column("words", Text, nullable=False),
    Column("at", Utc, nullable=False),
    ForeignKeyConstraint(["item"], ["items.id"], ondelete="CASCADE"),
)

reviews = Table(
    "reviews",
    metadata,
    Column("id", Integer, primary_key=True),
    *columns.key(),
    Column("revision", String(64), nullable=False),
    Column("lane", columns.word(Lane)),
    Column("state", columns.word(ItemState), nullable=False),
    Column("actor", String(64)),
    Column("words", Text, nullable=False),
    Column("at", Utc, nullable=False),
    columns.of_article(),
    Index(None, "article", "lang", "at"),
)
