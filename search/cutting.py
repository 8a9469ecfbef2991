"""Cuts the text of one article into words and pieces, as `search.passages` describes them.

A few words make up any text, so each is taken apart where it is met first, and known by its
number wherever it is written so again.
"""

import re
from array import array
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import chain, pairwise

from search import analysis

_MOST_ATOMS = 255

# Space, and what is no text: control characters and halves of surrogate pairs.
_GAP = re.compile(r"[\s\x00-\x1f\x7f\ud800-\udfff]+")

_SEVERAL = -1
"""Stands for the number of a stretch that is not one word."""

_GAPS, _COMPOUNDS, _MARKS = (kind << 32 for kind in range(1, 4))
"""What is added to a piece's number among those of its kind while not all are known."""

_Token = tuple[int, int, str]
"""Where a token starts and ends, and its surface."""


def clean(text: str) -> str:
    """A text as it is shown: on one line, without control characters."""
    if text.isprintable() and "  " not in text:
        return text.strip()
    return _GAP.sub(" ", text).strip()


class Cut:
    """What was found in an article so far: texts, gaps and compounds, each by its number."""

    def __init__(self) -> None:
        self.texts: dict[str, int] = {}
        self.gaps: dict[str, int] = {}
        self.compounds: dict[tuple[int, int], int] = {}
        self._pieces: list[int] = []
        self._met = _Met(self.texts)
        self._stretches: Counter[int] = Counter()
        self._words: Counter[int] = Counter()

    def number(self, text: str) -> int:
        """The number of a word or of what is written."""
        return self.texts.setdefault(text, len(self.texts))

    def line(self, text: str) -> "array[int]":
        """The surfaces of a line."""
        surface = analysis.surface
        return array(
            "I", [self.number(surface(token.text)) for token in analysis.tokens(clean(text))]
        )

    def section(self, heading: str) -> "array[int]":
        """Begin a section; gives the surfaces of its heading."""
        words = self.line(heading)
        self._pieces += [_MARKS, *words, _MARKS + 1]
        return words

    def text(self, text: str, room: int) -> None:
        """Add the text of the section that was begun; pieces for as many characters as `room`."""
        if len(text) <= room:
            self._gap(self._laid(text))
            return
        stop = _before(text, room)
        self._gap(self._laid(text[:stop]) + text[stop:room])
        for compound in analysis.compounds(text[stop:]):
            self._words.update(
                self.number(word) for word, *_ in analysis.surfaces(compound.group())
            )

    def counted(self) -> tuple["array[int]", "array[int]"]:
        """The words of all texts, each once, and how often each was said."""
        words, word_of = dict(self._words), self._met.words
        for number, count in self._stretches.items():
            if number != _SEVERAL:
                word = word_of[number]
                words[word] = words.get(word, 0) + count
        return array("I", words), array("I", words.values())

    def numbered(self) -> "array[int]":
        """The pieces, with one kind numbered after the other."""
        sizes = len(self.texts), len(self.gaps), len(self.compounds)
        first = [sum(sizes[:kind]) for kind in range(4)]
        return array(
            "I",
            [
                each if each < _GAPS else (each & 0xFFFFFFFF) + first[each >> 32]
                for each in self._pieces
            ],
        )

    def _laid(self, text: str) -> str:
        """Add the pieces of a text; gives what stands behind the last."""
        stretches, gaps = analysis.stretches(text)
        numbers = list(map(self._met.__getitem__, stretches))
        self._stretches.update(numbers)
        if _SEVERAL in numbers:
            return self._mixed(stretches, numbers, gaps)
        add, known = self._pieces.append, self.gaps
        for gap, number in zip(gaps, numbers, strict=False):
            if gap != " " and gap:
                add(_GAPS + known.setdefault(gap, len(known)))
            add(number)
        return gaps[-1]

    def _mixed(self, stretches: Sequence[str], numbers: Sequence[int], gaps: Sequence[str]) -> str:
        """The same where some stretches are not one word each."""
        before, is_first = "", True
        for gap, stretch, number in zip(gaps, stretches, numbers, strict=False):
            before += gap
            if number == _SEVERAL:
                before, is_first = self._several(stretch, before, is_first=is_first)
                continue
            if before != " ":
                self._gap(before, is_seam=not is_first)
            self._pieces.append(number)
            before, is_first = "", False
        return before + gaps[-1]

    def _several(self, stretch: str, before: str, *, is_first: bool) -> tuple[str, bool]:
        """Add a stretch of several words, or of none, after what stands before it.

        Gives what stands after its last word, and whether there was none in this text yet.
        """
        place = 0
        for cluster in _clusters(analysis.surfaces(stretch)):
            start, end, _ = cluster[0]
            gap, before = before + stretch[place:start], ""
            if gap != " ":
                self._gap(gap, is_seam=not is_first)
            is_first = False
            if len(cluster) > 1:
                place = self._cut(stretch, cluster)
            else:
                self._pieces.append(self.number(stretch[start:end]))
                place = end
            self._words.update(self.number(word) for *_, word in cluster)
        return before + stretch[place:], is_first

    def _cut(self, text: str, cluster: Sequence[_Token]) -> int:
        """Add tokens that overlap, with each place cut where one begins or ends."""
        spans = {(start, end): word for start, end, word in cluster}
        stretches = list(pairwise(sorted(set(chain.from_iterable(spans)))))
        for stretch in stretches:
            is_seam = stretch != stretches[0]
            if stretch not in spans:
                self._gap(text[slice(*stretch)])
                continue
            if is_seam and self._pieces[-1] < _GAPS:
                self._gap("", is_seam=True)
            for (start, end), word in spans.items():
                if start == stretch[0] and end > stretch[1]:
                    atoms = sum(
                        start <= one < end and (one, two) in spans for one, two in stretches
                    )
                    key = self.number(word), min(atoms, _MOST_ATOMS)
                    number = self.compounds.setdefault(key, len(self.compounds))
                    self._pieces.append(_COMPOUNDS + number)
            self._pieces.append(self.number(text[slice(*stretch)]))
        return stretches[-1][1]

    def _gap(self, gap: str, *, is_seam: bool = False) -> None:
        """Add what stands between atoms; where nothing does, a seam has to say so."""
        if gap or is_seam:
            self._pieces.append(_GAPS + self.gaps.setdefault(gap, len(self.gaps)))


