"""The texts of the articles with the place of every word, as arrays.

Section s of document d, for s in `section_at[d] : section_at[d + 1]`: its tokens are
`token_word[section_token[s] : section_token[s + 1]]`, those of its heading first, those of its
text from `section_body[s]` on; its text is `text[section_text[s] : section_text[s + 1]]`.
Places and lengths count bytes of UTF-8; a place counts from the start of its section.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain

import numpy as np

from search.analysed import STORED_CHARACTERS, Analysed, Passage
from search.arrays import Array

LEADING, CONTINUED = 0xC0, 0x80
"""A byte of UTF-8 of which the leading bits are 10 continues a character."""


def write(articles: Sequence[Analysed], words: Mapping[str, int]) -> dict[str, Array]:
    """The arrays for articles, in their order; `words` are the numbers of all surfaces."""
    kept = [list(_head(article.passages)) for article in articles]
    sections = list(chain.from_iterable(kept))
    texts: list[bytes] = []
    starts: list[Array] = []
    lengths: list[Array] = []
    tokens: list[int] = []
    section_token, section_body = [0], []
    for section in sections:
        text, start, length = _in_bytes(section)
        texts.append(text)
        nothing = np.zeros(len(section.heading), dtype=np.int64)
        starts += [nothing, start]
        lengths += [nothing, length]
        tokens += [words[word] for word in section.heading]
        section_body.append(len(tokens))
        tokens += [words[word] for word in section.words[: len(start)]]
        section_token.append(len(tokens))
    return {
        "section_at": _ends([len(each) for each in kept]),
        "section_token": np.array(section_token, dtype=np.int64),
        "section_body": np.array(section_body, dtype=np.int64),
        "section_text": _ends([len(text) for text in texts]),
        "token_word": np.array(tokens, dtype=np.int32),
        "token_start": _joined(starts, np.int32),
        "token_length": _joined(lengths, np.uint8),
        "text": np.frombuffer(b"".join(texts), dtype=np.uint8),
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


def _in_bytes(passage: Passage) -> tuple[bytes, Array, Array]:
    text = passage.text.encode("utf-8")
    starts = np.array(passage.starts, dtype=np.int64)
    ends = starts + np.array(passage.lengths, dtype=np.int64)
    if not passage.text.isascii():
        places = np.flatnonzero((np.frombuffer(text, dtype=np.uint8) & LEADING) != CONTINUED)
        places = np.append(places, len(text))
        starts, ends = places[starts], places[ends]
    return text, starts, np.minimum(ends - starts, 255)


def _ends(lengths: Sequence[int]) -> Array:
    ends = np.zeros(len(lengths) + 1, dtype=np.int64)
    np.cumsum(lengths, out=ends[1:])
    return ends


def _joined(pieces: Sequence[Array], kind: type) -> Array:
    return np.concatenate(pieces).astype(kind) if pieces else np.zeros(0, dtype=kind)
