"""Which articles are searched: those of the generator, or real ones."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.search_peers import generated, recombined
from search.documents import Document


def source(folders: Sequence[Path], lang: str | None, seed: int) -> tuple[str, Iterator[Document]]:
    """What the articles are, in words, and the articles, without end."""
    if not folders:
        return "generated articles", generated.articles(seed)
    real = recombined.originals(folders, lang)
    kind = f"{len(real):,} real articles ({real[0].lang}), recombined beyond their number"
    return kind, recombined.articles(real, seed)
