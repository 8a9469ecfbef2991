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

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, pairwise

import numpy as np

from search import arrays
from search.analysed import STORED_CHARACTERS, Analysed, Passage
from search.arrays import Array

_GAP, _COMPOUND, _SECTION, _BODY = (kind << 32 for kind in range(1, 5))
"""What is added to a piece's number among those of its kind while not all are known."""

_MOST_ATOMS = 255

_Token = tuple[int, int, str]
"""Where a token starts and ends, and its surface."""


def write(articles: Sequence[Analysed], words: Mapping[str, int]) -> dict[str, Array]:
    """The arrays for articles, in their order; `words` are the numbers of all surfaces."""
    cut = _Pieces(words)
    at = [0]
    for article in articles:
        for passage in _head(article.passages):
            cut.add(passage)
        at.append(len(cut.found))
    found = np.array(cut.found, dtype=np.int64)
    kinds = [len(cut.atoms), len(cut.gaps), len(cut.compounds), 1]
    first = np.array([0, *np.cumsum(kinds).tolist()])
    return {
        "pieces": (found & 0xFFFFFFFF) + first[found >> 32],
        "piece_at": np.array(at),
        "written": arrays.packed(list(cut.atoms)[len(words) :]),
        "written_word": np.array(cut.written_word, dtype=np.int64),
        "gaps": arrays.packed(list(cut.gaps)),
        "compound_word": np.array([word for word, _ in cut.compounds], dtype=np.int64),
        "compound_atoms": np.array([atoms for _, atoms in cut.compounds], dtype=np.int64),
    }


def _head(passages: Sequence[Passage]) -> Iterator[Passage]:
    if sum(len(passage.text) for passage in passages) <= STORED_CHARACTERS:
        yield from passages
        return
    room = STORED_CHARACTERS
    for passage in passages:
        kept = passage.text[: max(0, room)]
        room -= len(passage.text)
        words = sum(
            start + length <= len(kept)
            for start, length in zip(passage.starts, passage.lengths, strict=True)
        )
        yield Passage(
            passage.heading,
            kept,
            passage.words[:words],
            passage.starts[:words],
            passage.lengths[:words],
        )


class _Pieces:
    """The pieces found so far, each kind numbered by itself."""

    def __init__(self, words: Mapping[str, int]) -> None:
        self.found: list[int] = []
        self.atoms = dict(words)
        self.written_word: list[int] = []
        self.gaps: dict[str, int] = {}
        self.compounds: dict[tuple[int, int], int] = {}
        self._words = words

    def add(self, passage: Passage) -> None:
        found = self.found
        found.append(_SECTION)
        found += [self._words[word] for word in passage.heading]
        found.append(_BODY)
        place = self._overlapping(passage) if _overlap(passage) else self._apart(passage)
        self._gap(passage.text[place:])

    def _apart(self, passage: Passage) -> int:
        """Add tokens one after the other, as nearly all are; gives where the last ends."""
        text, place, add, known = passage.text, 0, self.found.append, self.atoms.get
        for start, length, word in zip(passage.starts, passage.lengths, passage.words, strict=True):
            if start - place != 1 or text[place] != " ":
                self._gap(text[place:start], is_seam=place > 0)
            place = start + length
            # Nearly all are here: a word that was written so before.
            if (number := known(text[start:place])) is None:
                self._atom(text[start:place], word)
            else:
                add(number)
        return place

    def _overlapping(self, passage: Passage) -> int:
        """The same for tokens of which some overlap."""
        text, place = passage.text, 0
        for cluster in _clusters(passage):
            start, end, word = cluster[0]
            if text[place:start] != " ":
                self._gap(text[place:start], is_seam=place > 0)
            if len(cluster) > 1:
                place = self._cut(text, cluster)
            else:
                self._atom(text[start:end], word)
                place = end
        return place

    def _cut(self, text: str, cluster: Sequence[_Token]) -> int:
        """Add tokens that overlap, with each place cut where one begins or ends."""
        spans = {(start, end): word for start, end, word in cluster}
        stretches = list(pairwise(sorted(set(chain.from_iterable(spans)))))
        for stretch in stretches:
            is_seam = stretch != stretches[0]
            if stretch not in spans:
                self._gap(text[slice(*stretch)])
                continue
            if is_seam and self.found[-1] < _GAP:
                self._gap("", is_seam=True)
            for (start, end), word in spans.items():
                if start == stretch[0] and end > stretch[1]:
                    atoms = sum(
                        start <= one < end and (one, two) in spans for one, two in stretches
                    )
                    self._compound(self._words[word], min(atoms, _MOST_ATOMS))
            self._atom(text[slice(*stretch)], spans[stretch])
        return stretches[-1][1]

    def _atom(self, written: str, word: str) -> None:
        number = self.atoms.setdefault(written, len(self.atoms))
        if number == len(self._words) + len(self.written_word):
            self.written_word.append(self._words[word])
        self.found.append(number)

    def _gap(self, gap: str, *, is_seam: bool = False) -> None:
        """Add what stands between atoms; where nothing does, a seam has to say so."""
        if gap or is_seam:
            self.found.append(_GAP + self.gaps.setdefault(gap, len(self.gaps)))

    def _compound(self, word: int, atoms: int) -> None:
        key = word, atoms
        self.found.append(_COMPOUND + self.compounds.setdefault(key, len(self.compounds)))


def _overlap(passage: Passage) -> bool:
    starts, lengths = (
        np.frombuffer(passage.starts, np.intc),
        np.frombuffer(passage.lengths, np.intc),
    )
    return bool(np.any(starts[1:] < (starts + lengths)[:-1]))


def _clusters(passage: Passage) -> Iterator[list[_Token]]:
    """The tokens of a text by where they start; those that overlap come together."""
    cluster: list[_Token] = []
    reach = 0
    for start, length, word in zip(passage.starts, passage.lengths, passage.words, strict=True):
        end = start + length
        if start >= reach and cluster:
            yield cluster
            cluster = [(start, end, word)]
            reach = end
        else:
            cluster.append((start, end, word))
            reach = max(reach, end)
    if cluster:
        yield cluster
