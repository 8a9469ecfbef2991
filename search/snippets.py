"""The piece of an article that shows why it was found, with the reader's words marked."""

import html
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from search.arrays import Array

WORDS = 30
LEAD = 6
"""Words shown before the first one marked."""

BYTES = 600
"""The length of an excerpt at most, before it is escaped, whatever stands between the words."""

MARKED = 200
"""Marked words of one article that are looked at."""

# Control characters, of which the stored text has none.
_OPEN, _CLOSE = b"\x02", b"\x03"


@dataclass(frozen=True, slots=True)
class Excerpt:
    """HTML in which only `<mark>` can occur, and which of the article's sections it is from."""

    html: str = ""
    section: int = 0


@dataclass(frozen=True, slots=True)
class _Window:
    """Where an excerpt begins: token `first` of `section`, before the marked ones after `mark`."""

    section: int
    first: int
    mark: int


class Snippets:
    """Excerpts from the texts that `search.passages` wrote. Safe to share between threads."""

    def __init__(self, arrays: Mapping[str, Array]) -> None:
        self._section_at = arrays["section_at"].tolist()
        self._tokens = arrays["section_token"].tolist()
        self._bodies = arrays["section_body"].tolist()
        self._texts = arrays["section_text"].tolist()
        self._word = arrays["token_word"]
        self._start = arrays["token_start"]
        self._length = arrays["token_length"]
        self._text = memoryview(arrays["text"])

    def excerpts(self, documents: Sequence[int], owners: Array) -> list[Excerpt]:
        """The best window of about `WORDS` words in each document; the first of equals.

        `owners` gives for each word of the vocabulary which word of the question it stands for,
        from 1, or 0. A section's heading counts as shown with each of its windows. Without any
        of the words it is the beginning of the article.
        """
        spans = [self._span(document) for document in documents]
        pieces = [owners[self._word[start:end]] for start, end in spans]
        if not pieces:
            return []
        joined = np.concatenate(pieces)
        places = np.flatnonzero(joined)
        asked = joined[places].tolist()
        marked = places.tolist()
        excerpts = []
        before = 0
        for document, (start, end) in zip(documents, spans, strict=True):
            low = bisect_left(marked, before)
            high = bisect_left(marked, before + end - start, low)
            # From a place in the joined pieces to a number of a token.
            shift = start - before
            found = [place + shift for place in marked[low : min(high, low + MARKED)]]
            excerpts.append(self._excerpt(document, found, asked[low:high]))
            before += end - start
        return excerpts

    def _span(self, document: int) -> tuple[int, int]:
        first, last = self._section_at[document], self._section_at[document + 1]
        return self._tokens[first], self._tokens[last]

    def _excerpt(self, document: int, marked: list[int], asked: list[int]) -> Excerpt:
        first, last = self._section_at[document], self._section_at[document + 1]
        best: tuple[int, int] = (0, 0)
        window: _Window | None = None
        low = 0
        for section in range(first, last) if marked else ():
            high = bisect_left(marked, self._tokens[section + 1], low)
            if high == low:
                continue
            body = bisect_left(marked, self._bodies[section], low, high)
            titled = set(asked[low:body])
            if body == high and (len(titled), 0) > best and self._has_text(section):
                best, window = (len(titled), 0), _Window(section, self._bodies[section], high)
            for mark in range(body, high):
                begin = max(self._bodies[section], marked[mark] - LEAD)
                until = bisect_left(marked, begin + WORDS, mark, high)
                # Words that the lead shows are marked as well.
                since = bisect_left(marked, begin, body, mark + 1)
                shown = asked[since:until]
                value = (len(titled.union(shown)), len(shown))
                if value > best:
                    best, window = value, _Window(section, begin, since)
            low = high
        if window is None:
            window = self._beginning(first, last)
        return Excerpt(self._rendered(window, marked), window.section - first) if window else Excerpt()

    def _has_text(self, section: int) -> bool:
        held: bool = self._tokens[section + 1] > self._bodies[section]
        return held

    def _beginning(self, first: int, last: int) -> _Window | None:
        for section in range(first, last):
            if self._has_text(section):
                return _Window(section, self._bodies[section], MARKED)
        return None

    def _rendered(self, window: _Window, marked: list[int]) -> str:
        section = window.section
        end = min(self._tokens[section + 1], window.first + 3 * WORDS)
        starts = self._start[window.first : end].tolist()
        base, size = self._texts[section], self._texts[section + 1] - self._texts[section]
        # An opening quotation mark belongs to the first word; a ruler of dashes does not.
        at_head = window.first == self._bodies[section] and starts[0] < LEAD
        start = 0 if at_head else starts[0]
        stop = _stop(starts, size if end == self._tokens[section + 1] else starts[-1])
        stop = min(stop, start + BYTES)
        while stop < size and self._text[base + stop] & 0xC0 == 0x80:
            stop -= 1
        edges = [start]
        for token in marked[window.mark :]:
            if token >= end:
                break
            at = starts[token - window.first]
            after = at + int(self._length[token])
            if after > stop:
                continue
            if len(edges) > 1 and at <= edges[-1]:
                edges[-1] = max(edges[-1], after)
            else:
                edges += [at, after]
        return self._html(base, [*edges, stop], size)

    def _html(self, base: int, edges: list[int], size: int) -> str:
        text = self._text
        pieces = [bytes(text[base + edges[0] : base + edges[1]])]
        for place in range(1, len(edges) - 1):
            pieces.append(_OPEN if place % 2 else _CLOSE)
            pieces.append(bytes(text[base + edges[place] : base + edges[place + 1]]))
        escaped = html.escape(b"".join(pieces).decode("utf-8").strip())
        shown = escaped.replace("\x02", "<mark>").replace("\x03", "</mark>")
        before = "… " if edges[0] else ""
        return f"{before}{shown}{' …' if edges[-1] < size else ''}"


def _stop(starts: list[int], end: int) -> int:
    """Where the word after the window begins; a word and its parts begin at one place."""
    distinct = list(dict.fromkeys(starts))
    return distinct[WORDS] if len(distinct) > WORDS else end
