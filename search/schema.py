"""The shape of the engine's index: one set of fields for each language.

The fields hold surfaces and how often each stands in a part of an article, nothing more: stems
and grams follow from the dictionary, texts and places lie beside (`search.passages`).
"""

import struct
import zlib
from collections.abc import Iterable
from functools import lru_cache
from itertools import pairwise
from pickle import dumps
from typing import Any

import numpy as np
from whoosh import fields, formats
from whoosh.codec.whoosh3 import WHOOSH3_HEADER_MAGIC, W3Codec, W3FieldWriter, W3Segment

from search import analysed, analysis
from search.analysed import PARTS
from search.documents import Document
from search.lexicon import Lexicon
from search.postings import Found, Listing
from search.sums import blocks

BLOCK_LIMIT = 1024
_PACKED = 64
"""Bytes from which on a block is packed; fewer become none the less."""

_POSTINGS = 20_000
"""Postings written at a time; bounds the memory of a build."""

# As the engine packs them: the number of a field, the length of a block, what is known of a word
# and where its postings are.
_FIELD, _LENGTH = struct.Struct("!H"), struct.Struct("!i")
_TERM = struct.Struct("!BfIBBfIIqi")


class Codec(W3Codec):  # type: ignore[misc]  # whoosh ships no types
    """The engine's own, spared from asking for the length of a field at each posting."""

    length_stats = False

    def new_segment(self, _storage: Any, name: str) -> W3Segment:
        """The engine draws a name by lot, so that no two builds would be alike."""
        segment = W3Segment(self, name)
        segment.segid = "1"  # the only one: a shelf is written once
        return segment

    def field_writer(self, storage: Any, segment: W3Segment) -> "FieldWriter":
        return FieldWriter(self, storage, segment)


class FieldWriter(W3FieldWriter):  # type: ignore[misc]  # whoosh ships no types
    """Writes what the engine's own writes, handed all postings at once.

    The engine makes some objects for each word, which took most of the time.
    """

    def __init__(self, codec: W3Codec, storage: Any, segment: W3Segment) -> None:
        super().__init__(codec, storage, segment)
        self._place = 0
        self._lexicon = Lexicon(self._tindex)

    def add_postings(self, schema: fields.Schema, _lengths: None, found: Found) -> None:
        for name, listing in sorted(found.items()):
            self.start_field(name, schema[name])
            head = _FIELD.pack(self._fieldid)
            for start, stop in blocks(np.diff(listing.at), _POSTINGS):
                self._add_words(head, listing, start, stop)
            self.finish_field()
        _posting.cache_clear()

    def _add_words(self, head: bytes, listing: Listing, first: int, last: int) -> None:
        """Some words of a field, so that no more numbers are objects at a time."""
        at = listing.at[first : last + 1] - listing.at[first]
        ours = slice(listing.at[first], listing.at[last])
        numbers = listing.documents[ours].astype(np.int64)
        documents, steps = numbers.tolist(), np.diff(numbers, prepend=0).tolist()
        counts = listing.counts[ours].tolist()
        sums = np.add.reduceat(listing.counts[ours].astype(float), at[:-1]).tolist()
        most = np.maximum.reduceat(listing.counts[ours], at[:-1]).tolist()
        parts, known = [], []
        for word, (start, end) in enumerate(pairwise(at.tolist())):
            if end == start + 1:
                written = _posting(documents[start], counts[start])
            else:
                ours = slice(start, end)
                written = _postings(documents[ours], steps[ours], counts[ours])
            extent = documents[start], documents[end - 1], self._place, len(written)
            known.append(_TERM.pack(0, sums[word], end - start, 0, 0, most[word], *extent))
            parts.append(written)
            self._place += len(written)
        self._postfile.write(b"".join(parts))
        self._lexicon.add([head + word.encode() for word in listing.words[first:last]], known)


@lru_cache(maxsize=1 << 14)
def _posting(document: int, count: float) -> bytes:
    """Those of a word that stands in one document; there are many of them, and few ways."""
    return _postings([document], [document], [count])


def _postings(documents: list[int], steps: list[int], counts: list[float]) -> bytes:
    """The postings of a word as the engine reads them, in blocks; `steps` lead to the documents."""
    parts = [WHOOSH3_HEADER_MAGIC]
    for start in range(0, len(documents), BLOCK_LIMIT):
        end = min(start + BLOCK_LIMIT, len(documents))
        ours = counts[start:end]
        most = max(ours)
        is_even = most == min(ours)
        weights = (None if most == 1 else most) if is_even else tuple(ours)
        block = dumps(((documents[start], *steps[start + 1 : end]), weights, None), 2)
        is_packed = len(block) > _PACKED
        if is_packed:
            block = zlib.compress(block, 1)
        info = dumps((end - start, documents[end - 1], most, int(is_packed), 0, 0), 2)
        length = len(info) + len(block)
        parts += (_LENGTH.pack(-length if end == len(documents) else length), info, block)
    return b"".join(parts)


CODEC = Codec(blocklimit=BLOCK_LIMIT)
"""Postings are read once and from end to end, so large blocks do; they are smaller by a tenth.

More compression than the least makes them smaller by one in a hundred."""


class Pool:
    """Stands for what the engine gathers while documents are added: here all is known before.

    The engine's own gathers a tuple for each posting and sorts them all.
    """

    def __init__(self, found: Found) -> None:
        self._found = found

    def add(self, posting: tuple[object, ...]) -> None:
        """The engine finds nothing to add in what it stores."""
        raise NotImplementedError(posting)

    def iter_postings(self) -> Found:
        """For `FieldWriter`, which wants them as they are."""
        return self._found

    def cleanup(self) -> None:
        """The engine has no file of ours to delete."""


class Counts(fields.FieldType):  # type: ignore[misc]  # whoosh ships no types
    """A field of which the words are counted already, and so needs no analyser of the engine's."""

    analyzer = None
    scorable = False  # lengths follow from the counts; the engine takes a sixth longer for them
    stored = False
    unique = False
    indexed = True
    multitoken_query = "default"
    vector = None
    column_type = None
    sortable = False
    spelling = False

    def __init__(self) -> None:
        # The engine stores a posting's weight by itself; a frequency beside it would say it twice.
        self.format = formats.Existence()


def build(langs: Iterable[str]) -> fields.Schema:
    """The schema for documents in these languages (tags such as `de` or `pt-BR`)."""
    schema = fields.Schema(id=fields.STORED(), lang=fields.STORED())
    for base in sorted(set(map(analysis.base, langs))):
        for part in PARTS:
            schema.add(analysed.field(part, base), Counts())
    return schema


def row(document: Document) -> dict[str, str]:
    """What the engine itself stores of a document; its words come by way of a `Pool`."""
    # Half a surrogate pair is no text and cannot be encoded.
    return {"id": document.id.encode("utf-8", "replace").decode("utf-8"), "lang": document.lang}
