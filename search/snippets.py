"""The piece of an article that shows why it was found, with the reader's words marked."""

import html
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

_OPEN, _CLOSE = "<mark>", "</mark>"

# A control character, of which the stored text has none: an atom is shown with a space after it,
# which a gap takes back.
_BACK = "\x08"

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

    `atoms` are the places of all atoms. A section has the places of its start, its body and its
    end, and how many atoms come before its body and before its end; `stops` are the numbers of
    sections up to the end of each article.
    """

    pieces: Array
    atoms: Array
    sections: Array
    bodies: Array
    ends: Array
    first: Array
    last: Array
    stops: Array


@dataclass(frozen=True, slots=True)
class _Windows:
    """For each place of a text to mark: the section that it is in, the window it would open.

    A window begins with an atom; its `value` is higher where more different words are shown,
    then where more places are.
    """

    section: Array
    begin: Array
    value: Array


class Snippets:
    """Excerpts from the pieces that `search.passages` wrote. Safe to share between threads."""

    def __init__(self, opened: Mapping[str, Array], words: Sequence[str]) -> None:
        """`words` is the vocabulary."""
        atoms = [*words, *arrays.texts(opened["written"])]
        gaps, compounds = arrays.texts(opened["gaps"]), opened["compound_word"]
        self._pieces = opened["pieces"]
        self._at = memoryview(opened["piece_at"].data)
        self._gap = len(atoms)
        self._compound = self._gap + len(gaps)
        self._section = self._compound + len(compounds)
        self._size = self._section + 2
        self._word = np.full(self._size, len(words), dtype=np.int32)
        self._word[: len(words)] = np.arange(len(words))
        self._word[len(words) : self._gap] = opened["written_word"]
        self._word[self._compound : self._section] = compounds
        self._atoms = opened["compound_atoms"].tolist()
        self._shown = _shown(atoms, gaps, self._size)

    def excerpts(self, documents: Sequence[int], owners: Array) -> list[Excerpt]:
        """The best window of about `WORDS` words in each document; the first of equals.

        `owners` gives for each word of the vocabulary which word of the question it stands for,
        from 1, or 0; and a 0 at its end. A section's heading counts as shown with each of its
        windows. Without any of the words it is the beginning of the article.
        """
        if not documents:
            return []
        stretches = [self._pieces[self._at[each] : self._at[each + 1]] for each in documents]
        stops = np.array(list(accumulate(map(len, stretches))))
        text = self._text(np.concatenate(stretches), stops)
        found = owners[self._word[text.pieces]]
        places = np.flatnonzero(found)
        section, begin = _beginnings(text)
        if len(places):
            windows = _windows(text, places, found[places])
            _choose(windows, places.searchsorted(stops), section, begin)
        return self._rendered(text, self._marked(text, places), section, begin)

    def _text(self, pieces: Array, stops: Array) -> _Text:
        atoms = np.flatnonzero(pieces < self._gap)
        edges = np.flatnonzero(pieces >= self._section)
        sections, bodies = edges[::2], edges[1::2]
        ends = np.empty_like(sections)
        ends[:-1], ends[-1:] = sections[1:], len(pieces)
        return _Text(
            pieces=pieces,
            atoms=atoms,
            bodies=bodies,
            ends=ends,
            first=atoms.searchsorted(bodies),
            last=atoms.searchsorted(ends),
            sections=sections,
            stops=sections.searchsorted(stops),
        )

    def _marked(self, text: _Text, places: Array) -> Array:
        """The pieces with those at `places`, and what compounds there are made of, marked."""
        pieces, atoms = text.pieces, text.atoms
        marked = pieces.astype(np.intp)
        marked[places] += self._size
        compounds = places[pieces[places] >= self._compound]
        for place, atom in zip(compounds, atoms.searchsorted(compounds), strict=True):
            last = atom + self._atoms[pieces[place] - self._compound] - 1
            made_of = slice(atoms[atom], atoms[last] + 1)
            marked[made_of] = pieces[made_of] + np.intp(self._size)
        return marked

    def _rendered(self, text: _Text, marked: Array, section: Array, begin: Array) -> list[Excerpt]:
        """A window of each article as HTML; nothing where its section is -1."""
        if not len(text.atoms):
            return [Excerpt()] * len(section)
        is_head, is_end = begin == text.first[section], begin + WORDS >= text.last[section]
        after = np.minimum(begin + WORDS, len(text.atoms) - 1)
        start = np.where(is_head, text.bodies[section], text.atoms[begin - 1]) + 1
        stop = np.where(is_end, text.ends[section], text.atoms[after])
        of = section.copy()
        of[1:] -= text.stops[:-1]
        columns = (section, of, start, stop, is_head, is_end)
        return [
            Excerpt(self._html(marked[low:high].tolist(), is_head=head, is_end=end), place)
            if known >= 0
            else Excerpt()
            for known, place, low, high, head, end in zip(
                *(column.tolist() for column in columns), strict=True
            )
        ]

    def _html(self, pieces: Sequence[int], *, is_head: bool, is_end: bool) -> str:
        shown = list(map(self._shown.__getitem__, pieces))
        # An opening quotation mark belongs to the first word; a ruler of dashes does not.
        if shown[0][:1] == _BACK and not (is_head and len(html.unescape(shown[0])) <= LEAD):
            is_head, shown[0] = False, ""
        said = "".join(shown)
        if len(said) > CHARACTERS:
            said = _shortened(shown)
            is_end = is_end and said == "".join(shown)
        said = said.replace(f" {_BACK}", "").replace(_BACK, "").replace(_CLOSE + _OPEN, "")
        return f"{'' if is_head else '… '}{said.strip()}{'' if is_end else ' …'}"


def _shown(atoms: Sequence[str], gaps: Sequence[str], size: int) -> list[str]:
    """Each of `size` pieces as HTML, and then each of them marked."""
    atoms = html.escape("\n".join(atoms)).split("\n")
    gaps = html.escape("\n".join(gaps)).split("\n") if gaps else []
    nothing = [""] * (size - len(atoms) - len(gaps))
    return [
        *(f"{atom} " for atom in atoms),
        *(f"{_BACK}{gap}" for gap in gaps),
        *nothing,
        *(f"{_OPEN}{atom}{_CLOSE} " for atom in atoms),
        *(f"{_BACK}{_OPEN}{gap}{_CLOSE}" for gap in gaps),
        *nothing,
    ]


def _shortened(shown: Sequence[str]) -> str:
    """As much of some pieces of HTML as has `CHARACTERS` to read."""
    kept: list[str] = []
    room = CHARACTERS
    for piece in shown:
        text = html.unescape(piece.replace(_OPEN, "").replace(_CLOSE, ""))
        room -= len(text)
        if room < 0:
            kept.append(html.escape(text[:room]))
            break
        kept.append(piece)
    return "".join(kept)


def _windows(text: _Text, places: Array, asked: Array) -> _Windows:
    """`asked` says for each place which word of the question stands there."""
    atom = text.atoms.searchsorted(places)
    section = text.sections.searchsorted(places, side="right") - 1
    first, last = text.first[section], text.last[section]
    begin = np.maximum(first, atom - LEAD)
    since = atom.searchsorted(begin)
    until = atom.searchsorted(np.minimum(begin + WORDS, last))
    # The reduction needs intervals with something in, and something after the last.
    bits = np.zeros(len(places) + 2, dtype=np.int64)
    bits[:-2] = _BITS[asked]
    intervals = np.empty(2 * len(places), dtype=np.intp)
    intervals[::2], intervals[1::2] = since, np.maximum(until, since + 1)
    shown = np.bitwise_or.reduceat(bits, intervals)[::2] * (until > since)
    heading = np.flatnonzero(atom < first)
    if len(heading):
        titled = np.zeros(len(text.sections), dtype=np.int64)
        np.bitwise_or.at(titled, section[heading], bits[heading])
        shown |= titled[section]
    value = np.bitwise_count(shown).astype(np.int64) * (_MOST_PLACES + 1)
    value = (value + np.minimum(until - since, _MOST_PLACES)) * (last > first)
    return _Windows(section, begin, value)


def _beginnings(text: _Text) -> tuple[Array, Array]:
    """The section of each article that text begins in, or -1, and the first atom there."""
    written = np.flatnonzero(text.last > text.first)
    section = np.full(len(text.stops), -1)
    if len(written):
        row = written.searchsorted(np.concatenate(([0], text.stops[:-1])))
        found = written[np.minimum(row, len(written) - 1)]
        section = np.where((row < len(written)) & (found < text.stops), found, -1)
    return section, text.first[section] if len(text.first) else section


def _choose(windows: _Windows, stops: Array, section: Array, begin: Array) -> None:
    """Put the best window of each article, the first of equals, in the place of its beginning.

    `stops` are the numbers of places up to the end of each article.
    """
    starts = np.concatenate(([0], stops[:-1]))
    rows = np.flatnonzero(stops > starts)
    count = len(windows.value)
    best = np.maximum.reduceat(windows.value * count + np.arange(count - 1, -1, -1), starts[rows])
    chosen = count - 1 - best % count
    is_good = best >= count
    section[rows[is_good]] = windows.section[chosen[is_good]]
    begin[rows[is_good]] = windows.begin[chosen[is_good]]
