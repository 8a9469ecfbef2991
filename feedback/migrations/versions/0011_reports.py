"""Searches of a day as sums, and the indexes that reports and the queue are read by."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "search_days",
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("lang", sa.String(35), nullable=False),
        sa.Column("searches", sa.Integer, nullable=False),
        sa.Column("empty", sa.Integer, nullable=False),
        sa.Column("watched", sa.Integer, nullable=False),
        sa.Column("unopened", sa.Integer, nullable=False),
        sa.Column("refined", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("day", "lang", name="pk_search_days"),
    )
    op.create_index("ix_tallies_day", "tallies", ["day", "said", "article", "lang", "count"])
    op.create_index("ix_links_day", "links", ["day", "article", "lang", "uses"])
    op.create_index(
        "ix_articles_gone", "articles", ["gone", "published", "review_every", "article", "lang"]
    )


def downgrade() -> None:
    op.drop_index("ix_articles_gone", "articles")
    op.drop_index("ix_links_day", "links")
    op.drop_index("ix_tallies_day", "tallies")
    op.drop_table("search_days")
