"""What titles and phrases say beyond their single words: their neighbours, and all they say."""

from collections.abc import Iterable, Mapping, Sequence
from hashlib import blake2b
from itertools import pairwise

import numpy as np

from search.analysis import Language
from search.arrays import Array
from search.impacts import Formula, Impacts, Streams


def write(
    lines: Sequence[Sequence[Sequence[str]]],
    stems: Mapping[str, int],
    language: Language,
    *,
    of: Streams,
    formula: Formula,
) -> dict[str, Array]:
    """The arrays for each document's title and phrases, given as surfaces."""
    neighbours: set[tuple[int, int]] = set()
    wholes: set[tuple[int, int]] = set()
    for document, phrases in enumerate(lines):
        for phrase in phrases:
            numbers = [stems[language.stem(word)] for word in phrase]
            neighbours.update((key, document) for key in pair_keys(numbers, len(stems)))
            if phrase:
                wholes.add((whole_key(phrase, language), document))
    pairs, by_pair = _filed(neighbours, len(lines), of.prior, formula.pairs)
    keys, by_whole = _filed(wholes, len(lines), of.prior, 1.0)
    return {
        **by_pair.arrays("pair"),
        "pair_keys": pairs,
        **by_whole.arrays("whole"),
        "whole_keys": keys,
    }


def pair_keys(stems: Iterable[int], known: int) -> list[int]:
    """One number for each two neighbours, of which both are known."""
    return [one * known + two for one, two in pairwise(stems) if one >= 0 and two >= 0]


def whole_key(words: Sequence[str], language: Language) -> int:
    """One number for what words say, whatever their order and endings; stop words do not count."""
    content = [word for word in words if not language.is_stop_word(word)] or words
    said = "\n".join(sorted({language.stem(word) for word in content}))
    return int.from_bytes(blake2b(said.encode(), digest_size=8).digest(), "little") >> 1


def _filed(
    found: set[tuple[int, int]], documents: int, prior: Array, worth: float
) -> tuple[Array, Impacts]:
    """Keys in order, each once, and the documents filed under each with the key's idf."""
    rows = np.array(sorted(found), dtype=np.int64).reshape(-1, 2)
    keys, first, frequency = np.unique(rows[:, 0], return_index=True, return_counts=True)
    idf = np.log1p((documents - frequency + 0.5) / (frequency + 0.5))
    scores = worth * np.repeat(idf, frequency) * prior[rows[:, 1]]
    at = np.append(first, len(rows)).astype(np.int64)
    return keys, Impacts(at, rows[:, 1].astype(np.uint32), scores.astype(np.float32))


class Titles:
    """The opened arrays."""

    def __init__(self, opened: Mapping[str, Array], formula: Formula) -> None:
        self._pairs = Impacts.of(opened, "pair")
        self._pair_keys = opened["pair_keys"]
        self._wholes = Impacts.of(opened, "whole")
        self._whole_keys = opened["whole_keys"]
        self._worth = formula.whole

    def add_pairs(self, stems: Iterable[int], known: int, scores: Array) -> None:
        """Add what the neighbours in a question are worth."""
        for key in pair_keys(stems, known):
            row = _row(self._pair_keys, key)
            if row is not None:
                self._pairs.add(row, scores)

    def add_whole(self, key: int, best: float, scores: Array) -> None:
        """Raise the documents of which a title or phrase says all that the question says."""
        row = _row(self._whole_keys, key)
        if row is not None:
            here = slice(self._wholes.at[row], self._wholes.at[row + 1])
            scores[self._wholes.documents[here]] += np.float32(self._worth * best)


def _row(keys: Array, key: int) -> int | None:
    row = int(np.searchsorted(keys, key))
    return row if row < len(keys) and keys[row] == key else None
