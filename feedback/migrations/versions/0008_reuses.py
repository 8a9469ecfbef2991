"""What agents took from the articles for their replies."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "reuses",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("article", sa.String(1000), nullable=False),
        sa.Column("lang", sa.String(35), nullable=False),
        sa.Column("revision", sa.String(64), nullable=False),
        sa.Column("agent", sa.String(64), nullable=False),
        sa.Column("use", sa.String(24), nullable=False),
        sa.Column("ticket", sa.String(40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_reuses"),
        sa.ForeignKeyConstraint(
            ["article", "lang"],
            ["articles.article", "articles.lang"],
            name="fk_reuses_article_articles",
        ),
    )
    op.create_index("ix_reuses_article_lang_at", "reuses", ["article", "lang", "at"])
    op.create_index("ix_reuses_at", "reuses", ["at"])


def downgrade() -> None:
    op.drop_table("reuses")
