"""What agents took from the articles for their replies."""

from sqlalchemy import Column, Index, Integer, String, Table

from feedback import columns
from feedback.columns import Utc
from feedback.model import Use
from feedback.schema.base import metadata

reuses = Table(
    "reuses",
    metadata,
    Column("id", Integer, primary_key=True),
    *columns.key(),
    Column("revision", String(64), nullable=False),
    Column("agent", String(64), nullable=False),
    Column("use", columns.word(Use), nullable=False),
    Column("ticket", String(40), nullable=False),
    Column("at", Utc, nullable=False),
    columns.of_article(),
    Index(None, "article", "lang", "at"),
    Index(None, "at"),
)
