"""What the engine's index knows, read once: which word stands how often in which part of what."""

from collections.abc import Mapping, Sequence
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
        rows: tuple[list[int], list[int], list[float]] = ([], [], [])
        for reader, ours in zip(readers, numbers, strict=True):
            if field in reader.schema:
                _read_field(reader, field, ours, known, rows)
        word, document, count = rows
        parts[part] = Part(
            np.array(word, dtype=np.int64),
            np.array(document, dtype=np.int64),
            np.array(count, dtype=np.float64),
        )
    documents = sum(len(ours) for ours in numbers)
    return Postings(words=list(known), parts=parts, documents=documents)


def _read_field(
    reader: Any,
    field: str,
    ours: Mapping[int, int],
    known: dict[str, int],
    rows: tuple[list[int], list[int], list[float]],
) -> None:
    words, documents, counts = rows
    for term in reader.lexicon(field):
        word = known.setdefault(term.decode("utf-8"), len(known))
        matcher = reader.postings(field, term)
        while matcher.is_active():
            words.append(word)
            documents.append(ours[matcher.id()])
            counts.append(matcher.weight())
            matcher.next()
