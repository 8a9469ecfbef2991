"""What readers searched and asked, and the gaps that it shows."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    Float,
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
from feedback.model import GapKind, GapState, GapStep
from feedback.schema.base import metadata

searches = Table(
    "searches",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("token", String(32), nullable=False),
    Column("visitor", String(64), nullable=False),
    Column("network", String(64), nullable=False),
    Column("lang", String(35), nullable=False),
    Column("query", Text, nullable=False),
    Column("hits", Integer, nullable=False),
    Column("watched", Boolean, nullable=False),
    Column("clicked", Boolean, nullable=False),
    Column("refined_to", Text),
    Column("weight", SmallInteger, nullable=False),
    Column("pii", String(24), nullable=False),
    Column("at", Utc, nullable=False),
    CheckConstraint("weight IN (0, 1)", name="weight"),
    UniqueConstraint("visitor", "token"),
    Index(None, "at"),
)

search_days = Table(
    "search_days",
    metadata,
    Column("day", Date, primary_key=True),
    Column("lang", String(35), primary_key=True),
    Column("searches", Integer, nullable=False),
    Column("empty", Integer, nullable=False),
    Column("watched", Integer, nullable=False),
    Column("unopened", Integer, nullable=False),
    Column("refined", Integer, nullable=False),
)

clicks = Table(
    "clicks",
    metadata,
    Column("search", Integer, primary_key=True, autoincrement=False),
    Column("article", String(ID_LENGTH), primary_key=True),
    Column("rank", Integer, nullable=False),
    Column("at", Utc, nullable=False),
    ForeignKeyConstraint(["search"], ["searches.id"], ondelete="CASCADE"),
    Index(None, "article"),
)

questions = Table(
    "questions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("visitor", String(64), nullable=False),
    Column("network", String(64), nullable=False),
    Column("lang", String(35), nullable=False),
    Column("text", Text, nullable=False),
    Column("search", String(32), nullable=False),
    Column("weight", SmallInteger, nullable=False),
    Column("pii", String(24), nullable=False),
    Column("at", Utc, nullable=False),
    CheckConstraint("weight IN (0, 1)", name="weight"),
    Index(None, "visitor"),
    Index(None, "at"),
)

gaps = Table(
    "gaps",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("lang", String(35), nullable=False),
    Column("state", columns.word(GapState), nullable=False),
    Column("version", Integer, nullable=False),
    Column("assignee", String(64)),
    Column("article", String(ID_LENGTH)),
    Column("joined", Integer),
    Column("opened", Utc, nullable=False),
    Column("since", Utc, nullable=False),
    Column("label", Text, nullable=False),
    Column("medoid", String(32), nullable=False),
    Column("variants", Text, nullable=False),
    Column("wordings", Integer, nullable=False),
    Column("askers", Integer, nullable=False),
    Column("before", Integer, nullable=False),
    Column("volume", Float, nullable=False),
    Column("kind", columns.word(GapKind), nullable=False),
    Column("nearest", String(ID_LENGTH)),
    ForeignKeyConstraint(["joined"], ["gaps.id"]),
    Index(None, "state"),
)

gap_members = Table(
    "gap_members",
    metadata,
    Column("gap", Integer, primary_key=True, autoincrement=False),
    Column("wording", String(32), primary_key=True),
    Column("pinned", Boolean, nullable=False),
    Column("seen", Date, nullable=False),
    ForeignKeyConstraint(["gap"], ["gaps.id"], ondelete="CASCADE"),
)

gap_steps = Table(
    "gap_steps",
    metadata,
    Column("gap", Integer, primary_key=True, autoincrement=False),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("step", columns.word(GapStep), nullable=False),
    Column("actor", String(64)),
    Column("words", Text, nullable=False),
    Column("at", Utc, nullable=False),
    ForeignKeyConstraint(["gap"], ["gaps.id"], ondelete="CASCADE"),
)

misses = Table(
    "misses",
    metadata,
    Column("article", String(ID_LENGTH), primary_key=True),
    Column("lang", String(35), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("readers", Integer, nullable=False),
    columns.of_article(),
)
