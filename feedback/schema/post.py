"""What other machines are to be told."""

from sqlalchemy import (
    Column,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from feedback.columns import ID_LENGTH, Utc
from feedback.schema.base import metadata

outbox = Table(
    "outbox",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("id", String(64), nullable=False),
    Column("kind", String(80), nullable=False),
    Column("subject", String(ID_LENGTH + 100), nullable=False),
    Column("payload", Text, nullable=False),
    Column("written", Utc, nullable=False),
    Column("due", Utc),
    Column("attempts", Integer, nullable=False),
    Column("error", Text, nullable=False),
    UniqueConstraint("id", "kind"),
    Index(None, "kind", "subject", "number"),
    Index(None, "due"),
    sqlite_autoincrement=True,
)

destinations = Table(
    "destinations",
    metadata,
    Column("kind", String(80), primary_key=True),
    Column("delivered", Utc),
    Column("disabled", Utc),
    Column("why", Text, nullable=False),
)

issues = Table(
    "issues",
    metadata,
    Column("item", Integer, primary_key=True, autoincrement=False),
    Column("project", Text, nullable=False),
    Column("issue", Integer, nullable=False),
    Column("url", Text, nullable=False),
    ForeignKeyConstraint(["item"], ["items.id"], ondelete="CASCADE"),
)