class _Met(dict[str, int]):
    """The number of each stretch that is one word from end to end; of each other, `_SEVERAL`."""

    def __init__(self, texts: dict[str, int]) -> None:
        super().__init__()
        self._texts = texts
        self.words: dict[int, int] = {}
        """The word of each such stretch."""

    def __missing__(self, stretch: str) -> int:
        word = analysis.plain(stretch)
        if word is None:
            surfaces = analysis.surfaces(stretch)
            if len(surfaces) == 1 and surfaces[0][2] == len(stretch):
                word = surfaces[0][0]
        number = _SEVERAL
        if word is not None:
            texts = self._texts
            number = texts.setdefault(stretch, len(texts))
            self.words[number] = texts.setdefault(word, len(texts))
        self[stretch] = number
        return number


def _before(text: str, room: int) -> int:
    """Where the first stretch begins of which the end is beyond the room."""
    for compound in analysis.compounds(text):
        if compound.end() > room:
            return min(compound.start(), room)
    return room


def _clusters(surfaces: Sequence[tuple[str, int, int]]) -> Iterator[list[_Token]]:
    """The tokens of a stretch by where they start; those that overlap come together."""
    cluster: list[_Token] = []
    reach = 0
    for word, start, length in surfaces:
        end = start + length
        if start >= reach and cluster:
            yield cluster
            cluster, reach = [], 0
        cluster.append((start, end, word))
        reach = max(reach, end)
    if cluster:
        yield cluster
