"""What the engine's index knows, read once: which word stands how often in which part of what."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from search import analysed
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
        field = analysed.field(part, base)
        columns = _Columns([], [], [])
        for reader, ours in zip(readers, numbers, strict=True):
            if field in reader.schema:
                columns.read(reader, field, known, ours)
        parts[part] = Part(
            np.array(columns.word, dtype=np.int64),
            np.array(columns.document, dtype=np.int64),
            np.array(columns.count, dtype=np.float64),
        )
    documents = sum(len(ours) for ours in numbers)
    return Postings(words=list(known), parts=parts, documents=documents)


@dataclass(frozen=True, slots=True)
class _Columns:
    word: list[int]
    document: list[int]
    count: list[float]

    def read(self, reader: Any, field: str, known: dict[str, int], ours: Mapping[int, int]) -> None:
        document, count = self.document.append, self.count.append
        for term in reader.lexicon(field):
            number = known.setdefault(term.decode("utf-8"), len(known))
            before = len(self.document)
            matcher = reader.postings(field, term)
            while matcher.is_active():
                document(ours[matcher.id()])
                count(matcher.weight())
                matcher.next()
            self.word.extend([number] * (len(self.document) - before))
