"""The shape of the index: one set of fields for each language, analysed in that language."""

import dataclasses
import json
import zlib
from collections.abc import Iterable, Iterator
from functools import lru_cache, partial
from typing import Any

from whoosh import fields, lang
from whoosh.analysis import Analyzer, Token
from whoosh.lang.stopwords import stoplists

from search import analysis
from search.documents import Document, Section

FORMAT = 1
"""Number of this module's way of writing; raise it whenever an old index would be misread."""

PARTS = ("title", "asked_as", "headings", "tags", "body")
"""The parts of an article that are searched. Each has a field in each language: `title_de`."""

STORED_CHARACTERS = 40_000
"""How much of an article's text is kept for excerpts; all of it is searchable."""

# Whoosh names Norwegian once, its writers name two written standards.
_WHOOSH_NAMES = {"nb": "no", "nn": "no"}


def _stem(name: str, word: str) -> str:
    # A stemmer for each word: Whoosh's Arabic one keeps the word in itself while it works, and
    # two threads in it would mix their words up.
    stemmed: str = lang.stemmer_for_language(name)(word)
    return stemmed


@lru_cache(maxsize=64)
def language(base: str) -> analysis.Language:
    """How a language makes terms; with no stemmer and no stop words where Whoosh has none."""
    name = _WHOOSH_NAMES.get(base, base)
    known = name in lang.languages and lang.has_stemmer(name)
    return analysis.Language(partial(_stem, name) if known else None, stoplists.get(name, ()))


class LanguageAnalyzer(Analyzer):  # type: ignore[misc]  # whoosh ships no types
    """`analysis.Language` as Whoosh wants it. Pickled into the index by the name alone."""

    def __init__(self, base: str) -> None:
        self.base = base

    def __call__(self, value: str, **_modes: Any) -> Iterator[Any]:
        token = Token()
        token.boost = 1.0
        for term in language(self.base).tokens(value):
            token.text = term.text
            yield token


class LineAnalyzer(Analyzer):  # type: ignore[misc]  # whoosh ships no types
    """Each line is one term: exact values that may hold spaces and commas."""

    def __call__(self, value: str, **_modes: Any) -> Iterator[Any]:
        token = Token()
        token.boost = 1.0
        for line in value.split("\n"):
            token.text = line
            yield token


def field(part: str, base: str) -> str:
    return f"{part}_{base}"


def build(langs: Iterable[str]) -> fields.Schema:
    """The schema for documents in these languages (tags such as `de` or `pt-BR`)."""
    schema = fields.Schema(
        stored=fields.STORED(),
        lang=fields.ID(),
        tag=fields.TEXT(analyzer=LineAnalyzer(), phrase=False),
    )
    for base in sorted(set(map(analysis.base, langs))):
        analyzer = LanguageAnalyzer(base)
        for part in PARTS:
            schema.add(field(part, base), fields.TEXT(analyzer=analyzer, phrase=False))
    return schema


def row(document: Document) -> dict[str, object]:
    """A document as the fields of `build`; parts without text are left out."""
    texts = {
        "title": document.title,
        "asked_as": "\n".join(document.asked_as),
        "headings": "\n".join(section.heading for section in document.sections),
        "tags": "\n".join(document.tags),
        "body": "\n".join(section.text for section in document.sections),
    }
    base = analysis.base(document.lang)
    values: dict[str, object] = {
        field(part, base): text for part, text in texts.items() if text.strip()
    }
    if document.tags:
        values["tag"] = "\n".join(tag_term(tag) for tag in document.tags)
    return values | {"lang": document.lang, "stored": _pack(document)}


def tag_term(tag: str) -> str:
    """A tag as it is compared: case, accents and outer spaces do not count."""
    return analysis.fold(" ".join(tag.split()))


def _pack(document: Document) -> bytes:
    kept = dataclasses.replace(document, sections=tuple(_head(document.sections)))
    text = json.dumps(dataclasses.asdict(kept), ensure_ascii=False, separators=(",", ":"))
    # YAML can write half a surrogate pair, which is no text and must not reach an answer.
    return zlib.compress(text.encode("utf-8", "replace"))


def _head(sections: tuple[Section, ...]) -> Iterator[Section]:
    room = STORED_CHARACTERS
    for section in sections:
        if room <= 0:
            return
        yield dataclasses.replace(section, text=section.text[:room])
        room -= len(section.text)


def unpack(stored: bytes) -> Document:
    """The document of a row, its text cut after `STORED_CHARACTERS`."""
    values: dict[str, Any] = json.loads(zlib.decompress(stored))
    for name in ("asked_as", "tags", "breadcrumbs"):
        values[name] = tuple(values[name])
    values["sections"] = tuple(Section(**section) for section in values["sections"])
    return Document(**values)
