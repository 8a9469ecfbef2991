"""How often an article asks to be read through, in days."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("articles", sa.Column("review_every", sa.Integer))


def downgrade() -> None:
    op.drop_column("articles", "review_every")
