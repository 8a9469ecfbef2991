"""What follows from the words of a language: their stems and their grams, numbered."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

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
    return _group([(language.stem(word),) for word in words])


def grams(words: Sequence[str]) -> Grouping:
    # Sorted, because the order of a set differs from run to run.
    return _group([sorted(analysis.grams(analysis.fold(word))) for word in words])


def _group(terms: Sequence[Sequence[str]]) -> Grouping:
    known: dict[str, int] = {}
    numbers = [known.setdefault(name, len(known)) for name in chain.from_iterable(terms)]
    at = np.zeros(len(terms) + 1, dtype=np.int64)
    np.cumsum([len(each) for each in terms], out=at[1:])
    return Grouping(list(known), at, np.array(numbers, dtype=np.int64))
