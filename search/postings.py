"""What the engine's index knows: which word stands how often in which part of what.

A build gathers it while it hands the articles to the engine; `read` has it from the index itself.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from search import analysed
from search.analysed import PARTS
from search.arrays import Array
from search.gathering import Gathered
from search.sums import merged


@dataclass(frozen=True, slots=True)
class Listing:
    """The postings of a field of a shelf, word after word in order.

    Word w stands `counts[at[w] : at[w + 1]]` times in `documents[at[w] : at[w + 1]]`, which are
    in order, too.
    """

    words: Sequence[str]
    at: Array
    documents: Array
    counts: Array


Found = Mapping[str, Listing]
"""The listings of a shelf by field."""


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


def counted(shelf: Mapping[str, Gathered]) -> Found:
    """The listings of a shelf with these articles, by language; a field without words has none."""
    found = {}
    for base, articles in shelf.items():
        names = list(articles.names.texts)
        order = sorted(range(len(names)), key=names.__getitem__)  # as their bytes would be
        for part in PARTS:
            listing = _listing(articles.words(part), names, np.array(order, np.int32))
            if listing.words:
                found[analysed.field(part, base)] = listing
    return found


def _listing(said: tuple[Array, Array, Array], names: Sequence[str], order: Array) -> Listing:
    """`order` are the numbers of all names as these are ordered."""
    words, documents, counts = said
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order))
    span = int(documents.max(initial=0)) + 1
    keys = rank[words] * span
    keys += documents
    keys, sums = merged(keys, counts)
    at = np.searchsorted(keys, np.arange(len(names) + 1) * span)
    spoken = np.flatnonzero(np.diff(at))
    keys %= span
    return Listing(
        words=[names[number] for number in order[spoken].tolist()],
        at=np.append(at[spoken], len(keys)),
        documents=keys.astype(np.uint32),
        counts=sums.astype(np.float32),
    )


def gathered(shelves: Sequence[Found], base: str, numbers: Sequence[Mapping[int, int]]) -> Postings:
    """All postings of a language from what was handed to the engine, shelf by shelf.

    What `read` would find there afterwards, in the same order. `numbers` as there.
    """
    known: dict[str, int] = {}
    parts: dict[str, Part] = {}
    places = [_places(ours) for ours in numbers]
    for part in PARTS:
        field = analysed.field(part, base)
        listings = [
            (found[field], ours)
            for found, ours in zip(shelves, places, strict=True)
            if field in found
        ]
        words = [
            np.array([known.setdefault(word, len(known)) for word in each.words], np.int32)
            for each, _ in listings
        ]
        parts[part] = Part(
            _joined(
                [
                    np.repeat(w, np.diff(each.at))
                    for w, (each, _) in zip(words, listings, strict=True)
                ],
                np.int32,
            ),
            _joined([ours[each.documents] for each, ours in listings], np.int32),
            _joined([each.counts for each, _ in listings], np.float32),
        )
    documents = sum(len(ours) for ours in numbers)
    return Postings(words=list(known), parts=parts, documents=documents)


def _places(ours: Mapping[int, int]) -> Array:
    """The numbers as an array, by the number there."""
    places = np.zeros(max(ours, default=-1) + 1, dtype=np.int32)
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
