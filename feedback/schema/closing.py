"""What mended an item, and whether it helped."""

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    Float,
    ForeignKeyConstraint,
    Integer,
    String,
    Table,
    Text,
)

from feedback import columns
from feedback.columns import Utc
from feedback.model import Verdict
from feedback.schema.base import metadata

fixes = Table(
    "fixes",
    metadata,
    Column("item", Integer, primary_key=True, autoincrement=False),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("revision", String(64), nullable=False),
    Column("commit", String(64), nullable=False),
    Column("author", Text, nullable=False),
    Column("named", Boolean, nullable=False),
    Column("onset", Date),
    Column("at", Utc, nullable=False),
    ForeignKeyConstraint(["item"], ["items.id"], ondelete="CASCADE"),
)

trailers = Table(
    "trailers",
    metadata,
    Column("commit", String(64), primary_key=True),
    Column("followed", Utc, nullable=False),
)

verdicts = Table(
    "verdicts",
    metadata,
    Column("item", Integer, primary_key=True, autoincrement=False),
    Column("fix", Integer, primary_key=True, autoincrement=False),
    Column("verdict", columns.word(Verdict), nullable=False),
    Column("better", Float, nullable=False),
    Column("before_yes", Integer, nullable=False),
    Column("before_no", Integer, nullable=False),
    Column("before_asked", Integer, nullable=False),
    Column("before_days", Float, nullable=False),
    Column("after_yes", Integer, nullable=False),
    Column("after_no", Integer, nullable=False),
    Column("after_asked", Integer, nullable=False),
    Column("after_days", Float, nullable=False),
    Column("at", Utc, nullable=False),
    ForeignKeyConstraint(["item", "fix"], ["fixes.item", "fixes.version"], ondelete="CASCADE"),
)
