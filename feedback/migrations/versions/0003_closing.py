"""Who published a revision, what mended an item, and whether it helped."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

# What is watched already was mended by the last edit that its article had then.
_FILL = """
INSERT INTO fixes (item, version, revision, "commit", author, named, onset, at)
SELECT item.id, step.version, edit.revision, edit."commit", '', {no}, NULL, step.at
FROM items AS item
JOIN item_steps AS step ON step.item = item.id AND step.version = (
    SELECT max(version) FROM item_steps WHERE item = item.id AND step = 'watching'
)
JOIN revisions AS edit ON edit.id = (
    SELECT max(id) FROM revisions
    WHERE article = item.article AND lang = item.lang AND published <= step.at AND substantive
)
WHERE item.state = 'watching'
"""
_NO = {"sqlite": "0", "postgresql": "false"}


def upgrade() -> None:
    op.add_column("revisions", sa.Column("author", sa.Text(), nullable=False, server_default=""))
    op.create_table(
        "fixes",
        sa.Column("item", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("revision", sa.String(64), nullable=False),
        sa.Column("commit", sa.String(64), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("named", sa.Boolean(), nullable=False),
        sa.Column("onset", sa.Date(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["item"], ["items.id"], name="fk_fixes_item_items", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("item", "version", name="pk_fixes"),
    )
    op.create_table(
        "trailers",
        sa.Column("commit", sa.String(64), nullable=False),
        sa.Column("followed", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("commit", name="pk_trailers"),
    )
    op.create_table(
        "verdicts",
        sa.Column("item", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("fix", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("verdict", sa.String(24), nullable=False),
        sa.Column("better", sa.Float(), nullable=False),
        sa.Column("before_yes", sa.Integer(), nullable=False),
        sa.Column("before_no", sa.Integer(), nullable=False),
        sa.Column("before_asked", sa.Integer(), nullable=False),
        sa.Column("before_days", sa.Float(), nullable=False),
        sa.Column("after_yes", sa.Integer(), nullable=False),
        sa.Column("after_no", sa.Integer(), nullable=False),
        sa.Column("after_asked", sa.Integer(), nullable=False),
        sa.Column("after_days", sa.Float(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["item", "fix"],
            ["fixes.item", "fixes.version"],
            name="fk_verdicts_item_fix_fixes",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("item", "fix", name="pk_verdicts"),
    )
    op.execute(_FILL.format(no=_NO[op.get_bind().dialect.name]))


def downgrade() -> None:
    op.drop_table("verdicts")
    op.drop_table("trailers")
    op.drop_table("fixes")
    op.drop_column("revisions", "author")
