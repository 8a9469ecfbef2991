"""What the program keeps for itself."""

from sqlalchemy import Column, Integer, String, Table, Text

from feedback.columns import Utc
from feedback.schema.base import metadata

heartbeat = Table(
    "heartbeat",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("beat", Utc, nullable=False),
)

meta = Table(
    "meta",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("value", Text, nullable=False),
    Column("computed", Utc, nullable=False),
)
