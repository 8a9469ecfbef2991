"""Messages to other machines, kept until they are delivered."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "outbox",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(80), nullable=False),
        sa.Column("subject", sa.String(1100), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("written", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due", sa.DateTime(timezone=True)),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_outbox"),
        sa.UniqueConstraint("id", "kind", name="uq_outbox_id_kind"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_outbox_kind_subject_number", "outbox", ["kind", "subject", "number"])
    op.create_index("ix_outbox_due", "outbox", ["due"])


def downgrade() -> None:
    op.drop_table("outbox")
