"""What a build keeps of the articles of a language while it reads one after the other: numbers.

Texts are numbered in the order in which they come, over all shelves. A global piece is one of
them, or a number with the bits of its kind.
"""

from array import array
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Any

import numpy as np

from search.analysed import PARTS, Analysed
from search.arrays import Array

KIND = 28
"""The bits of a piece's number among those of its kind; those above say which kind it is."""

ATOM, GAP, COMPOUND, MARK = range(4)
"""Kinds of pieces. The mark 0 begins a section, 1 its text."""

_NUMBERS = np.dtype(np.uintc)


class Names:
    """The texts, gaps and compounds of a language, each by its number."""

    def __init__(self) -> None:
        self.texts: defaultdict[str, int] = _numbering()
        self.gaps: defaultdict[str, int] = _numbering()
        self.compounds: defaultdict[tuple[int, int], int] = _numbering()

    def table(self, article: Analysed) -> Array:
        """For each number in an article the one here."""
        texts = array("I", map(self.texts.__getitem__, article.texts))
        gaps = (self.gaps[gap] + (GAP << KIND) for gap in article.gaps)
        compounds = (
            self.compounds[texts[word], atoms] + (COMPOUND << KIND)
            for word, atoms in article.compounds
        )
        marks = (MARK << KIND, (MARK << KIND) + 1)
        table = array("I", chain(texts, gaps, compounds, marks))
        return np.frombuffer(table, _NUMBERS)


def _numbering() -> defaultdict[Any, int]:
    known: defaultdict[Any, int] = defaultdict()
    known.default_factory = known.__len__
    return known


class Gathered:
    """The articles of one language on one shelf, in their order there."""

    def __init__(self, names: Names) -> None:
        self.names = names
        self._places = array("I")
        self._lines = array("I")
        self._line_lengths = array("I")
        self._counts = array("I")
        self._numbers = {part: array("I") for part in (*PARTS, "pieces")}
        self._lengths = {part: array("I") for part in (*PARTS, "pieces")}

    def add(self, place: int, article: Analysed) -> None:
        """Add the article that has this place on its shelf."""
        table = self.names.table(article)
        self._places.append(place)
        self._lines.append(1 + len(article.asked_as))
        self._line_lengths.extend(map(len, (article.title, *article.asked_as)))
        self._counts += article.counts
        self._say("title", article.title, table)
        self._say("asked_as", array("I", chain.from_iterable(article.asked_as)), table)
        self._say("headings", article.headings, table)
        self._say("tags", article.tags, table)
        self._say("body", article.body, table)
        self._say("pieces", article.pieces, table)

    def _say(self, part: str, numbers: "array[int]", table: Array) -> None:
        self._lengths[part].append(len(numbers))
        if numbers:
            self._numbers[part].frombytes(table[np.frombuffer(numbers, _NUMBERS)].tobytes())

    def words(self, part: str) -> tuple[Array, Array, Array]:
        """Of a part the words, the place of the article that says each, and how often it does."""
        numbers, lengths = _array(self._numbers[part]), _array(self._lengths[part])
        counts = _array(self._counts) if part == "body" else np.ones(len(numbers), np.uint32)
        return numbers, np.repeat(_array(self._places), lengths), counts

    def forget(self) -> None:
        """Keep only what `pieces` and `lines` tell, once all words have been counted."""
        del self._counts[:]
        for part in ("headings", "tags", "body"):
            del self._numbers[part][:]
            del self._lengths[part][:]

    def pieces(self) -> tuple[Array, Array]:
        """The pieces of all articles, one after the other, and how many each has."""
        return _array(self._numbers["pieces"]), _array(self._lengths["pieces"])

    def lines(self) -> Iterator[list[list[int]]]:
        """The words of each article's title and phrases, line by line."""
        titles, phrases = (self._numbers[part].tolist() for part in ("title", "asked_as"))
        lengths = iter(self._line_lengths)
        title = phrase = 0
        for lines in self._lines:
            ends = title + next(lengths)
            found = [titles[title:ends]]
            title = ends
            for _ in range(lines - 1):
                ends = phrase + next(lengths)
                found.append(phrases[phrase:ends])
                phrase = ends
            yield found


def _array(numbers: "array[int]") -> Array:
    return np.frombuffer(numbers, _NUMBERS) if numbers else np.empty(0, _NUMBERS)


def gathered(articles: Sequence[Analysed], names: Names | None = None) -> Gathered:
    """These articles of one language, as one shelf."""
    found = Gathered(names or Names())
    for place, article in enumerate(articles):
        found.add(place, article)
    return found
