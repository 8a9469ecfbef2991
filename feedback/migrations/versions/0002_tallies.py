"""Sums of the counted votes of a day, and the votes of a network without a search for them."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

# At most three votes of a network count on a revision and UTC day, the mildest first.
_FILL = """
INSERT INTO tallies (article, lang, revision, day, said, count)
SELECT article, lang, revision, day, said, count(*)
FROM (
    SELECT article, lang, revision, day, said,
        row_number() OVER (
            PARTITION BY article, lang, revision, day, network ORDER BY blame, said
        ) AS place
    FROM (
        SELECT article, lang, revision, network,
            {day} AS day,
            CASE WHEN helpful THEN 'yes' ELSE coalesce(reason, 'no') END AS said,
            CASE
                WHEN helpful THEN 0
                WHEN reason IN ('disagree', 'not-what-i-looked-for', 'other') THEN 1
                WHEN reason IN ('outdated', 'wrong', 'broken', 'step-missing') THEN 3
                WHEN reason IS NULL THEN 2
                ELSE 2.5
            END AS blame
        FROM votes
        WHERE weight > 0
    ) AS counted
) AS placed
WHERE place <= 3
GROUP BY article, lang, revision, day, said
"""
_DAY = {
    "sqlite": """date(coalesce(changed, "cast"))""",
    "postgresql": """(coalesce(changed, "cast") AT TIME ZONE 'UTC')::date""",
}


def upgrade() -> None:
    op.create_index(
        "ix_votes_network", "votes", ["article", "lang", "revision", "network", "weight"]
    )
    op.create_table(
        "tallies",
        sa.Column("article", sa.String(1000), nullable=False),
        sa.Column("lang", sa.String(35), nullable=False),
        sa.Column("revision", sa.String(64), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("said", sa.String(24), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article", "lang"],
            ["articles.article", "articles.lang"],
            name="fk_tallies_article_lang_articles",
        ),
        sa.PrimaryKeyConstraint("article", "lang", "revision", "day", "said", name="pk_tallies"),
    )
    op.execute(_FILL.format(day=_DAY[op.get_bind().dialect.name]))


def downgrade() -> None:
    op.drop_table("tallies")
    op.drop_index("ix_votes_network", "votes")
