"""Settled searches, clicks, questions of readers, and the gaps that they show."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "searches",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token", sa.String(32), nullable=False),
        sa.Column("visitor", sa.String(64), nullable=False),
        sa.Column("network", sa.String(64), nullable=False),
        sa.Column("lang", sa.String(35), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("hits", sa.Integer(), nullable=False),
        sa.Column("watched", sa.Boolean(), nullable=False),
        sa.Column("clicked", sa.Boolean(), nullable=False),
        sa.Column("refined_to", sa.Text(), nullable=True),
        sa.Column("weight", sa.SmallInteger(), nullable=False),
        sa.Column("pii", sa.String(24), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("weight IN (0, 1)", name="ck_searches_weight"),
        sa.PrimaryKeyConstraint("id", name="pk_searches"),
        sa.UniqueConstraint("visitor", "token", name="uq_searches_visitor_token"),
    )
    op.create_index("ix_searches_at", "searches", ["at"])
    op.create_table(
        "clicks",
        sa.Column("search", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("article", sa.String(1000), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["search"], ["searches.id"], name="fk_clicks_search_searches", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("search", "article", name="pk_clicks"),
    )
    op.create_table(
        "questions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("visitor", sa.String(64), nullable=False),
        sa.Column("network", sa.String(64), nullable=False),
        sa.Column("lang", sa.String(35), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("search", sa.String(32), nullable=False),
        sa.Column("weight", sa.SmallInteger(), nullable=False),
        sa.Column("pii", sa.String(24), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("weight IN (0, 1)", name="ck_questions_weight"),
        sa.PrimaryKeyConstraint("id", name="pk_questions"),
    )
    op.create_index("ix_questions_at", "questions", ["at"])
    op.create_index("ix_questions_visitor", "questions", ["visitor"])
    op.create_table(
        "gaps",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("lang", sa.String(35), nullable=False),
        sa.Column("state", sa.String(24), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("assignee", sa.String(64), nullable=True),
        sa.Column("article", sa.String(1000), nullable=True),
        sa.Column("joined", sa.Integer(), nullable=True),
        sa.Column("opened", sa.DateTime(timezone=True), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("medoid", sa.String(32), nullable=False),
        sa.Column("variants", sa.Text(), nullable=False),
        sa.Column("wordings", sa.Integer(), nullable=False),
        sa.Column("askers", sa.Integer(), nullable=False),
        sa.Column("before", sa.Integer(), nullable=False),
        sa.Column("volume", sa.Float(), nullable=False),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("nearest", sa.String(1000), nullable=True),
        sa.ForeignKeyConstraint(["joined"], ["gaps.id"], name="fk_gaps_joined_gaps"),
        sa.PrimaryKeyConstraint("id", name="pk_gaps"),
    )
    op.create_index("ix_gaps_state", "gaps", ["state"])
    op.create_table(
        "gap_members",
        sa.Column("gap", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("wording", sa.String(32), nullable=False),
        sa.Column("pinned", sa.Boolean(), nullable=False),
        sa.Column("seen", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["gap"], ["gaps.id"], name="fk_gap_members_gap_gaps", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("gap", "wording", name="pk_gap_members"),
    )
    op.create_table(
        "gap_steps",
        sa.Column("gap", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("step", sa.String(24), nullable=False),
        sa.Column("actor", sa.String(64), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["gap"], ["gaps.id"], name="fk_gap_steps_gap_gaps", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("gap", "version", name="pk_gap_steps"),
    )
    op.create_table(
        "misses",
        sa.Column("article", sa.String(1000), nullable=False),
        sa.Column("lang", sa.String(35), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("readers", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article", "lang"],
            ["articles.article", "articles.lang"],
            name="fk_misses_article_lang_articles",
        ),
        sa.PrimaryKeyConstraint("article", "lang", "day", name="pk_misses"),
    )


def downgrade() -> None:
    op.drop_table("misses")
    op.drop_table("gap_steps")
    op.drop_table("gap_members")
    op.drop_table("gaps")
    op.drop_table("questions")
    op.drop_table("clicks")
    op.drop_table("searches")
