"""What titles and phrases say beyond their single words: their neighbours, and all they say."""

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from hashlib import blake2b
from itertools import pairwise

import numpy as np

from search import impacts
from search.analysis import Language
from search.arrays import Array
from search.formula import Formula


def write(
    lines: Sequence[Sequence[Sequence[str]]],
    stems: Mapping[str, int],
    language: Language,
    *,
    prior: Array,
) -> dict[str, Array]:
    """The arrays for each document's title and phrases, given as surfaces, and its prior."""
    neighbours: set[tuple[int, int]] = set()
    wholes: set[tuple[int, int]] = set()
    for document, phrases in enumerate(lines):
        for phrase in phrases:
            numbers = [stems[language.stem(word)] for word in phrase]
            neighbours.update((key, document) for key in pair_keys(numbers, len(stems)))
            if phrase:
                wholes.add((whole_key(phrase, language), document))
    return {**_filed("pair", neighbours), **_filed("whole", wholes), "prior": prior}


def pair_keys(stems: Iterable[int], known: int) -> list[int]:
    """One number for each two neighbours, of which both are known."""
    return [one * known + two for one, two in pairwise(stems) if one >= 0 and two >= 0]


def whole_key(words: Sequence[str], language: Language) -> int:
    """One number for what words say, whatever their order and endings; stop words do not count."""
    content = [word for word in words if not language.is_stop_word(word)] or words
    said = "\n".join(sorted({language.stem(word) for word in content}))
    return int.from_bytes(blake2b(said.encode(), digest_size=8).digest(), "little") >> 1


def _filed(kind: str, found: set[tuple[int, int]]) -> dict[str, Array]:
    """Keys in order, each once, and the documents filed under each."""
    rows = np.array(sorted(found), dtype=np.int64).reshape(-1, 2)
    keys, first = np.unique(rows[:, 0], return_index=True)
    return {
        f"{kind}_keys": keys,
        f"{kind}_at": np.append(first, len(rows)),
        f"{kind}_documents": rows[:, 1],
    }


class Titles:
    """The opened arrays."""

    def __init__(self, opened: Mapping[str, Array], formula: Formula) -> None:
        self._pairs = _File(opened, "pair")
        self._wholes = _File(opened, "whole")
        self._prior = opened["prior"]
        self._whole = formula.whole
        rarity = impacts.idf(np.diff(opened["pair_at"]).astype(np.intp), len(self._prior))
        self._worth = (formula.pairs * rarity).astype(np.float32)

    def add_pairs(self, stems: Iterable[int], known: int, scores: Array) -> None:
        """Add what the neighbours in a question are worth."""
        for key in pair_keys(stems, known):
            row = self._pairs.row(key)
            if row >= 0:
                found = self._pairs.documents(row)
                scores[found] += self._worth[row] * self._prior[found]

    def add_whole(self, key: int, best: float, scores: Array) -> None:
        """Raise the documents of which a title or phrase says all that the question says."""
        row = self._wholes.row(key)
        if row >= 0:
            scores[self._wholes.documents(row)] += np.float32(self._whole * best)


class _File:
    """Documents by a number that stands for something said in their titles."""

    def __init__(self, opened: Mapping[str, Array], kind: str) -> None:
        self._keys = memoryview(opened[f"{kind}_keys"].data)
        self._at = memoryview(opened[f"{kind}_at"].data)
        self._documents = opened[f"{kind}_documents"]

    def row(self, key: int) -> int:
        """The row of a key; -1 if nothing is filed under it."""
        row = bisect_left(self._keys, key)
        return row if row < len(self._keys) and self._keys[row] == key else -1

    def documents(self, row: int) -> Array:
        return self._documents[self._at[row] : self._at[row + 1]].astype(np.intp)
