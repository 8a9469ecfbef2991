"""Accounts of the desk."""

from sqlalchemy import Column, ForeignKeyConstraint, Index, String, Table

from feedback import columns
from feedback.columns import Utc
from feedback.model import Role
from feedback.schema.base import metadata

users = Table(
    "users",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("password", String(255), nullable=False),
    Column("role", columns.word(Role), nullable=False),
    Column("added", Utc, nullable=False),
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
