"""The piece of an article that shows why it was found, with the reader's words marked."""

import html
import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from search.analysis import Language, Token
from search.documents import Section

WORDS = 30
LEAD = 6
"""Words shown before the first one marked."""

CHARACTERS = 400
"""The length of an excerpt at most, whatever stands between the words."""

_SPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Excerpt:
    """HTML in which only `<mark>` can occur, and the anchor of the section it is from."""

    html: str = ""
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class _Window:
    """A stretch of a section that shows so many different terms at so many places."""

    terms: int
    places: int
    start: int
    end: int


def excerpt(sections: Sequence[Section], terms: Iterable[str], language: Language) -> Excerpt:
    """The best window of about `WORDS` words over all sections; the first of equals.

    A section's heading counts as shown with each of its windows. Without any of the terms it is
    the beginning of the article.
    """
    wanted = frozenset(terms)
    best = (0, 0)
    found = Excerpt()
    for section in sections:
        titled = {token.text for token in language.tokens(section.heading)} & wanted
        tokens = list(language.tokens(section.text))
        window = _best_window(section.text, tokens, wanted, titled)
        if window and (window.terms, window.places) > best:
            best = (window.terms, window.places)
            marks = (token for token in tokens if token.text in wanted)
            found = Excerpt(html=_render(section.text, window, marks), anchor=section.anchor)
    return found if found.html else _beginning(sections, language)


def _beginning(sections: Sequence[Section], language: Language) -> Excerpt:
    for section in sections:
        starts = _starts(language.tokens(section.text))
        if starts:
            window = _Window(0, 0, *_bounds(section.text, starts, 0))
            return Excerpt(html=_render(section.text, window, []), anchor=section.anchor)
    return Excerpt()


def _starts(tokens: Iterable[Token]) -> list[int]:
    return sorted({token.start for token in tokens})


def _bounds(text: str, starts: Sequence[int], first: int) -> tuple[int, int]:
    # An opening quotation mark belongs to the first word; a ruler of dashes does not.
    start = 0 if first == 0 and starts[0] < LEAD else starts[first]
    after = first + WORDS
    end = starts[after] if after < len(starts) else len(text)
    return start, min(end, start + CHARACTERS)


def _best_window(
    text: str, tokens: Sequence[Token], wanted: frozenset[str], titled: set[str]
) -> _Window | None:
    starts = _starts(tokens)
    index = {start: position for position, start in enumerate(starts)}
    places = [(index[token.start], token.text) for token in tokens if token.text in wanted]
    if not places:
        return _Window(len(titled), 0, *_bounds(text, starts, 0)) if titled and starts else None
    positions = [position for position, _ in places]
    best: _Window | None = None
    for position in dict.fromkeys(positions):
        first = max(0, position - LEAD)
        shown = places[bisect_left(positions, first) : bisect_left(positions, first + WORDS)]
        terms = len(titled.union(term for _, term in shown))
        if best is None or (terms, len(shown)) > (best.terms, best.places):
            best = _Window(terms, len(shown), *_bounds(text, starts, first))
    return best


def _render(text: str, window: _Window, marks: Iterable[Token]) -> str:
    edges = [window.start]
    for start, end in _merged(marks):
        if window.start <= start and end <= window.end:
            edges += [start, end]
    edges.append(window.end)
    pieces = [
        f"<mark>{_escape(text[start:end])}</mark>" if marked % 2 else _escape(text[start:end])
        for marked, (start, end) in enumerate(pairwise(edges))
    ]
    before = "… " if window.start else ""
    after = " …" if window.end < len(text) else ""
    return before + "".join(pieces).strip() + after


def _merged(marks: Iterable[Token]) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    for _, start, end in marks:
        if spans and start <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(end, spans[-1][1]))
        else:
            spans.append((start, end))
    return spans


def _escape(text: str) -> str:
    return html.escape(_SPACE.sub(" ", text))
