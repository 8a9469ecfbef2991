"""Kinds of columns and constraints that several tables share."""

from datetime import UTC, datetime
from enum import StrEnum

from sqlalchemy import (
    Column,
    DateTime,
    Dialect,
    Enum,
    ForeignKeyConstraint,
    Index,
    String,
    text,
)
from sqlalchemy.types import TypeDecorator

ID_LENGTH = 1_000
"""An article without an id of its own has one from its path."""


class Utc(TypeDecorator[datetime]):
    """An aware moment. SQLite keeps no zone, so it is written there as UTC without one."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value!r} has no time zone; moments are aware, in UTC")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if dialect.name == "sqlite" else value.astimezone(UTC)


def word(words: type[StrEnum]) -> Enum:
    """A column of an enum's values. Without a CHECK, so that a new word needs no migration."""
    return Enum(
        words,
        native_enum=False,
        create_constraint=False,
        length=24,
        values_callable=lambda members: [member.value for member in members],
    )


def key() -> tuple[Column[str], Column[str]]:
    """The columns that name an article in one language."""
    return (
        Column("article", String(ID_LENGTH), nullable=False),
        Column("lang", String(35), nullable=False),
    )


def of_article() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(["article", "lang"], ["articles.article", "articles.lang"])


def at_most_one(name: str, *columns: str, while_: str) -> Index:
    """A unique index over the rows for which the condition holds.

    The migrations make it, for both databases. To say the condition for PostgreSQL here as well
    would load all that SQLAlchemy knows of it, in each process of those who have none.
    """
    return Index(name, *columns, unique=True, sqlite_where=text(while_))
