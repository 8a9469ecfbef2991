"""What the engine's index knows, read once: which word stands how often in which part of what."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from search import schema
from search.analysed import PARTS
from search.arrays import Array


@dataclass(frozen=True, slots=True)
class Part:
    """The postings of one part: three arrays of one length."""

    word: Array
    document: Array
    count: Array


@dataclass(frozen=True, slots=True)
class Postings:
    """The postings of one language; words are numbered as in `words`."""

    words: Sequence[str]
    parts: Mapping[str, Part]
    documents: int


def read(readers: Sequence[Any], base: str, numbers: Sequence[Mapping[int, int]]) -> Postings:
    """All postings of a language from the engine's open shelves.

    `numbers` gives, for each shelf, the number here of each document of this language there.
    """
    known: dict[str, int] = {}
    parts: dict[str, Part] = {}
    for part in PARTS:
        field = schema.field(part, base)
        rows: list[tuple[int, int, float]] = []
        for reader, ours in zip(readers, numbers, strict=True):
            if field in reader.schema:
                for word, document, count in _rows(reader, field):
                    number = known.setdefault(word, len(known))
                    rows.append((number, ours[document], count))
        columns = np.array(rows, dtype=np.float64).reshape(-1, 3).T
        parts[part] = Part(columns[0].astype(np.int64), columns[1].astype(np.int64), columns[2])
    documents = sum(len(ours) for ours in numbers)
    return Postings(words=list(known), parts=parts, documents=documents)


def _rows(reader: Any, field: str) -> Iterator[tuple[str, int, float]]:
    for term in reader.lexicon(field):
        word = term.decode("utf-8")
        matcher = reader.postings(field, term)
        while matcher.is_active():
            yield word, matcher.id(), matcher.weight()
            matcher.next()
