"""Whether the compiled arrays rank as the formula says, on judged collections.

    python -m benchmarks.equality DIR…

Asks each collection every one of its queries of which all words are known, of the search and of
`tests/search/reference.py`, which computes the same formula plainly and slowly from the engine's
postings. Compares how many articles match, the scores of the first hundred, and their order, in
which two may change places whose scores differ by less than the rounding of 32 bits. Fails where
they are not equal.
"""

import argparse
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from search import analysed, index, judged, query
from search.judged import Collection
from search.reader import Reader
from tests.search.reference import Reference

_KEY = b"only for this run"
_COMPARED = 100
_ROUNDING = 4e-3
"""Scores are at most about 1. A term in many articles keeps its scores in 255 steps, so it is off
by a 510th of its best at most; a word is a stem and some grams, of which some are such terms."""


@dataclass(slots=True)
class Compared:
    """How many queries of how many were compared, in how many hits, and what differed."""

    queries: int = 0
    compared: int = 0
    hits: int = 0
    largest: float = 0.0
    unequal: int = 0


def compare(collection: Collection, root: Path) -> Compared:
    """Rank everything twice."""
    lang = collection.documents[0].lang
    documents = analysed.ordered(collection.documents)
    with index.begin(root, "judged", key=_KEY) as draft:
        draft.write_shelf("public", documents)
        version = draft.publish()
    engine = index.open_shelves(version, ["public"])
    reference = Reference(engine, lang, documents)
    engine.close()
    found = Compared(queries=len(collection.queries))
    with Reader(root, key=_KEY) as reader:
        for asked in collection.queries:
            tokens = query.parse(asked.text).tokens
            if reference.knows(tokens):
                answer = reader.search(asked.text, lang=lang, limit=_COMPARED)
                hits = [(hit.id, hit.score) for hit in answer.hits]
                _count(found, reference.rank(tokens), hits, answer.total)
    return found


def _count(
    found: Compared,
    expected: Sequence[tuple[str, float]],
    hits: Sequence[tuple[str, float]],
    total: int,
) -> None:
    scores = dict(expected)
    pairs = list(zip(expected, hits, strict=False))
    # Of equal scores either may come first, so each place is compared, and each article.
    by_place = [abs(score - other) for (_, score), (_, other) in pairs]
    by_article = [abs(scores.get(name, -1.0) - score) for name, score in hits]
    largest = max([*by_place, *by_article], default=0.0)
    found.compared += 1
    found.hits += len(hits)
    found.largest = max(found.largest, largest)
    found.unequal += total != len(expected) or largest > _ROUNDING


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folders", nargs="+", type=Path, metavar="DIR")
    unequal = 0
    print("| collection | queries | compared | hits | largest difference | not equal |")
    print("| --- | ---: | ---: | ---: | ---: | ---: |")
    for folder in parser.parse_args().folders:
        with tempfile.TemporaryDirectory() as place:
            found = compare(judged.read(folder), Path(place))
        print(
            f"| {folder.name} | {found.queries} | {found.compared} | {found.hits} "
            f"| {found.largest:.1e} | {found.unequal} |",
            flush=True,
        )
        unequal += found.unequal
    sys.exit(bool(unequal))


if __name__ == "__main__":
    main()
