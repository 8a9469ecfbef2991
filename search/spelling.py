"""Words that were typed wrong: the nearest known ones, by a dictionary of deletions.

Two words one error apart become equal when at most one letter is deleted from each (Garbe's
symmetric delete). So every known word is filed under itself and under itself less each letter,
and a reader's word is looked up in the same forms. A form is known by some bits of its checksum
only: the first of them say which drawer it is in, the next eight are written on it. Who is found
by chance is not near enough.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import combinations
from math import log1p
from zlib import crc32

import numpy as np

from search.arrays import Array

SHORTEST = 4
"""Letters of a word that is mended; shorter ones are too near to too many others."""

LONG = 8
"""From so many letters on two errors are mended, too."""

LONGEST = 24
"""Up to so many: the forms to look up grow with the square of the letters."""

CANDIDATES = 3

_FEW = 48
"""Forms that are looked up one by one."""

_IN_DRAWER = 8
"""Forms in one drawer, on average."""

_ALL = np.uint32(0xFFFFFFFF)
_STEPS = np.array([crc32(bytes([each ^ 0xFF])) ^ 0xFF000000 for each in range(256)], np.uint32)
"""What each letter makes of an empty checksum."""


def write(words: Sequence[str], weights: Array, *, name: str = "spelling") -> dict[str, Array]:
    """The dictionary's arrays for folded words; `weights` say which of two is the likelier."""
    # Of surfaces that fold alike the likeliest is offered.
    spoken = {words[number]: number for number in np.argsort(weights, kind="stable").tolist()}
    spoken = {
        word: number
        for word, number in spoken.items()
        if word.isalpha() and len(word) >= SHORTEST - 1
    }
    filed = np.concatenate([np.empty(0, np.uint64), *_filed(list(spoken))])
    filed.sort()
    bits = (len(filed) // _IN_DRAWER).bit_length()
    drawers = np.arange(1 << bits, dtype=np.uint64) << np.uint64(64 - bits)
    numbers = np.array(list(spoken.values()), dtype=np.uint32)
    return {
        f"{name}_at": np.append(np.searchsorted(filed, drawers), len(filed)),
        f"{name}_key": (filed >> np.uint64(56 - bits)).astype(np.uint8),
        f"{name}_word": numbers[filed.astype(np.uint32)],
        f"{name}_weight": np.asarray(weights, dtype=np.float32),
    }


def _filed(words: Sequence[str]) -> Iterator[Array]:
    """The checksum of each form of each word, and behind it the place of the word."""
    lengths: dict[int, list[int]] = {}
    for place, word in enumerate(words):
        if word.isascii():
            lengths.setdefault(len(word), []).append(place)
        else:
            forms = {crc32(form.encode()) for form in _forms(word)}
            yield np.array([checksum << 32 | place for checksum in forms], np.uint64)
    for length, places in lengths.items():
        letters = "".join(words[place] for place in places).encode()
        sums = _checksums(np.frombuffer(letters, np.uint8).reshape(-1, length))
        sums.sort(axis=1)
        filed = sums.astype(np.uint64) << np.uint64(32) | np.array(places, np.uint64)[:, None]
        # To drop either of two equal letters gives the same form.
        yield filed[np.diff(sums.astype(np.int64), axis=1, prepend=-1) != 0]


def _checksums(words: Array) -> Array:
    """Those of the forms of words of one length, which are rows of letters."""
    length = words.shape[1]
    kept = np.arange(length - 1) + (np.arange(length - 1) >= np.arange(length)[:, None])
    return np.concatenate((_crc32(words)[:, None], _crc32(words[:, kept])), axis=1)


def _crc32(letters: Array) -> Array:
    """What `zlib.crc32` says of the rows of the last axis."""
    state = np.full(letters.shape[:-1], _ALL, np.uint32)
    for place in range(letters.shape[-1]):
        state = _STEPS[state.astype(np.uint8) ^ letters[..., place]] ^ state >> np.uint32(8)
    return state ^ _ALL


def _forms(word: str) -> Iterator[str]:
    yield word
    for place in range(len(word)):
        yield word[:place] + word[place + 1 :]


def _shorter_by_two(word: str) -> Iterator[str]:
    for one, two in combinations(range(len(word)), 2):
        yield word[:one] + word[one + 1 : two] + word[two + 1 :]


class Spelling:
    """The opened dictionary. `words` are the folded words that were written, in their order."""

    def __init__(
        self, arrays: Mapping[str, Array], words: Sequence[str], *, name: str = "spelling"
    ) -> None:
        self._at = arrays[f"{name}_at"]
        self._bits = (len(self._at) - 1).bit_length() - 1
        self._keys = arrays[f"{name}_key"]
        self._owners = arrays[f"{name}_word"]
        # One number of an array is another object, and takes four times as long.
        self._starts, self._drawn = memoryview(self._at.data), memoryview(self._keys.data)
        self._held = memoryview(self._owners.data)
        self._weights = memoryview(arrays[f"{name}_weight"].data)
        self._words = words

    def nearest(self, word: str) -> list[int]:
        """The numbers of at most `CANDIDATES` words near a folded one, the likeliest first.

        One error apart, or two in a long word where none is one apart; the word itself is none.
        """
        if not word.isalpha() or len(word) < SHORTEST:
            return []
        found = self._within(word, {*_forms(word)}, 1)
        if not found and LONG <= len(word) <= LONGEST:
            found = self._within(word, {*_forms(word), *_shorter_by_two(word)}, 2)
        return [number for _, number in sorted(found)[:CANDIDATES]]

    def _within(self, word: str, forms: set[str], errors: int) -> list[tuple[float, int]]:
        found = []
        for number in self._filed(forms):
            other = self._words[number]
            if other == word or abs(len(other) - len(word)) > errors:
                continue
            if distance(word, other) <= errors:
                # People seldom mistype the first letter.
                likely = log1p(self._weights[number]) + 3 * (other[0] == word[0])
                found.append((-likely, number))
        return found

    def _filed(self, forms: Collection[str]) -> Iterable[int]:
        """The words that are filed under any of the forms, and some by chance."""
        checksums = [crc32(form.encode()) for form in forms]
        # An unknown word of 24 letters has 300 forms; for a few, numpy takes three times as long.
        return self._all(checksums) if len(checksums) > _FEW else self._each(checksums)

    def _each(self, checksums: Iterable[int]) -> set[int]:
        found = set()
        to_drawer, to_key = 32 - self._bits, 24 - self._bits
        for checksum in checksums:
            drawer, key = checksum >> to_drawer, checksum >> to_key & 0xFF
            first = self._starts[drawer]
            keys = bytes(self._drawn[first : self._starts[drawer + 1]])
            place = keys.find(key)
            while place >= 0:
                found.add(self._held[first + place])
                place = keys.find(key, place + 1)
        return found

    def _all(self, checksums: Sequence[int]) -> set[int]:
        sums = np.array(checksums, dtype=np.int64)
        drawers = sums >> (32 - self._bits)
        first = self._at[drawers].astype(np.int64)
        filled = self._at[drawers + 1] - first
        ends = filled.cumsum()
        places = np.arange(ends[-1]) + np.repeat(first - (ends - filled), filled)
        keys = np.repeat(sums >> (24 - self._bits) & 0xFF, filled)
        return set(self._owners[places[self._keys[places] == keys]].tolist())


def distance(a: str, b: str) -> int:
    """Letters to drop, add, replace or swap with their neighbour to turn a into b."""
    # What both begin and end with needs no turning, and it is nearly all of two near words.
    start = 0
    for letter, other in zip(a, b, strict=False):
        if letter != other:
            break
        start += 1
    end = 0
    for letter, other in zip(reversed(a[start:]), reversed(b[start:]), strict=False):
        if letter != other:
            break
        end += 1
    return _distance(a[start : len(a) - end], b[start : len(b) - end])


def _distance(a: str, b: str) -> int:
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
