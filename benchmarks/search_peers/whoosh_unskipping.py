"""Whoosh's own searcher without its skipping of blocks, on the same index."""

from pathlib import Path

from benchmarks.search_peers import whoosh_searcher
from benchmarks.search_peers.engines import Ask


def load(folder: Path, lang: str) -> Ask:
    return whoosh_searcher.searcher(folder, lang, optimize=False)
