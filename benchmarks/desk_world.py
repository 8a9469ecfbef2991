"""A large knowledge base and a year of what was said about it, made from a seed, for `desk_load`.

Articles are read as Zipf has it (the n-th a n-th as often as the first), on each day of the year
alike, and voted on by one reader in a hundred. Searches reach back 90 days, as they are kept.
What follows from votes by the rule is not computed here: `kb serve` does that when it starts.
"""

import json
import random
from collections.abc import Sequence
from datetime import datetime
from itertools import islice
from pathlib import Path

from sqlalchemy import Connection, select, update

from answerloop import learned
from answerloop.learned import Learned, Phrase, Synonym
from benchmarks import desk_readers, desk_staff
from benchmarks.desk_rows import DAY, YEAR, Known, Size
from benchmarks.search_peers import generated
from feedback import schema
from search.documents import Document

OWNERS = ("billing", "shipping", "accounts", "devices", "contracts")
TAGS = 40
_SHELF = 100


def write(root: Path, size: Size) -> Sequence[Document]:
    """A content repository with so many articles, each with an owner, tags and a kind."""
    chance = random.Random(1)  # noqa: S311  # repeatable, not secret
    owners = "[feedback]\nreviews_per_week = 50\n"
    owners += "".join(f'[owners.{name}]\nname = "Team {name}"\n' for name in OWNERS)
    (root / "mkdocs.yml").write_text("site_name: Desk\ndocs_dir: kb\n", encoding="utf-8")
    (root / "kb.toml").write_text(owners, encoding="utf-8")
    written = list(islice(generated.articles(1), size.articles))
    for number, article in enumerate(written):
        folder = root / "kb" / article.lang / f"shelf-{number // _SHELF}"
        folder.mkdir(parents=True, exist_ok=True)
        front = {
            "id": article.id,
            "title": article.title,
            "owner": chance.choice(OWNERS),
            "kind": chance.choice(("faq", "problem", "procedure")),
            "tags": sorted({f"tag {chance.randrange(TAGS)}" for _ in range(2)}),
        }
        lines = (f"{key}: {json.dumps(value)}\n" for key, value in front.items())
        body = (f"## {each.heading}\n\n{each.text}" for each in article.sections)
        text = f"---\n{''.join(lines)}---\n" + "\n\n".join(body) + "\n"
        (folder / f"{article.id}.md").write_text(text, encoding="utf-8")
    return written


def fill(db: Connection, articles: Sequence[Document], size: Size, now: datetime) -> None:
    """All that was said about the articles of the last build."""
    shown = schema.articles
    rows = db.execute(
        select(shown.c.article, shown.c.lang, shown.c.revision).order_by(shown.c.article)
    )
    known = Known([(row.article, row.lang, row.revision) for row in rows])
    long_ago = now - 2 * YEAR * DAY
    db.execute(update(shown).values(published=long_ago))
    db.execute(update(schema.revisions).values(published=long_ago))
    desk_readers.fill(db, known, (articles, size), now)
    desk_staff.fill(db, known, size, now)


def learn(state_dir: Path, articles: Sequence[Document], now: datetime) -> None:
    """Proposals as `kb learn` leaves them for the desk."""
    phrases = tuple(
        Phrase(f"{one.title} please", one.id, one.lang, 5, 8, 4, 1) for one in articles[:300]
    )
    pairs = zip(articles[:50], articles[50:100], strict=False)
    synonyms = tuple(Synonym(one.title, two.title, one.lang, 4) for one, two in pairs)
    learned.write(state_dir / learned.FILE_NAME, Learned(None, phrases, synonyms), now)
