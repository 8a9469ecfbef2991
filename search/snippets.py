"""The piece of an article that shows why it was found, with the reader's words marked."""

import html
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import NamedTuple

import numpy as np

from search import arrays
from search.arrays import Array

WORDS = 30
LEAD = 6
"""Words shown before the first one marked."""

CHARACTERS = 600
"""The length of an excerpt at most, before it is escaped, whatever stands between the words."""

# Control characters, of which the stored text has none. An atom is shown with a space after it,
# which a gap takes back.
_OPEN, _CLOSE, _BACK = "\x02", "\x03", "\x08"

_MOST_PLACES = 255

_BITS = 1 << np.minimum(np.arange(256), 62)
"""One bit for each word of a question."""


class Excerpt(NamedTuple):
    """HTML in which only `<mark>` can occur, and which of the article's sections it is from."""

    html: str = ""
    section: int = 0


@dataclass(frozen=True, slots=True)
class _Text:
    """The pieces of some articles, one after the other.

    `atoms` are the places of all atoms; each section has places (its start, its body, its end)
    and counts of the atoms before its body and before its end.
    """

    pieces: Array
    atoms: Array
    sections: Array
    bodies: Sequence[int]
    ends: Sequence[int]
    first: Array
    last: Array


@dataclass(frozen=True, slots=True)
class _Marked:
    """Every piece to mark: its place, its section, where its atoms open and close.

    `begin` is the atom that its window begins with; `value` of that window is higher where more
    different words are shown, then where more places are.
    """

    places: Sequence[int] = ()
    section: Sequence[int] = ()
    opens: Sequence[int] = ()
    closes: Sequence[int] = ()
    begin: Sequence[int] = ()
    value: Sequence[int] = ()


