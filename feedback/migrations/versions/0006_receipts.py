"""Private links for those who left a remark, and sealed addresses for one letter each."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_VOTE = ["article", "lang", "revision", "visitor"]


def upgrade() -> None:
    op.create_table(
        "receipts",
        sa.Column("token", sa.String(64), nullable=False),
        sa.Column("purpose", sa.String(24), nullable=False),
        *_of_vote(),
        sa.Column("made", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used", sa.DateTime(timezone=True)),
        _belongs("fk_receipts_article_lang_revision_visitor_votes"),
        sa.PrimaryKeyConstraint("token", name="pk_receipts"),
    )
    op.create_index("ix_receipts_article_lang_revision_visitor", "receipts", _VOTE)
    op.create_table(
        "contacts",
        sa.Column("id", sa.String(32), nullable=False),
        *_of_vote(),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("address", sa.String(64), nullable=False),
        sa.Column("made", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed", sa.DateTime(timezone=True)),
        sa.Column("told", sa.DateTime(timezone=True)),
        _belongs("fk_contacts_article_lang_revision_visitor_votes"),
        sa.PrimaryKeyConstraint("id", name="pk_contacts"),
        sa.UniqueConstraint(*_VOTE, name="uq_contacts_article_lang_revision_visitor"),
    )
    op.create_index("ix_contacts_address", "contacts", ["address"])
    op.create_table(
        "confirmations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("address", sa.String(64), nullable=False),
        sa.Column("asked", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_confirmations"),
    )
    op.create_index("ix_confirmations_address", "confirmations", ["address"])


def downgrade() -> None:
    op.drop_table("confirmations")
    op.drop_table("contacts")
    op.drop_table("receipts")


def _of_vote() -> tuple[sa.Column[str], ...]:
    return (
        sa.Column("article", sa.String(1000), nullable=False),
        sa.Column("lang", sa.String(35), nullable=False),
        sa.Column("revision", sa.String(64), nullable=False),
        sa.Column("visitor", sa.String(64), nullable=False),
    )


def _belongs(name: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        _VOTE,
        [f"votes.{column}" for column in _VOTE],
        name=name,
        onupdate="CASCADE",
        ondelete="CASCADE",
    )
