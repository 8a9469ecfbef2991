"""The texts of the articles with the place of every word, as one array of numbers.

A text is cut into *pieces*, each a number, so that words that stand twice are stored once:

- an *atom* is a word as it is written; the first atoms are the words of the vocabulary, those
  after them the words that are written otherwise (`Hello`);
- a *gap* is what stands between two atoms; a single space is left out;
- a *compound* stands before the atoms that it is made of (`resetPassword`, 東京) and shows nothing;
- `SECTION` begins a section, its heading follows word by word; `BODY` begins its text.

Kinds are told apart by their numbers, in the order above. The pieces of document d are
`pieces[piece_at[d] : piece_at[d + 1]]`.
"""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from search import analysis, arrays
from search.analysis import MAX_WORD
from search.arrays import Array
from search.gathering import ATOM, COMPOUND, GAP, KIND, MARK, Gathered, Names
from search.sums import spread, starts

_NUMBER = (1 << KIND) - 1
_BLOCK = 1 << 16
"""Pieces numbered at a time; bounds the memory of a build."""


def write(
    shelves: Sequence[Gathered], numbers: Sequence[Mapping[int, int]], words: Sequence[str]
) -> dict[str, Array]:
    """The arrays for the articles of a language on some shelves.

    `numbers` gives for each shelf the number of each of its articles by its place, in the order of
    these; `words` are all surfaces.
    """
    found, at = _joined(shelves, numbers)
    names = shelves[0].names
    number_of = {word: number for number, word in enumerate(words)}
    texts, spoken, said = list(names.texts), list(names.gaps), list(names.compounds)
    written, atoms = _atoms(_numbers(found, ATOM), names, words)
    gaps, gap_numbers = _met(_numbers(found, GAP), len(spoken))
    compounds, compound_numbers = _met(_numbers(found, COMPOUND), len(said))
    first = starts(np.array([len(words) + len(written), len(gaps), len(compounds)]))
    tables = (atoms, gap_numbers + first[GAP], compound_numbers + first[COMPOUND])
    written_as = [texts[each] for each in written]
    return {
        "pieces": arrays.narrow(_numbered(found, (*tables, first[MARK] + np.arange(2)))),
        "piece_at": at,
        "written": arrays.packed(written_as),
        # A word as it is written says what word it is.
        "written_word": _array(number_of[analysis.surface(each[:MAX_WORD])] for each in written_as),
        "gaps": arrays.packed(spoken[each] for each in gaps),
        "compound_word": _array(number_of[texts[said[each][0]]] for each in compounds),
        "compound_atoms": _array(said[each][1] for each in compounds),
    }


def _joined(
    shelves: Sequence[Gathered], numbers: Sequence[Mapping[int, int]]
) -> tuple[Array, Array]:
    """The pieces of all articles in the order of their numbers, and where those of each begin."""
    pieces, lengths = zip(*(shelf.pieces() for shelf in shelves), strict=True)
    if len(shelves) == 1:
        return pieces[0], starts(lengths[0])
    every = np.concatenate(lengths).astype(np.intp)
    order = np.argsort(_array(here for ours in numbers for here in ours.values()))
    places = spread(starts(every)[order], every[order])
    return np.concatenate(pieces)[places], starts(every[order])


def _numbers(found: Array, kind: int) -> Array:
    """Those of the pieces of one kind, in order."""
    ours: Array = found[found >> KIND == kind] & _NUMBER
    return ours


def _numbered(found: Array, tables: Sequence[Array]) -> Array:
    """The pieces with the numbers that the table of their kind gives them."""
    places = starts(np.array([len(table) for table in tables]))[:-1].astype(np.uint32)
    table = np.concatenate(tables).astype(np.uint32)
    pieces = np.empty(len(found), np.uint32)
    for start in range(0, len(found), _BLOCK):
        block = found[start : start + _BLOCK]
        pieces[start : start + _BLOCK] = table[places[block >> KIND] + (block & _NUMBER)]
    return pieces


def _atoms(met: Array, names: Names, words: Sequence[str]) -> tuple[Sequence[int], Array]:
    """The texts that are no word, in the order in which they are met, and each text's atom."""
    known = _array(names.texts[word] for word in words)
    is_word = np.zeros(len(names.texts), dtype=np.bool_)
    is_word[known] = True
    written, atoms = _met(met[~is_word[met]], len(names.texts))
    atoms += len(words)
    atoms[known] = np.arange(len(words))
    return written, atoms


def _met(met: Array, names: int) -> tuple[Sequence[int], Array]:
    """Numbers, each once, in the order in which they are met, and the new number of each."""
    found, first = np.unique(met, return_index=True)
    found = found[np.argsort(first)].astype(np.int64)
    numbers = np.zeros(names, dtype=np.int64)
    numbers[found] = np.arange(len(found))
    return found.tolist(), numbers


def _array(numbers: Iterable[int]) -> Array:
    return np.array(list(numbers), dtype=np.int64)
