"""The piece of an article that shows why it was found, with the reader's words marked."""

import html
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from search.arrays import Array
from search.passages import CONTINUED, LEADING

WORDS = 30
LEAD = 6
"""Words shown before the first one marked."""

BYTES = 600
"""The length of an excerpt at most, before it is escaped, whatever stands between the words."""

# Control characters, of which the stored text has none.
_OPEN, _CLOSE = b"\x02", b"\x03"

_MOST_PLACES = 255


@dataclass(frozen=True, slots=True)
class Excerpt:
    """HTML in which only `<mark>` can occur, and which of the article's sections it is from."""

    html: str = ""
    section: int = 0


@dataclass(frozen=True, slots=True)
class _Windows:
    """Every marked token of some articles, and the window that it would open.

    `value` is higher where more different words are shown, then where more places are.
    """

    token: list[int]
    section: list[int]
    begin: list[int]
    value: list[int]


class Snippets:
    """Excerpts from the texts that `search.passages` wrote. Safe to share between threads."""

    def __init__(self, arrays: Mapping[str, Array]) -> None:
        self._section_at = arrays["section_at"]
        self._tokens = arrays["section_token"]
        self._bodies = arrays["section_body"]
        self._texts = arrays["section_text"]
        self._word = arrays["token_word"]
        self._start = arrays["token_start"]
        self._length = arrays["token_length"]
        self._text = memoryview(arrays["text"].data)

    def excerpts(self, documents: Sequence[int], owners: Array) -> list[Excerpt]:
        """The best window of about `WORDS` words in each document; the first of equals.

        `owners` gives for each word of the vocabulary which word of the question it stands for,
        from 1, or 0. A section's heading counts as shown with each of its windows. Without any
        of the words it is the beginning of the article.
        """
        if not documents:
            return []
        # In ascending order all marked tokens are in order, too.
        order = sorted(range(len(documents)), key=documents.__getitem__)
        rows = np.array(documents)[order]
        first, last = self._section_at[rows], self._section_at[rows + 1]
        start, end = self._tokens[first], self._tokens[last]
        pieces = [
            self._word[one:other] for one, other in zip(start.tolist(), end.tolist(), strict=True)
        ]
        found = owners[np.concatenate(pieces)]
        places = np.flatnonzero(found)
        asked = found[places]
        ends = np.cumsum(end - start)
        owner = np.searchsorted(ends, places, side="right")
        tokens = places + (end - ends)[owner]
        lengths = np.bincount(owner, minlength=len(rows)).tolist()
        windows = self._windows(tokens, asked)
        excerpts = [Excerpt()] * len(documents)
        low = 0
        for place, begin, end, length in zip(
            order, first.tolist(), last.tolist(), lengths, strict=True
        ):
            best = max(range(low, low + length), key=windows.value.__getitem__, default=None)
            low += length
            if best is None or not windows.value[best]:
                excerpts[place] = self._beginning(begin, end)
            else:
                section, opened = windows.section[best], windows.begin[best]
                text = self._rendered(section, opened, windows.token)
                excerpts[place] = Excerpt(text, section - begin)
        return excerpts

    def opening(self, document: int, section: int) -> Excerpt:
        """The beginning of a section, or of the first one after it that has any text."""
        first, last = int(self._section_at[document]), int(self._section_at[document + 1])
        found = self._beginning(min(first + section, last), last)
        if not found.html:
            return self._beginning(first, last)
        return Excerpt(found.html, found.section + section)

    def _windows(self, tokens: Array, asked: Array) -> _Windows:
        section = np.searchsorted(self._tokens, tokens, side="right") - 1
        body, end = self._bodies[section], self._tokens[section + 1]
        heading = tokens < body
        begin = np.maximum(body, tokens - LEAD)
        since = np.searchsorted(tokens, begin)
        until = np.searchsorted(tokens, np.minimum(begin + WORDS, end))
        places = until - since
        # One bit for each word of the question; the reduction needs intervals with something in.
        bits = np.zeros(len(tokens) + 2, dtype=np.int64)
        np.left_shift(1, np.minimum(asked, 62), out=bits[:-2], dtype=np.int64)
        intervals = np.stack([since, np.maximum(until, since + 1)], axis=1).ravel()
        shown = np.bitwise_or.reduceat(bits, intervals)[::2] if len(tokens) else bits[:0]
        shown = np.where(places > 0, shown, 0)
        if heading.any():
            known, inverse = np.unique(section, return_inverse=True)
            titled = np.zeros(len(known), dtype=np.int64)
            np.bitwise_or.at(titled, inverse[heading], bits[:-2][heading])
            shown |= titled[inverse]
        value = np.bitwise_count(shown).astype(np.int64) * (_MOST_PLACES + 1)
        value = (value + np.minimum(places, _MOST_PLACES)) * (end > body)
        return _Windows(tokens.tolist(), section.tolist(), begin.tolist(), value.tolist())

    def _beginning(self, first: int, last: int) -> Excerpt:
        for section in range(first, last):
            if self._tokens[section + 1] > self._bodies[section]:
                text = self._rendered(section, int(self._bodies[section]), [])
                return Excerpt(text, section - first)
        return Excerpt()

    def _rendered(self, section: int, first: int, marked: list[int]) -> str:
        """The window of a section that begins with token `first`, as HTML."""
        last = int(self._tokens[section + 1])
        base = int(self._texts[section])
        size = int(self._texts[section + 1]) - base
        end = min(last, first + 3 * WORDS)
        starts = self._start[first:end].tolist()
        # An opening quotation mark belongs to the first word; a ruler of dashes does not.
        at_head = first == self._bodies[section] and starts[0] < LEAD
        start = 0 if at_head else starts[0]
        stop = min(_stop(starts, size if end == last else starts[-1]), start + BYTES)
        while stop < size and self._text[base + stop] & LEADING == CONTINUED:
            stop -= 1
        low, high = bisect_left(marked, first), bisect_left(marked, end)
        lengths = self._length[first:end].tolist() if low < high else []
        edges = [start]
        for token in marked[low:high]:
            at = starts[token - first]
            after = at + lengths[token - first]
            if after > stop:
                continue
            if len(edges) > 1 and at <= edges[-1]:
                edges[-1] = max(edges[-1], after)
            else:
                edges += [at, after]
        return _html(bytes(self._text[base + start : base + stop]), [*edges, stop], size)


def _html(shown: bytes, edges: list[int], size: int) -> str:
    """A stretch of a text of `size` bytes; between its edges it is plain and marked by turns."""
    first = edges[0]
    pieces = [shown[: edges[1] - first]]
    for place in range(1, len(edges) - 1):
        pieces.append(_OPEN if place % 2 else _CLOSE)
        pieces.append(shown[edges[place] - first : edges[place + 1] - first])
    escaped = html.escape(b"".join(pieces).decode("utf-8").strip())
    marked = escaped.replace("\x02", "<mark>").replace("\x03", "</mark>")
    return f"{'… ' if first else ''}{marked}{' …' if edges[-1] < size else ''}"


def _stop(starts: list[int], end: int) -> int:
    """Where the word after the window begins; a word and its parts begin at one place."""
    if len(starts) <= WORDS:
        return end
    if len(set(starts[: WORDS + 1])) > WORDS:
        return starts[WORDS]
    distinct = list(dict.fromkeys(starts))
    return distinct[WORDS] if len(distinct) > WORDS else end
