"""Titles and learned phrases as a reader types: by the beginning of any of their words."""

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from search import analysis, arrays, spelling
from search.arrays import Array
from search.cutting import clean
from search.documents import Document
from search.spelling import Spelling

SHORTEST_BEGINNING = 3
LONGEST_BEGINNING = 10
"""Letters of the beginnings that are known to the spelling; between them a reader types."""

LOOKED_AT = 200
"""Phrases put in order for one answer; the shortest, where more of them match."""


def write(documents: Sequence[Document]) -> dict[str, Array]:
    """The arrays of all titles and phrases; a phrase is a line of `phrases`."""
    lines = [
        (number, clean(line))
        for number, document in enumerate(documents)
        for line in (document.title, *document.asked_as)
        if clean(line)
    ]
    found: dict[str, set[int]] = {}
    for phrase, (_, line) in enumerate(lines):
        for word in _words(line):
            found.setdefault(word, set()).add(phrase)
    words = sorted(found)
    beginnings: dict[str, int] = {}
    for word in words:
        for beginning in _beginnings(word):
            beginnings[beginning] = beginnings.get(beginning, 0) + len(found[word])
    weights = np.array(list(beginnings.values()), dtype=np.float64)
    at = np.zeros(len(words) + 1, dtype=np.int64)
    np.cumsum([len(found[word]) for word in words], out=at[1:])
    phrases = [phrase for word in words for phrase in sorted(found[word])]
    return {
        "phrases": arrays.packed([line for _, line in lines]),
        "phrase_document": np.array([number for number, _ in lines], dtype=np.int32),
        "phrase_length": np.array([len(line) for _, line in lines], dtype=np.int32),
        "phrase_words": arrays.packed(words),
        "phrase_words_at": at,
        "phrases_of_word": np.array(phrases, dtype=np.int32),
        "beginnings": arrays.packed(list(beginnings)),
        **spelling.write(list(beginnings), weights, name="beginning"),
    }


def _words(line: str) -> set[str]:
    return {analysis.fold(analysis.surface(token.text)) for token in analysis.tokens(line)}


def _beginnings(word: str) -> Iterator[str]:
    for length in range(SHORTEST_BEGINNING, min(LONGEST_BEGINNING, len(word)) + 1):
        yield word[:length]


class Suggestions:
    """The opened arrays. Safe to share between threads."""

    def __init__(self, opened: Mapping[str, Array]) -> None:
        self._phrases = arrays.texts(opened["phrases"])
        self._document = opened["phrase_document"]
        self._length = opened["phrase_length"]
        self._words = arrays.texts(opened["phrase_words"])
        self._at = opened["phrase_words_at"]
        self._of_word = opened["phrases_of_word"]
        self._beginnings = arrays.texts(opened["beginnings"])
        self._spelling = Spelling(opened, self._beginnings, name="beginning")

    def title(self, document: int) -> str:
        """The first phrase of an article; for one with a title that is the title, cleaned."""
        return self._phrases[bisect_left(self._document, document)]

    def find(
        self, words: Sequence[str], *, limit: int, allowed: Array | None
    ) -> list[tuple[int, str]]:
        """Documents with the phrase that matches, the best first, each document once.

        `words` are surfaces. A phrase matches by a word that begins with each of them, or with
        what it may have been meant for; where none has all, by those that most of them have.
        """
        typed = [analysis.fold(word) for word in words]
        if not typed or not self._phrases:
            return []
        matched = np.zeros(len(self._phrases), dtype=np.uint8)
        for word in dict.fromkeys(typed):
            matched += self._having(word)
        best = int(matched.max())
        if 2 * best < len(set(typed)) or not best:
            return []
        found = np.flatnonzero(matched == best)
        if allowed is not None:
            found = found[allowed[self._document[found]]]
        if len(found) > LOOKED_AT:
            found = found[np.argsort(self._length[found], kind="stable")[:LOOKED_AT]]
        start = typed[0]
        ranked = sorted((self._rank(phrase, start), phrase) for phrase in found.tolist())
        chosen: dict[int, str] = {}
        for _, phrase in ranked:
            chosen.setdefault(int(self._document[phrase]), self._phrases[phrase])
            if len(chosen) == limit:
                break
        return list(chosen.items())

    def _having(self, word: str) -> Array:
        """Which phrases have a word that begins so; with a spelling mended where none has."""
        having = np.zeros(len(self._phrases), dtype=np.bool_)
        if not self._mark(word, having):
            for number in self._spelling.nearest(word[:LONGEST_BEGINNING]):
                self._mark(self._beginnings[number], having)
        return having

    def _mark(self, beginning: str, having: Array) -> bool:
        low = bisect_left(self._words, beginning)
        high = bisect_left(self._words, beginning + "\U0010ffff", low)
        having[self._of_word[self._at[low] : self._at[high]]] = True
        return high > low

    def _rank(self, phrase: int, start: str) -> tuple[bool, int]:
        begins = analysis.fold(self._phrases[phrase][: len(start) + 4]).startswith(start)
        return not begins, int(self._length[phrase])
