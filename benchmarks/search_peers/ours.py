"""This search, as the service uses it."""

from collections.abc import Sequence
from pathlib import Path

from benchmarks.search_peers.engines import TOP, Ask
from search.documents import Document
from search.reader import Reader

KEY = b"only for this run"
SHELF = "public"


def build(articles: Sequence[Document], folder: Path) -> None:
    from search import index  # noqa: PLC0415  # what builds an index is not needed to search in it

    with index.begin(folder, "benchmark", key=KEY) as draft:
        draft.write_shelf(SHELF, articles)
        draft.publish()


def load(folder: Path, lang: str) -> Ask:
    reader = Reader(folder, key=KEY, shelves=(SHELF,))
    return lambda text: [hit.title for hit in reader.search(text, lang=lang, limit=TOP).hits]
