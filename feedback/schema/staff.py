"""Accounts of the desk, what lets their people in, and the record of what they did."""

from sqlalchemy import Column, ForeignKeyConstraint, Index, Integer, String, Table

from feedback import columns
from feedback.columns import Utc
from feedback.model import Role, Scope, Way
from feedback.schema.base import metadata

users = Table(
    "users",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("password", String(255), nullable=False),
    Column("role", columns.word(Role), nullable=False),
    Column("added", Utc, nullable=False),
    Column("deactivated", Utc),
)

sessions = Table(
    "sessions",
    metadata,
    Column("token", String(64), primary_key=True),
    Column("user", String(64), nullable=False),
    Column("begun", Utc, nullable=False),
    Column("seen", Utc, nullable=False),
    ForeignKeyConstraint(["user"], ["users.name"], ondelete="CASCADE"),
    Index(None, "user"),
)

identities = Table(
    "identities",
    metadata,
    Column("issuer", String(255), primary_key=True),
    Column("subject", String(255), primary_key=True),
    Column("user", String(64), nullable=False),
    Column("since", Utc, nullable=False),
    ForeignKeyConstraint(["user"], ["users.name"], ondelete="CASCADE"),
    Index(None, "user"),
)

handshakes = Table(
    "handshakes",
    metadata,
    Column("state", String(64), primary_key=True),
    Column("nonce", String(64), nullable=False),
    Column("verifier", String(128), nullable=False),
    Column("wanted", String(2048), nullable=False),
    Column("begun", Utc, nullable=False),
)

tokens = Table(
    "tokens",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("digest", String(64), nullable=False, unique=True),
    Column("name", String(64), nullable=False),
    Column("user", String(64), nullable=False),
    Column("role", columns.word(Role), nullable=False),
    Column("scope", columns.word(Scope), nullable=False),
    Column("made", Utc, nullable=False),
    Column("expires", Utc, nullable=False),
    Column("used", Utc),
    Column("revoked", Utc),
    ForeignKeyConstraint(["user"], ["users.name"], ondelete="CASCADE"),
    Index(None, "user"),
    columns.at_most_one("uq_tokens_live_name", "name", while_="revoked IS NULL"),
    sqlite_autoincrement=True,
)

audit = Table(
    "audit",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", Utc, nullable=False),
    Column("who", String(64), nullable=False),
    Column("way", columns.word(Way), nullable=False),
    Column("token", String(64), nullable=False),
    Column("act", String(64), nullable=False),
    Column("subject", String(255), nullable=False),
    Index(None, "at"),
    Index(None, "who", "at"),
    sqlite_autoincrement=True,
)
