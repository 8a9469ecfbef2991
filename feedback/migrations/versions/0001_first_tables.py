"""The first tables: articles, votes, remarks, reports, flags, the queue, accounts."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "articles",
        sa.Column("article", sa.String(1000), nullable=False),
        sa.Column("lang", sa.String(35), nullable=False),
        sa.Column("revision", sa.String(64), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("severity", sa.String(24), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("public", sa.Boolean(), nullable=False),
        sa.Column("reviewed", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published", sa.DateTime(timezone=True), nullable=False),
        sa.Column("gone", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("article", "lang", name="pk_articles"),
    )
    op.create_table(
        "heartbeat",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("beat", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_heartbeat"),
    )
    op.create_table(
        "meta",
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("computed", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_meta"),
    )
    op.create_table(
        "users",
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("password", sa.String(255), nullable=False),
        sa.Column("role", sa.String(24), nullable=False),
        sa.Column("added", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_users"),
    )
    op.create_table(
        "flags",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("article", sa.String(1000), nullable=False),
        sa.Column("lang", sa.String(35), nullable=False),
        sa.Column("raised", sa.DateTime(timezone=True), nullable=False),
        sa.Column("raised_evidence", sa.Float(), nullable=False),
        sa.Column("raised_threshold", sa.Float(), nullable=False),
        sa.Column("cleared", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cleared_evidence", sa.Float(), nullable=True),
        sa.Column("cleared_threshold", sa.Float(), nullable=True),
        sa.Column("cleared_by", sa.String(24), nullable=True),
        sa.ForeignKeyConstraint(
            ["article", "lang"],
            ["articles.article", "articles.lang"],
            name="fk_flags_article_lang_articles",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_flags"),
    )
    op.create_index("ix_flags_article_lang_raised", "flags", ["article", "lang", "raised"])
    op.create_index(
        "uq_flags_standing",
        "flags",
        ["article", "lang"],
        unique=True,
        sqlite_where=sa.text("cleared IS NULL"),
        postgresql_where=sa.text("cleared IS NULL"),
    )
    op.create_table(
        "items",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("article", sa.String(1000), nullable=False),
        sa.Column("lang", sa.String(35), nullable=False),
        sa.Column("lane", sa.String(24), nullable=False),
        sa.Column("state", sa.String(24), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("assignee", sa.String(64), nullable=True),
        sa.Column("opened", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["article", "lang"],
            ["articles.article", "articles.lang"],
            name="fk_items_article_lang_articles",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_items"),
    )
    op.create_index("ix_items_state", "items", ["state"])
    op.create_index(
        "uq_items_live",
        "items",
        ["article", "lang", "lane"],
        unique=True,
        sqlite_where=sa.text("state IN ('open', 'watching')"),
        postgresql_where=sa.text("state IN ('open', 'watching')"),
    )
    op.create_table(
        "links",
        sa.Column("article", sa.String(1000), nullable=False),
        sa.Column("lang", sa.String(35), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("via", sa.String(40), nullable=False),
        sa.Column("uses", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article", "lang"],
            ["articles.article", "articles.lang"],
            name="fk_links_article_lang_articles",
        ),
        sa.PrimaryKeyConstraint("article", "lang", "day", "via", name="pk_links"),
    )
    op.create_table(
        "reports",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("article", sa.String(1000), nullable=False),
        sa.Column("lang", sa.String(35), nullable=False),
        sa.Column("revision", sa.String(64), nullable=False),
        sa.Column("agent", sa.String(64), nullable=False),
        sa.Column("reason", sa.String(24), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("ticket", sa.String(40), nullable=False),
        sa.Column("made", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["article", "lang"],
            ["articles.article", "articles.lang"],
            name="fk_reports_article_lang_articles",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_reports"),
    )
    op.create_index("ix_reports_article_lang_made", "reports", ["article", "lang", "made"])
    op.create_table(
        "reviews",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("article", sa.String(1000), nullable=False),
        sa.Column("lang", sa.String(35), nullable=False),
        sa.Column("revision", sa.String(64), nullable=False),
        sa.Column("lane", sa.String(24), nullable=True),
        sa.Column("state", sa.String(24), nullable=False),
        sa.Column("actor", sa.String(64), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["article", "lang"],
            ["articles.article", "articles.lang"],
            name="fk_reviews_article_lang_articles",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_reviews"),
    )
    op.create_index("ix_reviews_article_lang_at", "reviews", ["article", "lang", "at"])
    op.create_table(
        "revisions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("article", sa.String(1000), nullable=False),
        sa.Column("lang", sa.String(35), nullable=False),
        sa.Column("revision", sa.String(64), nullable=False),
        sa.Column("published", sa.DateTime(timezone=True), nullable=False),
        sa.Column("commit", sa.String(64), nullable=False),
        sa.Column("substantive", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article", "lang"],
            ["articles.article", "articles.lang"],
            name="fk_revisions_article_lang_articles",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_revisions"),
    )
    op.create_index(
        "ix_revisions_article_lang_revision", "revisions", ["article", "lang", "revision"]
    )
    op.create_table(
        "sessions",
        sa.Column("token", sa.String(64), nullable=False),
        sa.Column("user", sa.String(64), nullable=False),
        sa.Column("begun", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["user"], ["users.name"], name="fk_sessions_user_users", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("token", name="pk_sessions"),
    )
    op.create_index("ix_sessions_user", "sessions", ["user"])
    op.create_table(
        "votes",
        sa.Column("article", sa.String(1000), nullable=False),
        sa.Column("lang", sa.String(35), nullable=False),
        sa.Column("revision", sa.String(64), nullable=False),
        sa.Column("visitor", sa.String(64), nullable=False),
        sa.Column("network", sa.String(64), nullable=False),
        sa.Column("helpful", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(24), nullable=True),
        sa.Column("weight", sa.SmallInteger(), nullable=False),
        sa.Column("via", sa.String(40), nullable=False),
        sa.Column("search", sa.String(64), nullable=False),
        sa.Column("cast", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("weight IN (0, 1)", name="ck_votes_weight"),
        sa.ForeignKeyConstraint(
            ["article", "lang"],
            ["articles.article", "articles.lang"],
            name="fk_votes_article_lang_articles",
        ),
        sa.PrimaryKeyConstraint("article", "lang", "revision", "visitor", name="pk_votes"),
    )
    op.create_index("ix_votes_cast", "votes", ["cast"])
    op.create_table(
        "item_steps",
        sa.Column("item", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("step", sa.String(24), nullable=False),
        sa.Column("actor", sa.String(64), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["item"], ["items.id"], name="fk_item_steps_item_items", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("item", "version", name="pk_item_steps"),
    )
    op.create_table(
        "remarks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("article", sa.String(1000), nullable=False),
        sa.Column("lang", sa.String(35), nullable=False),
        sa.Column("revision", sa.String(64), nullable=False),
        sa.Column("visitor", sa.String(64), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("pii", sa.String(24), nullable=False),
        sa.Column("written", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["article", "lang", "revision", "visitor"],
            ["votes.article", "votes.lang", "votes.revision", "votes.visitor"],
            name="fk_remarks_article_lang_revision_visitor_votes",
            onupdate="CASCADE",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_remarks"),
        sa.UniqueConstraint(
            "article",
            "lang",
            "revision",
            "visitor",
            name="uq_remarks_article_lang_revision_visitor",
        ),
    )


def downgrade() -> None:
    op.drop_table("remarks")
    op.drop_table("item_steps")
    op.drop_table("votes")
    op.drop_table("sessions")
    op.drop_table("revisions")
    op.drop_table("reviews")
    op.drop_table("reports")
    op.drop_table("links")
    op.drop_table("items")
    op.drop_table("flags")
    op.drop_table("users")
    op.drop_table("meta")
    op.drop_table("heartbeat")
    op.drop_table("articles")
