"""Until when an item sleeps, what became of a remark, and who opened an article from a search."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("items", sa.Column("snoozed", sa.Date))
    op.add_column(
        "remarks", sa.Column("state", sa.String(24), nullable=False, server_default="open")
    )
    op.create_index("ix_clicks_article", "clicks", ["article"])


def downgrade() -> None:
    op.drop_index("ix_clicks_article", "clicks")
    op.drop_column("remarks", "state")
    op.drop_column("items", "snoozed")
