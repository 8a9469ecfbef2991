"""Messages to other machines, kept until they are delivered; where they go."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
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
    op.create_table(
        "destinations",
        sa.Column("kind", sa.String(80), nullable=False),
        sa.Column("delivered", sa.DateTime(timezone=True)),
        sa.Column("disabled", sa.DateTime(timezone=True)),
        sa.Column("why", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("kind", name="pk_destinations"),
    )
    op.create_table(
        "issues",
        sa.Column("item", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("project", sa.Text(), nullable=False),
        sa.Column("issue", sa.Integer(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["item"], ["items.id"], name="fk_issues_item_items", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("item", name="pk_issues"),
    )


def downgrade() -> None:
    op.drop_table("issues")
    op.drop_table("destinations")
    op.drop_table("outbox")
