"""The engines that are compared, each with a setting that is fair to it.

All search title and body, the title three times as heavy where they know weights, with an OR
over the words of the question, and give the titles of the ten best, which they have stored. All
stem, if they can for the language of the articles; each opens its index from disk once and keeps
it open. Versions are those of the lock file, and for Node those below.

- this search, with excerpts: `search.reader.Reader.search`; mends typing errors, marks words;
- this search, ranking alone: to the numbers of ten articles, no records, no excerpts;
- Whoosh: title^3 and body, its `StemmingAnalyzer` (`LanguageAnalyzer` for others than English)
  with an unbounded cache of stems, one segment, one searcher, no highlights;
- Whoosh, `optimize=False`: the same without skipping blocks that cannot win, which is often faster;
- SQLite FTS5: `bm25(3, 1)`, porter for English, merged into one tree, read from mapped memory;
- tantivy: title^3, Snowball's stemmer, one thread, one segment, the body not stored;
- bm25s: Lucene's variant, title three times and body as one text, PyStemmer, stop words out;
- lunr: title boost 3; its stemmer and stop words are English, other languages go without;
- minisearch: title boost 3, no stems and no fuzziness, as it comes.
"""

import importlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, cast

from search.documents import Document

TOP = 10
TITLE_WEIGHT = 3

NODE_PACKAGES = {"lunr": "2.3.9", "minisearch": "7.2.0"}

LANGUAGES = {
    "ar": "arabic",
    "da": "danish",
    "de": "german",
    "en": "english",
    "es": "spanish",
    "fi": "finnish",
    "fr": "french",
    "hu": "hungarian",
    "it": "italian",
    "nl": "dutch",
    "no": "norwegian",
    "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian",
    "sv": "swedish",
    "tr": "turkish",
}
"""Those for which Whoosh, tantivy and PyStemmer all have a stemmer."""

Ask = Callable[[str], Sequence[str]]
"""The titles of the best articles for a question, best first."""


class Module(Protocol):
    """What a module of this package offers for an engine."""

    def build(self, articles: Sequence[Document], folder: Path) -> None: ...

    def load(self, folder: Path, lang: str) -> Ask: ...


@dataclass(frozen=True, slots=True)
class Engine:
    """One row of the table.

    `index` names the module whose index it reads, if it has none of its own.
    """

    name: str
    module: str
    distribution: str = ""
    index: str = ""
    gives_titles: bool = True

    @property
    def in_node(self) -> bool:
        return self.module in NODE_PACKAGES


OURS = Engine("this search, with excerpts", "ours", "answerloop")
RANKING = Engine(
    "this search, ranking alone", "ours_ranking", index=OURS.module, gives_titles=False
)
WHOOSH = Engine("Whoosh", "whoosh_searcher", "whoosh-reloaded")
WHOOSH_UNSKIPPING = Engine("Whoosh, `optimize=False`", "whoosh_unskipping", index=WHOOSH.module)
FTS5 = Engine("SQLite FTS5", "sqlite_fts5")
TANTIVY = Engine("tantivy", "tantivy_index", "tantivy")
ENGINES = (
    OURS,
    RANKING,
    WHOOSH,
    WHOOSH_UNSKIPPING,
    FTS5,
    TANTIVY,
    Engine("bm25s", "bm25s_arrays", "bm25s"),
    Engine("lunr (Node)", "lunr"),
    Engine("minisearch (Node)", "minisearch"),
)


def module(engine: Engine) -> Module:
    """The engine's module, and with it the engine, imported now."""
    return cast("Module", importlib.import_module(f"benchmarks.search_peers.{engine.module}"))


def named(name: str) -> Engine:
    return next(engine for engine in ENGINES if engine.name == name)
