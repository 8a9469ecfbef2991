"""What the engine's index knows: which word stands how often in which part of what.

A build gathers it while it hands the articles to the engine; `read` has it from the index itself.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from search import analysed
from search.analysed import PARTS
from search.arrays import Array

if TYPE_CHECKING:
    from array import array

Found = Mapping[str, Mapping[bytes, tuple["array[int]", "array[float]"]]]
"""Of each field each word's documents, in order, and how often it stands there."""


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


def gathered(shelves: Sequence[Found], base: str, numbers: Sequence[Mapping[int, int]]) -> Postings:
    """All postings of a language from what was handed to the engine, shelf by shelf.

    What `read` would find there afterwards, in the same order. `numbers` as there.
    """
    known: dict[str, int] = {}
    parts: dict[str, Part] = {}
    places = [_places(ours) for ours in numbers]
    for part in PARTS:
        field = analysed.field(part, base)
        pieces = [
            (known.setdefault(word.decode("utf-8"), len(known)), ours[documents], counts)
            for found, ours in zip(shelves, places, strict=True)
            for word, (documents, counts) in sorted(found.get(field, {}).items())
        ]
        lengths = [len(documents) for _, documents, _ in pieces]
        words = np.array([word for word, _, _ in pieces], dtype=np.int64)
        parts[part] = Part(
            np.repeat(words, lengths),
            _joined([documents for _, documents, _ in pieces], np.int64),
            _joined([np.frombuffer(counts, dtype=np.float32) for _, _, counts in pieces], float),
        )
    documents = sum(len(ours) for ours in numbers)
    return Postings(words=list(known), parts=parts, documents=documents)


def _places(ours: Mapping[int, int]) -> Array:
    """The numbers as an array, by the number there."""
    places = np.zeros(max(ours, default=-1) + 1, dtype=np.int64)
    places[list(ours)] = list(ours.values())
    return places


def _joined(pieces: Sequence[Array], kind: type) -> Array:
    return np.concatenate([np.empty(0, kind), *pieces]).astype(kind, copy=False)


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
