"""SQLite's full-text search."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from benchmarks.search_peers.articles import text
from benchmarks.search_peers.engines import TITLE_WEIGHT, TOP, Ask
from search.documents import Document

_FILE = "articles.db"
_MAPPED = 1 << 30


def build(articles: Sequence[Document], folder: Path) -> None:
    # FTS5 has Porter's stemmer, which is for English, and no other.
    tokenizer = "porter unicode61" if articles[0].lang == "en" else "unicode61"
    folder.mkdir()
    with closing(sqlite3.connect(folder / _FILE)) as db:
        db.execute(f"CREATE VIRTUAL TABLE article USING fts5(title, body, tokenize='{tokenizer}')")
        db.executemany(
            "INSERT INTO article (title, body) VALUES (?, ?)",
            ((article.title, text(article)) for article in articles),
        )
        weights = f"bm25({TITLE_WEIGHT}.0, 1.0)"
        db.execute("INSERT INTO article (article, rank) VALUES ('rank', ?)", (weights,))
        db.execute("INSERT INTO article (article) VALUES ('optimize')")
        db.commit()


def load(folder: Path, _lang: str) -> Ask:
    db = sqlite3.connect(f"file:{folder / _FILE}?mode=ro", uri=True)
    db.execute(f"PRAGMA mmap_size = {_MAPPED}")

    def ask(text: str) -> list[str]:
        # In quotes, so that no word is an operator.
        words = " OR ".join(f'"{word}"' for word in text.split())
        rows = db.execute(
            "SELECT title FROM article WHERE article MATCH ? ORDER BY rank LIMIT ?", (words, TOP)
        )
        return [title for (title,) in rows]

    return ask
