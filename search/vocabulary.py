"""What follows from the words of a language: their stems and their grams, numbered."""

from array import array
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from search import analysis
from search.analysis import Language
from search.arrays import Array


@dataclass(frozen=True, slots=True)
class Grouping:
    """Each word's terms of one kind: `terms[at[word] : at[word + 1]]`; `names` are all of them."""

    names: Sequence[str]
    at: Array
    terms: Array

    def expand(self, words: Array) -> tuple[Array, Array]:
        """The terms of words, one after the other, and for each the place of its word."""
        lengths = self.at[words + 1] - self.at[words]
        origin = np.repeat(np.arange(len(words)), lengths)
        first = np.cumsum(lengths) - lengths
        places = np.arange(len(origin)) - first[origin] + self.at[words][origin]
        return self.terms[places], origin


def stems(words: Sequence[str], language: Language) -> Grouping:
    return _group((language.stem(word),) for word in words)


def grams(words: Sequence[str]) -> Grouping:
    # Sorted, because the order of a set differs from run to run.
    return _group(sorted(analysis.grams(analysis.fold(word))) for word in words)


def _group(terms: Iterable[Sequence[str]]) -> Grouping:
    known: defaultdict[str, int] = defaultdict()
    known.default_factory = known.__len__
    numbers, at = array("q"), array("q", [0])
    for each in terms:
        numbers.extend([known[name] for name in each])
        at.append(len(numbers))
    return Grouping(list(known), np.array(at, dtype=np.int64), np.array(numbers, dtype=np.int64))
