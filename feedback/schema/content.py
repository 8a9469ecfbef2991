"""What a build told: articles and their revisions; and what was found in their texts."""

from sqlalchemy import Boolean, Column, Index, Integer, String, Table, Text

from feedback import columns
from feedback.columns import ID_LENGTH, Utc
from feedback.model import Severity
from feedback.schema.base import metadata

articles = Table(
    "articles",
    metadata,
    Column("article", String(ID_LENGTH), primary_key=True),
    Column("lang", String(35), primary_key=True),
    Column("revision", String(64), nullable=False),
    Column("text", Text, nullable=False),
    Column("severity", columns.word(Severity), nullable=False),
    Column("owner", Text, nullable=False),
    Column("public", Boolean, nullable=False),
    Column("reviewed", Utc),
    Column("review_every", Integer),
    Column("published", Utc, nullable=False),
    Column("gone", Utc),
    # The text is long: what is asked of all articles is read from here.
    Index("ix_articles_gone", "gone", "published", "review_every", "article", "lang"),
)

revisions = Table(
    "revisions",
    metadata,
    Column("id", Integer, primary_key=True),
    *columns.key(),
    Column("revision", String(64), nullable=False),
    Column("published", Utc, nullable=False),
    Column("commit", String(64), nullable=False),
    Column("author", Text, nullable=False, server_default=""),
    Column("substantive", Boolean, nullable=False),
    columns.of_article(),
    Index(None, "article", "lang", "revision"),
)

broken_links = Table(
    "broken_links",
    metadata,
    Column("id", Integer, primary_key=True),
    *columns.key(),
    Column("revision", String(64), nullable=False),
    Column("line", Integer, nullable=False),
    Column("url", Text, nullable=False),
    Column("said", Text, nullable=False),
    Column("since", Utc, nullable=False),
    Column("asked", Utc, nullable=False),
    columns.of_article(),
    Index(None, "article", "lang"),
)