class Snippets:
    """Excerpts from the pieces that `search.passages` wrote. Safe to share between threads."""

    def __init__(self, opened: Mapping[str, Array], words: Sequence[str]) -> None:
        """`words` is the vocabulary."""
        written, gaps = arrays.texts(opened["written"]), arrays.texts(opened["gaps"])
        compounds = opened["compound_word"]
        self._pieces = opened["pieces"]
        self._at = memoryview(opened["piece_at"])
        self._gap = len(words) + len(written)
        self._section = self._gap + len(gaps) + len(compounds)
        self._word = np.full(self._section + 2, len(words), dtype=np.int32)
        self._word[: len(words)] = np.arange(len(words))
        self._word[len(words) : self._gap] = opened["written_word"]
        self._word[self._section - len(compounds) : self._section] = compounds
        self._atoms = np.ones(self._section + 2, dtype=np.uint8)
        self._atoms[self._section - len(compounds) : self._section] = opened["compound_atoms"]
        self._shown = [f"{word} " for word in (*words, *written)]
        self._shown += [f"{_BACK}{gap}" for gap in gaps]
        self._shown += [""] * (len(compounds) + 2)

    def excerpts(self, documents: Sequence[int], owners: Array) -> list[Excerpt]:
        """The best window of about `WORDS` words in each document; the first of equals.

        `owners` gives for each word of the vocabulary which word of the question it stands for,
        from 1, or 0; and a 0 at its end. A section's heading counts as shown with each of its
        windows. Without any of the words it is the beginning of the article.
        """
        if not documents:
            return []
        stretches = [self._pieces[self._at[each] : self._at[each + 1]] for each in documents]
        stops = list(accumulate(map(len, stretches)))
        text = self._text(np.concatenate(stretches))
        found = owners[self._word[text.pieces]]
        places = np.flatnonzero(found)
        marked = self._marked(text, places, found[places])
        excerpts = []
        section = place = 0
        for next_section, next_place in zip(
            text.sections.searchsorted(stops).tolist(),
            places.searchsorted(stops).tolist(),
            strict=True,
        ):
            best = max(range(place, next_place), key=marked.value.__getitem__, default=-1)
            if best >= 0 and marked.value[best]:
                of, begin = marked.section[best], marked.begin[best]
                excerpts.append(Excerpt(self._rendered(text, of, begin, marked), of - section))
            else:
                excerpts.append(self._beginning(text, section, next_section))
            section, place = next_section, next_place
        return excerpts

    def _text(self, pieces: Array) -> _Text:
        atoms = np.flatnonzero(pieces < self._gap)
        edges = np.flatnonzero(pieces >= self._section)
        sections, bodies = edges[::2], edges[1::2]
        ends = np.append(sections[1:], len(pieces))
        return _Text(
            pieces=pieces,
            atoms=atoms,
            sections=sections,
            bodies=bodies.tolist(),
            ends=ends.tolist(),
            first=atoms.searchsorted(bodies),
            last=atoms.searchsorted(ends),
        )

    def _marked(self, text: _Text, places: Array, asked: Array) -> _Marked:
        if not len(places):
            return _NOTHING
        atom = text.atoms.searchsorted(places)
        section = text.sections.searchsorted(places, side="right") - 1
        first, last = text.first[section], text.last[section]
        begin = np.maximum(first, atom - LEAD)
        since = atom.searchsorted(begin)
        until = atom.searchsorted(np.minimum(begin + WORDS, last))
        shown = _united(_BITS[asked], since, until)
        heading = np.flatnonzero(atom < first)
        if len(heading):
            titled = np.zeros(len(text.sections), dtype=np.int64)
            np.bitwise_or.at(titled, section[heading], _BITS[asked[heading]])
            shown |= titled[section]
        value = np.bitwise_count(shown).astype(np.int64) * (_MOST_PLACES + 1)
        value = (value + np.minimum(until - since, _MOST_PLACES)) * (last > first)
        closes = atom + (self._atoms[text.pieces[places]] - 1)
        return _Marked(
            places=places.tolist(),
            section=section.tolist(),
            opens=text.atoms[atom].tolist(),
            closes=text.atoms[closes].tolist(),
            begin=begin.tolist(),
            value=value.tolist(),
        )

    def _beginning(self, text: _Text, section: int, end: int) -> Excerpt:
        for each in range(section, end):
            begin = int(text.first[each])
            if begin < text.last[each]:
                return Excerpt(self._rendered(text, each, begin, _NOTHING), each - section)
        return Excerpt()

    def _rendered(self, text: _Text, section: int, begin: int, marked: _Marked) -> str:
        """The window of a section that begins with an atom, as HTML."""
        is_head, is_end = begin == text.first[section], begin + WORDS >= text.last[section]
        first = (text.bodies[section] if is_head else int(text.atoms[begin - 1])) + 1
        stop = text.ends[section] if is_end else int(text.atoms[begin + WORDS])
        shown = [self._shown[piece] for piece in text.pieces[first:stop].tolist()]
        # An opening quotation mark belongs to the first word; a ruler of dashes does not.
        if shown[0][:1] == _BACK and not (is_head and len(shown[0]) <= LEAD):
            is_head, shown[0] = False, ""
        low = bisect_left(marked.places, first)
        high = bisect_left(marked.places, stop, low)
        for opened, closed in _spans(marked.opens[low:high], marked.closes[low:high], stop):
            shown[opened - first] = f"{_OPEN}{shown[opened - first]}"
            shown[closed - first] = f"{shown[closed - first][:-1]}{_CLOSE} "
        said = "".join(shown).replace(f" {_BACK}", "").replace(_BACK, "").strip()
        said = said.replace(_CLOSE + _OPEN, "")
        if len(said) > CHARACTERS:
            is_end, said = False, said[:CHARACTERS]
            said += _CLOSE * (said.count(_OPEN) - said.count(_CLOSE))
        escaped = html.escape(said).replace(_OPEN, "<mark>").replace(_CLOSE, "</mark>")
        return f"{'' if is_head else '… '}{escaped}{'' if is_end else ' …'}"


def _united(bits: Array, since: Array, until: Array) -> Array:
    """The bits at `since : until`, united, for each of these intervals."""
    # The reduction needs intervals with something in, and something after the last.
    intervals = np.empty(2 * len(since), dtype=np.intp)
    intervals[::2], intervals[1::2] = since, np.maximum(until, since + 1)
    united: Array = np.bitwise_or.reduceat(np.append(bits, (0, 0)), intervals)[::2]
    return united * (until > since)


def _spans(opens: Sequence[int], closes: Sequence[int], stop: int) -> list[list[int]]:
    """First and last places to mark before `stop`; what overlaps is marked as one."""
    spans: list[list[int]] = []
    for opened, closed in zip(opens, closes, strict=True):
        if closed >= stop:
            continue
        if spans and opened <= spans[-1][1]:
            spans[-1][1] = max(spans[-1][1], closed)
        else:
            spans.append([opened, closed])
    return spans


_NOTHING = _Marked()
