"""The tables: rows that were said or done, and no counter that cannot be recomputed from them.

Knows no rule: what a row means is said by the module that writes it. Timestamps are UTC on the
way in and on the way out, on SQLite as on PostgreSQL.
"""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    Float,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    SmallInteger,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from feedback import columns
from feedback.columns import ID_LENGTH, Utc
from feedback.model import ItemState, Lane, Reason, Role, Severity, Step

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# An article that vanished from the build keeps its row: `gone` says since when. `text` is the
# normalised text of the current revision, kept to tell a substantive change from a minor one.
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
    Column("published", Utc, nullable=False),
    Column("gone", Utc),
)

# One row each time a revision became the current one: an edit that is taken back publishes the
# earlier revision again.
revisions = Table(
    "revisions",
    metadata,
    Column("id", Integer, primary_key=True),
    *columns.key(),
    Column("revision", String(64), nullable=False),
    Column("published", Utc, nullable=False),
    Column("commit", String(64), nullable=False),
    Column("substantive", Boolean, nullable=False),
    columns.of_article(),
    Index(None, "article", "lang", "revision"),
)

# `visitor` and `network` are keyed hashes. A vote of weight 0 is kept and not counted.
votes = Table(
    "votes",
    metadata,
    Column("article", String(ID_LENGTH), primary_key=True),
    Column("lang", String(35), primary_key=True),
    Column("revision", String(64), primary_key=True),
    Column("visitor", String(64), primary_key=True),
    Column("network", String(64), nullable=False),
    Column("helpful", Boolean, nullable=False),
    Column("reason", columns.word(Reason)),
    Column("weight", SmallInteger, nullable=False),
    Column("via", String(40), nullable=False),
    Column("search", String(64), nullable=False),
    Column("cast", Utc, nullable=False),
    Column("changed", Utc),
    columns.of_article(),
    CheckConstraint("weight IN (0, 1)", name="weight"),
    Index(None, "cast"),
    Index("ix_votes_network", "article", "lang", "revision", "network", "weight"),
)

# How many counted votes of a UTC day said the same of a revision (`yes`, `no`, or the reason of a
# no): the sum of `votes`, kept in the transaction of each, so that no article is judged by reading
# all that was ever said about it.
tallies = Table(
    "tallies",
    metadata,
    Column("article", String(ID_LENGTH), primary_key=True),
    Column("lang", String(35), primary_key=True),
    Column("revision", String(64), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("said", String(24), primary_key=True),
    Column("count", Integer, nullable=False),
    columns.of_article(),
)

# The text is redacted before it comes here; `pii` says whether something was found in it.
remarks = Table(
    "remarks",
    metadata,
    Column("id", Integer, primary_key=True),
    *columns.key(),
    Column("revision", String(64), nullable=False),
    Column("visitor", String(64), nullable=False),
    Column("text", Text, nullable=False),
    Column("pii", String(24), nullable=False),
    Column("written", Utc, nullable=False),
    ForeignKeyConstraint(
        ["article", "lang", "revision", "visitor"],
        ["votes.article", "votes.lang", "votes.revision", "votes.visitor"],
        onupdate="CASCADE",
        ondelete="CASCADE",
    ),
    UniqueConstraint("article", "lang", "revision", "visitor"),
)

# What agents flagged while they used an article.
reports = Table(
    "reports",
    metadata,
    Column("id", Integer, primary_key=True),
    *columns.key(),
    Column("revision", String(64), nullable=False),
    Column("agent", String(64), nullable=False),
    Column("reason", columns.word(Reason), nullable=False),
    Column("words", Text, nullable=False),
    Column("ticket", String(40), nullable=False),
    Column("made", Utc, nullable=False),
    columns.of_article(),
    Index(None, "article", "lang", "made"),
)

# Episodes of suspicion: raised when the evidence passed the threshold, with both numbers then.
flags = Table(
    "flags",
    metadata,
    Column("id", Integer, primary_key=True),
    *columns.key(),
    Column("raised", Utc, nullable=False),
    Column("raised_evidence", Float, nullable=False),
    Column("raised_threshold", Float, nullable=False),
    Column("cleared", Utc),
    Column("cleared_evidence", Float),
    Column("cleared_threshold", Float),
    Column("cleared_by", String(24)),
    columns.of_article(),
    Index(None, "article", "lang", "raised"),
    columns.at_most_one("uq_flags_standing", "article", "lang", while_="cleared IS NULL"),
)

# The queue. `version` counts the changes: who acts on an older one is told what happened since.
items = Table(
    "items",
    metadata,
    Column("id", Integer, primary_key=True),
    *columns.key(),
    Column("lane", columns.word(Lane), nullable=False),
    Column("state", columns.word(ItemState), nullable=False),
    Column("version", Integer, nullable=False),
    Column("assignee", String(64)),
    Column("opened", Utc, nullable=False),
    columns.of_article(),
    Index(None, "state"),
    columns.at_most_one(
        "uq_items_live", "article", "lang", "lane", while_="state IN ('open', 'watching')"
    ),
)

# What happened to an item, one row for each of its versions; `actor` is empty where the loop
# itself acted.
item_steps = Table(
    "item_steps",
    metadata,
    Column("item", Integer, primary_key=True, autoincrement=False),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("step", columns.word(Step), nullable=False),
    Column("actor", String(64)),
    Column("words", Text, nullable=False),
    Column("at", Utc, nullable=False),
    ForeignKeyConstraint(["item"], ["items.id"], ondelete="CASCADE"),
)

# What a person found on reading an article: the state is `correct` or `dismissed`. The lane is
# the one of the item that was answered; a review written into the article itself has none.
reviews = Table(
    "reviews",
    metadata,
    Column("id", Integer, primary_key=True),
    *columns.key(),
    Column("revision", String(64), nullable=False),
    Column("lane", columns.word(Lane)),
    Column("state", columns.word(ItemState), nullable=False),
    Column("actor", String(64)),
    Column("words", Text, nullable=False),
    Column("at", Utc, nullable=False),
    columns.of_article(),
    Index(None, "article", "lang", "at"),
)

# How often a permalink was followed: sums of a day, never one row a reader.
links = Table(
    "links",
    metadata,
    Column("article", String(ID_LENGTH), primary_key=True),
    Column("lang", String(35), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("via", String(40), primary_key=True),
    Column("uses", Integer, nullable=False),
    columns.of_article(),
)

users = Table(
    "users",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("password", String(255), nullable=False),
    Column("role", columns.word(Role), nullable=False),
    Column("added", Utc, nullable=False),
)

# `token` is the SHA-256 of what the browser holds: who reads this table cannot sign in with it.
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

# One row that `/readyz` writes, to know that writing works.
heartbeat = Table(
    "heartbeat",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("beat", Utc, nullable=False),
)

# What is computed seldom and asked often, by name, as JSON.
meta = Table(
    "meta",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("value", Text, nullable=False),
    Column("computed", Utc, nullable=False),
)
