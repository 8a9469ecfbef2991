"""The tables: rows that were said or done, and no counter that cannot be recomputed from them.

Knows no rule: what a row means is said by the module that writes it. Timestamps are UTC on the
way in and on the way out, on SQLite as on PostgreSQL.
"""

from feedback.schema.base import metadata
from feedback.schema.closing import fixes, trailers, verdicts
from feedback.schema.content import articles, revisions
from feedback.schema.loop import flags, item_steps, items, reports, reviews
from feedback.schema.readers import links, remarks, tallies, votes
from feedback.schema.staff import sessions, users
from feedback.schema.upkeep import heartbeat, meta

__all__ = [
    "articles",
    "fixes",
    "flags",
    "heartbeat",
    "item_steps",
    "items",
    "links",
    "meta",
    "metadata",
    "remarks",
    "reports",
    "reviews",
    "revisions",
    "sessions",
    "tallies",
    "trailers",
    "users",
    "verdicts",
    "votes",
]
