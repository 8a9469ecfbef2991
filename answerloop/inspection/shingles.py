"""Texts as runs of words, and runs as numbers: the same run has the same number in any file.

Numbers hold for one process only: they are made of Python's own hashes of words.
"""

import re
import unicodedata
from collections.abc import Sequence
from itertools import islice
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Numbers: TypeAlias = NDArray[np.uint64]

# Scripts that write no spaces have a word for each character; all else is a word between marks.
_WORD = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]"
    r"|[^\W_]+"
)
_FACTOR = np.uint64(0x9E3779B97F4A7C15)  # odd, its bits well mixed (the golden ratio)


EDGE = "\0"
"""Stands for a tag in a text: no word, no space, and nothing that anybody writes."""


def words(text: str) -> list[str]:
    """The words in order, in small letters, without marks."""
    return _WORD.findall(_alike(text))


def stands_alone(text: str, first: int, count: int) -> bool:
    """Whether `count` words from word `first` on are all of a line, a cell, a link or a string.

    So a title stands where it is named; where its words only follow one another in a longer
    sentence, or where one line ends with some and the next begins with the others, it does not.
    """
    said = _alike(text)
    found = list(islice(_WORD.finditer(said), first, first + count))
    start, end = found[0].start(), found[-1].end()
    before, after = said[:start].rstrip(" \t"), said[end:].lstrip(" \t")
    within = said[start:end]
    return (
        not _is_word(before[-1:])
        and not _is_word(after[:1])
        and EDGE not in within
        and "\n" not in within
    )


def _alike(text: str) -> str:
    return unicodedata.normalize("NFC", text).lower()


def _is_word(mark: str) -> bool:
    return bool(_WORD.match(mark))


def numbered(listed: Sequence[str]) -> Numbers:
    return np.fromiter(map(hash, listed), np.int64, len(listed)).view(np.uint64)


def runs(numbers: Numbers, length: int) -> Numbers:
    """A number for each run of `length` words, by the place of its first word (Rabin, Karp)."""
    count = max(0, len(numbers) - length + 1)
    summed = np.zeros(count, np.uint64)
    for offset in range(length):
        summed *= _FACTOR
        summed += numbers[offset : offset + count]
    return summed
