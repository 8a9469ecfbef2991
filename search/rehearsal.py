"""An index that is thrown away: to ask it queries before, or without, publishing anything."""

import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from search import index
from search.documents import Document
from search.semantic import Stock

KEY = b"an index that only this process reads"


@contextmanager
def built(
    root: Path, shelves: Mapping[str, Iterable[Document]], stock: Stock | None = None
) -> Iterator[Path]:
    """Index documents below `root`, by the name of their shelf, until the block ends.

    Gives the directory to open a `search.reader.Reader` in, with `KEY`. `root` is made, and
    removed with all that is in it; `stock` is as for `index.begin`. Raises IndexUnwritable.
    """
    try:
        with index.begin(root, "rehearsal", key=KEY, stock=stock) as draft:
            for name, documents in shelves.items():
                draft.write_shelf(name, documents)
            draft.publish()
        yield root
    finally:
        shutil.rmtree(root, ignore_errors=True)
