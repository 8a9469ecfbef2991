"""What follows from the words of a language: their stems and their grams, numbered."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from search import analysis
from search.analysis import GRAM, Language
from search.arrays import Array
from search.sums import distinct, spread, starts

_BITS, _PAIR = 21, 31
"""Bits of the number of a character, and of that of two."""

_BLOCK = 4_000
"""Words that are cut at a time; bounds the memory of a build."""


@dataclass(frozen=True, slots=True)
class Grouping:
    """Each word's terms of one kind: `terms[at[word] : at[word + 1]]`; `names` are all of them."""

    names: Sequence[str]
    at: Array
    terms: Array

    def inverted(self) -> tuple[Array, Array]:
        """The words of each term, in one array, and where each term's begin."""
        words = np.repeat(np.arange(len(self.at) - 1, dtype=np.int32), np.diff(self.at))
        order = np.argsort(self.terms, kind="stable")
        return starts(np.bincount(self.terms, minlength=len(self.names))), words[order]


def stems(words: Sequence[str], language: Language) -> Grouping:
    known: dict[str, int] = {}
    terms = [known.setdefault(stem, len(known)) for stem in language.stems(words)]
    return Grouping(list(known), np.arange(len(words) + 1), np.array(terms, dtype=np.int32))


def grams(folded: Sequence[str]) -> Grouping:
    """The grams of words without case and accents, as `analysis.grams` cuts them.

    Numbered by the word in which each is first, and within one word as they are ordered.
    """
    known: dict[str, int] = {}
    terms, lengths = [np.empty(0, np.int32)], [np.empty(0, np.int64)]
    for start in range(0, len(folded), _BLOCK):
        names, sizes, found = _grams(folded[start : start + _BLOCK])
        numbers = [known.setdefault(name, len(known)) for name in names]
        terms.append(np.array(numbers, dtype=np.int32)[found])
        lengths.append(sizes)
    return Grouping(list(known), starts(np.concatenate(lengths)), np.concatenate(terms))


def _grams(folded: Sequence[str]) -> tuple[list[str], Array, Array]:
    """The grams of some words as they come, how many each word has, and the numbers of these."""
    letters = [number for number, word in enumerate(folded) if analysis.is_cut(word)]
    names, terms, lengths = _cut([folded[number] for number in letters])
    owners = np.repeat(np.array(letters, dtype=np.int64), lengths)
    is_whole = np.ones(len(folded), dtype=np.bool_)
    is_whole[letters] = False
    whole = np.flatnonzero(is_whole)
    others: dict[str, int] = {}
    marked = [analysis.marked(folded[number]) for number in whole.tolist()]
    named = [len(names) + others.setdefault(each, len(others)) for each in marked]
    names += others
    keys = np.concatenate((owners, whole)) * len(names)
    keys += np.concatenate((terms, np.array(named, dtype=np.int64)))
    owners, terms = np.divmod(distinct(keys), len(names))
    found, first = np.unique(terms, return_index=True)
    found = found[np.argsort(first)]
    numbers = np.empty(len(names), dtype=np.int64)
    numbers[found] = np.arange(len(found))
    sizes = np.bincount(owners, minlength=len(folded))
    return [names[number] for number in found.tolist()], sizes, numbers[terms]


def _cut(words: Sequence[str]) -> tuple[list[str], Array, Array]:
    """Words that have several grams: the grams, each once, their numbers, and how many of these.

    The numbers come one word after the other.
    """
    text = "".join(map(analysis.marked, words))
    characters = np.frombuffer(text.encode("utf-32-le"), dtype=np.uint32).astype(np.int64)
    sizes = np.array([len(word) + 2 for word in words], dtype=np.int64)
    lengths = sizes - (GRAM - 1)
    places = spread(starts(sizes)[:-1], lengths)
    # Two by two: the numbers of four characters do not go into one.
    _, pairs = np.unique(characters[:-1] << _BITS | characters[1:], return_inverse=True)
    keys = pairs[places] << _PAIR | pairs[places + 2]
    _, first, terms = np.unique(keys, return_index=True, return_inverse=True)
    names = [text[place : place + GRAM] for place in places[first].tolist()]
    return names, terms, lengths
