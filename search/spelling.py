"""Words that were typed wrong: the nearest known ones, by a dictionary of deletions.

Two words one error apart become equal when at most one letter is deleted from each (Garbe's
symmetric delete). So every known word is filed under itself and under itself less each letter,
and a reader's word is looked up in the same forms. A form is known by some bits of its checksum
only: the first of them say which drawer it is in, the next eight are written on it. Who is found
by chance is not near enough.
"""

from collections.abc import Iterator, Mapping, Sequence
from zlib import crc32

import numpy as np

from search.arrays import Array

SHORTEST = 4
"""Letters of a word that is mended; shorter ones are too near to too many others."""

LONG = 8
"""From so many letters on two errors are mended, too."""

CANDIDATES = 3

_IN_DRAWER = 8
"""Forms in one drawer, on average."""


def write(words: Sequence[str], weights: Array, *, name: str = "spelling") -> dict[str, Array]:
    """The dictionary's arrays for folded words; `weights` say which of two is the likelier."""
    hashes: list[int] = []
    owners: list[int] = []
    # Of surfaces that fold alike the likeliest is offered.
    spoken = {words[number]: number for number in np.argsort(weights, kind="stable").tolist()}
    for word, number in spoken.items():
        if not word.isalpha() or len(word) < SHORTEST - 1:
            continue
        forms = {crc32(form.encode()) for form in _forms(word)}
        hashes += forms
        owners += [number] * len(forms)
    keys = np.array(hashes, dtype=np.uint32)
    order = np.argsort(keys, kind="stable")
    bits = (len(keys) // _IN_DRAWER).bit_length()
    drawers = np.bincount(keys >> (32 - bits) if bits else keys * 0, minlength=1 << bits)
    return {
        f"{name}_at": np.concatenate(([0], np.cumsum(drawers))),
        f"{name}_key": (keys[order] >> (24 - bits)) & 0xFF,
        f"{name}_word": np.array(owners, dtype=np.int64)[order],
        f"{name}_weight": np.asarray(weights, dtype=np.float32),
    }


def _forms(word: str) -> Iterator[str]:
    yield word
    for place in range(len(word)):
        yield word[:place] + word[place + 1 :]


class Spelling:
    """The opened dictionary. `words` are the folded words that were written, in their order."""

    def __init__(
        self, arrays: Mapping[str, Array], words: Sequence[str], *, name: str = "spelling"
    ) -> None:
        self._at = memoryview(arrays[f"{name}_at"].data)
        self._bits = (len(self._at) - 1).bit_length() - 1
        self._keys = memoryview(arrays[f"{name}_key"].data)
        self._owners = memoryview(arrays[f"{name}_word"].data)
        self.weights = arrays[f"{name}_weight"]
        self._words = words

    def nearest(self, word: str) -> list[int]:
        """The numbers of at most `CANDIDATES` words near a folded one, the likeliest first.

        One error apart, or two in a long word where none is one apart; the word itself is none.
        """
        if not word.isalpha() or len(word) < SHORTEST:
            return []
        found = self._within(word, set(_forms(word)), 1)
        if not found and len(word) >= LONG:
            found = self._within(word, {two for one in _forms(word) for two in _forms(one)}, 2)
        return [number for _, number in sorted(found)[:CANDIDATES]]

    def _within(self, word: str, forms: set[str], errors: int) -> list[tuple[float, int]]:
        numbers = {number for form in forms for number in self._filed(form)}
        found = []
        for number in numbers:
            other = self._words[number]
            if other == word or abs(len(other) - len(word)) > errors:
                continue
            if distance(word, other) <= errors:
                # People seldom mistype the first letter.
                likely = np.log1p(self.weights[number]) + 3 * (other[0] == word[0])
                found.append((-float(likely), number))
        return found

    def _filed(self, form: str) -> Iterator[int]:
        checksum = crc32(form.encode())
        drawer, key = checksum >> (32 - self._bits), checksum >> (24 - self._bits) & 0xFF
        for place in range(self._at[drawer], self._at[drawer + 1]):
            if self._keys[place] == key:
                yield self._owners[place]


def distance(a: str, b: str) -> int:
    """Letters to drop, add, replace or swap with their neighbour to turn a into b."""
    before: list[int] = []
    last = list(range(len(b) + 1))
    for i, letter in enumerate(a, 1):
        now = [i]
        for j, other in enumerate(b, 1):
            least = min(last[j] + 1, now[-1] + 1, last[j - 1] + (letter != other))
            if i > 1 and j > 1 and letter == b[j - 2] and a[i - 2] == other:
                least = min(least, before[j - 2] + 1)
            now.append(least)
        before, last = last, now
    return last[-1]
