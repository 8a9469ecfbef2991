"""The tables: rows that were said or done, and no counter that cannot be recomputed from them.

Knows no rule: what a row means is said by the module that writes it. Timestamps are UTC on the
way in and on the way out, on SQLite as on PostgreSQL.
"""

from feedback.schema.base import metadata
from feedback.schema.closing import fixes, trailers, verdicts
from feedback.schema.content import articles, broken_links, revisions
from feedback.schema.loop import flags, item_steps, items, reports, reviews
from feedback.schema.post import destinations, issues, outbox
from feedback.schema.readers import links, remarks, tallies, tally_digests, votes
from feedback.schema.receipts import confirmations, contacts, receipts
from feedback.schema.reuse import reuses
from feedback.schema.searches import (
    clicks,
    gap_members,
    gap_steps,
    gaps,
    misses,
    questions,
    search_days,
    searches,
)
from feedback.schema.staff import audit, handshakes, identities, sessions, tokens, users
from feedback.schema.upkeep import heartbeat, meta

__all__ = [
    "articles",
    "audit",
    "broken_links",
    "clicks",
    "confirmations",
    "contacts",
    "destinations",
    "fixes",
    "flags",
    "gap_members",
    "gap_steps",
    "gaps",
    "handshakes",
    "heartbeat",
    "identities",
    "issues",
    "item_steps",
    "items",
    "links",
    "meta",
    "metadata",
    "misses",
    "outbox",
    "questions",
    "receipts",
    "remarks",
    "reports",
    "reuses",
    "reviews",
    "revisions",
    "search_days",
    "searches",
    "sessions",
    "tallies",
    "tally_digests",
    "tokens",
    "trailers",
    "users",
    "verdicts",
    "votes",
]
