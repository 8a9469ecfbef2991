"""Links to other sites that were found broken."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "broken_links",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("article", sa.String(1000), nullable=False),
        sa.Column("lang", sa.String(35), nullable=False),
        sa.Column("revision", sa.String(64), nullable=False),
        sa.Column("line", sa.Integer, nullable=False),
        sa.Column("url", sa.Text, nullable=False),
        sa.Column("said", sa.Text, nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_broken_links"),
        sa.ForeignKeyConstraint(
            ["article", "lang"],
            ["articles.article", "articles.lang"],
            name="fk_broken_links_article_articles",
        ),
    )
    op.create_index("ix_broken_links_article_lang", "broken_links", ["article", "lang"])


def downgrade() -> None:
    op.drop_table("broken_links")
