"""The shape of the engine's index: one set of fields for each language.

The fields hold surfaces and how often each stands in a part of an article, nothing more: stems
and grams follow from the dictionary, texts and places lie beside (`search.passages`).
"""

from array import array
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from whoosh import fields, formats
from whoosh.codec.whoosh3 import W3Codec, W3FieldWriter, W3Segment

from search import analysed, analysis
from search.analysed import PARTS, Analysed
from search.postings import Found


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
    """The engine's own, handed all postings of a word at once."""

    def add_postings(self, schema: fields.Schema, _lengths: None, found: Found) -> None:
        for name, words in sorted(found.items()):
            self.start_field(name, schema[name])
            for word in sorted(words):
                documents, weights = words[word]
                self.start_term(word)
                self._fill(documents, weights)
                self.finish_term()
            self.finish_field()

    def _fill(self, documents: "array[int]", weights: "array[float]") -> None:
        """What `add_posting` does for one posting after the other."""
        writer = self._postwriter
        limit = BLOCK_LIMIT
        for start in range(0, len(documents), limit):
            if start:
                writer._write_block()  # noqa: SLF001  the engine's own writer is of one piece
            block = weights[start : start + limit]
            writer._ids.extend(documents[start : start + limit])  # noqa: SLF001  the same
            writer._weights.extend(block)  # noqa: SLF001  the same
            writer._maxweight = max(block)  # noqa: SLF001  the same


BLOCK_LIMIT = 1024

CODEC = Codec(blocklimit=BLOCK_LIMIT, compression=1)
"""Postings are read once and from end to end, so large blocks do; they are smaller by a tenth.

More compression than the least makes them smaller by one in a hundred."""


class Pool:
    """What the engine gathers while documents are added: for each word of a field its postings.

    The engine's own gathers a tuple for each posting and sorts them all; here only words are
    sorted, for documents come in their order. `found` stays when the engine has written it.
    """

    def __init__(self) -> None:
        self.found: dict[str, dict[bytes, tuple[array[int], array[float]]]] = {}

    def add(self, posting: tuple[str, bytes, int, float, bytes]) -> None:
        field, word, document, weight, _ = posting
        words = self.found.setdefault(field, {})
        if (columns := words.get(word)) is None:
            columns = words[word] = array("I"), array("f")
        columns[0].append(document)
        columns[1].append(weight)

    def iter_postings(self) -> Found:
        """For `FieldWriter`, which wants them as they are."""
        return self.found

    def cleanup(self) -> None:
        """The engine has no file of ours to delete."""


class Counts(fields.FieldType):  # type: ignore[misc]  # whoosh ships no types
    """A field that is given its words counted, and so needs no analyser of the engine's."""

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

    def index(self, value: Mapping[str, int], **_options: Any) -> Iterator[Any]:
        for word, count in value.items():
            yield word.encode("utf-8"), count, float(count), b""


def build(langs: Iterable[str]) -> fields.Schema:
    """The schema for documents in these languages (tags such as `de` or `pt-BR`)."""
    schema = fields.Schema(id=fields.STORED(), lang=fields.STORED())
    for base in sorted(set(map(analysis.base, langs))):
        for part in PARTS:
            schema.add(analysed.field(part, base), Counts())
    return schema


def row(article: Analysed) -> dict[str, object]:
    """An article as the fields of `build`; parts without words are left out."""
    document = article.document
    base = analysis.base(document.lang)
    counted: dict[str, object] = {
        analysed.field(part, base): counts for part in PARTS if (counts := article.counts(part))
    }
    # Half a surrogate pair is no text and cannot be encoded.
    name = document.id.encode("utf-8", "replace").decode("utf-8")
    return counted | {"id": name, "lang": document.lang}
