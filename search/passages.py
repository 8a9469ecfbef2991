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


def write(
    shelves: Sequence[Gathered], order: Sequence[Array], words: Mapping[str, int]
) -> dict[str, Array]:
    """The arrays for the articles of a language on some shelves.

    `order` says for each shelf which number here each of its articles has, `words` are the numbers
    of all surfaces.
    """
    found, at = _joined(shelves, order)
    names = shelves[0].names
    kind, number = found >> KIND, found & ((1 << KIND) - 1)
    texts = list(names.texts)
    written, atoms = _atoms(number[kind == ATOM], names, words)
    gaps, gap_numbers = _met(number[kind == GAP], len(names.gaps))
    compounds, compound_numbers = _met(number[kind == COMPOUND], len(names.compounds))
    first = starts(np.array([len(words) + len(written), len(gaps), len(compounds)]))
    pieces = number.astype(np.int64)
    for each, numbers in ((ATOM, atoms), (GAP, gap_numbers), (COMPOUND, compound_numbers)):
        ours = kind == each
        pieces[ours] = numbers[number[ours]] + first[each]
    pieces[kind == MARK] += first[MARK]
    spoken, said = list(names.gaps), list(names.compounds)
    written_as = [texts[each] for each in written]
    return {
        "pieces": pieces,
        "piece_at": at,
        "written": arrays.packed(written_as),
        # A word as it is written says what word it is.
        "written_word": _array(words[analysis.surface(each[:MAX_WORD])] for each in written_as),
        "gaps": arrays.packed(spoken[each] for each in gaps),
        "compound_word": _array(words[texts[said[each][0]]] for each in compounds),
        "compound_atoms": _array(said[each][1] for each in compounds),
    }


def _joined(shelves: Sequence[Gathered], order: Sequence[Array]) -> tuple[Array, Array]:
    """The pieces of all articles in the order of their numbers, and where those of each begin."""
    pieces, lengths = zip(*(shelf.pieces() for shelf in shelves), strict=True)
    every, place = np.concatenate(lengths).astype(np.intp), np.argsort(np.concatenate(order))
    at = starts(every[place])
    return np.concatenate(pieces)[spread(starts(every)[place], every[place])], at


def _atoms(met: Array, names: Names, words: Mapping[str, int]) -> tuple[Sequence[int], Array]:
    """The texts that are no word, in the order in which they are met, and each text's atom."""
    known = np.array([names.texts[word] for word in words], dtype=np.int64)
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
