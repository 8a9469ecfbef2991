"""A digest of the sums of each article, which is another one once any of them changes."""

from collections import Counter
from hashlib import blake2b

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_BYTES = 7
_PORTION = 500
_ROWS = "SELECT article, lang, revision, day, said, count FROM tallies WHERE count <> 0"


def upgrade() -> None:
    made = op.create_table(
        "tally_digests",
        sa.Column("article", sa.String(1000), nullable=False),
        sa.Column("lang", sa.String(35), nullable=False),
        sa.Column("digest", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article", "lang"],
            ["articles.article", "articles.lang"],
            name="fk_tally_digests_article_lang_articles",
        ),
        sa.PrimaryKeyConstraint("article", "lang", name="pk_tally_digests"),
    )
    found: Counter[tuple[str, str]] = Counter()
    for article, lang, *told, count in op.get_bind().execute(sa.text(_ROWS)):
        text = " ".join(map(str, told)).encode()
        hashed = blake2b(text, digest_size=_BYTES).digest()
        found[article, lang] += count * int.from_bytes(hashed)
    rows = [
        {"article": article, "lang": lang, "digest": digest % 256**_BYTES}
        for (article, lang), digest in found.items()
    ]
    for start in range(0, len(rows), _PORTION):
        op.bulk_insert(made, rows[start : start + _PORTION])


def downgrade() -> None:
    op.drop_table("tally_digests")
