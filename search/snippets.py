"""The piece of an article that shows why it was found, with the reader's words marked."""

import html
from bisect import bisect_left
from collections.abc import Mapping, Sequence
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

# The space does not break, so that no line consists of the dots.
_GOES_ON = "\xa0…"

_MOST_PLACES = 255

_BITS = 1 << np.minimum(np.arange(256), 62)
"""One bit for each word of a question."""


class Excerpt(NamedTuple):
    """HTML in which only `<mark>` can occur, and which of the article's sections it is from."""

    html: str = ""
    section: int = 0


class _Text(NamedTuple):
    """The pieces of some articles one after the other, and the places of all atoms in them.

    Section s begins at the piece `edges[2 * s]`, its text after `edges[2 * s + 1]`, and it ends
    before `edges[2 * s + 2]`. So many atoms come `before` each of these edges.
    """

    pieces: Array
    atoms: Array
    edges: Array
    before: Array


class _Windows(NamedTuple):
    """For each place to mark the edge before its section's text, and the window it would open.

    A window begins with an atom; its `value` is higher where more different words are shown,
    then where more places are.
    """

    body: Sequence[int] = ()
    begin: Sequence[int] = ()
    value: Sequence[int] = ()


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
        self._word = np.full(self._size, len(words), dtype=np.intp)
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
        text = self._text(stretches)
        found = owners[self._word[text.pieces]]
        places = (found != 0).nonzero()[0]  # numpy is faster with truths
        windows = _windows(text, places, found[places]) if len(places) else _Windows()
        marked, value = self._marked(text, places), windows.value.__getitem__
        edges, before, listed = text.edges.tolist(), text.before.tolist(), places.tolist()
        excerpts = []
        stop = edge = place = 0
        for stretch in stretches:
            stop += len(stretch)
            first_edge, edge = edge, bisect_left(edges, stop, edge)
            first_place, place = place, bisect_left(listed, stop, place)
            best = max(range(first_place, place), key=value, default=-1)
            if best >= 0 and value(best):
                body, begin = windows.body[best], windows.begin[best]
            else:
                body = _written(before, first_edge, edge)
                begin = before[body]
            if body:
                bounds = edges[body], edges[body + 1], before[body], before[body + 1]
                shown = self._rendered(text, marked, begin, bounds)
                excerpts.append(Excerpt(shown, (body - first_edge) // 2))
            else:
                excerpts.append(Excerpt())
        return excerpts

    def opening(self, document: int, section: int) -> Excerpt:
        """The beginning of a section, or of the first one after it that has any text."""
        text = self._text([self._pieces[self._at[document] : self._at[document + 1]]])
        edges, before = text.edges.tolist(), text.before.tolist()
        last = len(edges) - 1
        body = _written(before, min(2 * section, last), last) or _written(before, 0, last)
        if not body:
            return Excerpt()
        bounds = edges[body], edges[body + 1], before[body], before[body + 1]
        return Excerpt(self._rendered(text, (), before[body], bounds), body // 2)

    def _text(self, stretches: Sequence[Array]) -> _Text:
        # The beginning of another section says where the last one ends.
        pieces = np.concatenate([*stretches, (self._section,)])
        atoms = (pieces < self._gap).nonzero()[0]
        edges = (pieces >= self._section).nonzero()[0]
        return _Text(pieces, atoms, edges, atoms.searchsorted(edges))

    def _marked(self, text: _Text, places: Array) -> list[int]:
        """The places to mark: those given, and what compounds there are made of."""
        pieces, atoms = text.pieces, text.atoms
        compounds = places[pieces[places] >= self._compound]
        if not len(compounds):
            return places.tolist()  # type: ignore[no-any-return]  # numpy does not say of what
        marked = set(places.tolist())
        for place, atom in zip(compounds, atoms.searchsorted(compounds), strict=True):
            last = atom + self._atoms[pieces[place] - self._compound] - 1
            marked.update(range(atoms[atom], atoms[last] + 1))
        return sorted(marked)

    def _rendered(
        self, text: _Text, marked: Sequence[int], begin: int, bounds: tuple[int, int, int, int]
    ) -> str:
        """The window that begins with an atom, as HTML, with the places in order to mark.

        The bounds are the edges of its section's text and how many atoms are before each.
        """
        first, stop, first_atom, last_atom = bounds
        is_head, is_end = begin == first_atom, begin + WORDS >= last_atom
        first = 1 + (first if is_head else int(text.atoms[begin - 1]))
        stop = stop if is_end else int(text.atoms[begin + WORDS])
        shown = list(map(self._shown.__getitem__, text.pieces[first:stop].tolist()))
        for place in marked[bisect_left(marked, first) : bisect_left(marked, stop)]:
            shown[place - first] = _emphasised(shown[place - first])
        # An opening quotation mark belongs to the first word; a ruler of dashes does not.
        if shown[0][:1] == _BACK:
            is_head = is_head and len(html.unescape(shown[0])) <= LEAD
            shown[0] = shown[0][1:] if is_head else ""
        said = "".join(shown)
        if len(said) > CHARACTERS:
            whole, said = said, _shortened(shown)
            is_end = is_end and said == whole
        # Of two gaps in a row (`0.0_:`) the second has no space before it to take back.
        said = said.replace(f" {_BACK}", "").replace(_BACK, "").replace(_CLOSE + _OPEN, "").strip()
        return f"{'' if is_head else '… '}{said}{'' if is_end else _GOES_ON}"


def _shown(atoms: Sequence[str], gaps: Sequence[str], size: int) -> list[str]:
    """Each of `size` pieces as HTML."""
    # As one text: to make each by itself took a third of the opening.
    shown = html.escape(" \n".join([*atoms, ""])).split("\n")[:-1]
    if gaps:
        shown += html.escape(_BACK + f"\n{_BACK}".join(gaps)).split("\n")
    return shown + [""] * (size - len(shown))


def _emphasised(shown: str) -> str:
    """A piece of HTML, marked."""
    if shown[:1] == _BACK:
        return f"{_BACK}{_OPEN}{shown[1:]}{_CLOSE}"
    return f"{_OPEN}{shown[:-1]}{_CLOSE} " if shown else ""


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
    edge = text.edges.searchsorted(places, side="right") - 1
    body = edge | 1
    first, last = text.before[body], text.before[body + 1]
    begin = np.maximum(first, atom - LEAD)
    since = atom.searchsorted(begin)
    until = atom.searchsorted(np.minimum(begin + WORDS, last))
    # The reduction needs intervals with something in, and something after the last.
    bits = np.zeros(len(places) + 2, dtype=np.int64)
    bits[:-2] = _BITS[asked.astype(np.intp)]
    intervals = np.empty(2 * len(places), dtype=np.intp)
    intervals[::2], intervals[1::2] = since, np.maximum(until, since + 1)
    shown = np.bitwise_or.reduceat(bits, intervals)[::2] * (until > since)
    heading = (edge != body).nonzero()[0]
    if len(heading):
        titled = np.zeros(len(text.edges), dtype=np.int64)
        np.bitwise_or.at(titled, body[heading], bits[heading])
        shown |= titled[body]
    value = np.bitwise_count(shown).astype(np.int64) * (_MOST_PLACES + 1)
    value = (value + np.minimum(until - since, _MOST_PLACES)) * (last > first)
    return _Windows(body.tolist(), begin.tolist(), value.tolist())


def _written(before: Sequence[int], first: int, stop: int) -> int:
    """The edge after which text begins in the first section that has some; 0 where none has."""
    bodies = range(first + 1, stop, 2)
    return next((body for body in bodies if before[body + 1] > before[body]), 0)
