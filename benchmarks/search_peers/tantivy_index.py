"""tantivy, a compiled engine, through its Python package."""

from collections.abc import Sequence
from pathlib import Path

import tantivy

from benchmarks.search_peers.articles import text
from benchmarks.search_peers.engines import LANGUAGES, TITLE_WEIGHT, TOP, Ask
from search.documents import Document

_ANALYSER = "stemmed"
_HEAP = 512_000_000
"""Enough that the index is written as one segment."""


def build(articles: Sequence[Document], folder: Path) -> None:
    fields = tantivy.SchemaBuilder()
    fields.add_text_field("title", stored=True, tokenizer_name=_ANALYSER)
    fields.add_text_field("body", stored=False, tokenizer_name=_ANALYSER)
    folder.mkdir()
    index = tantivy.Index(fields.build(), path=str(folder))
    _register(index, articles[0].lang)
    writer = index.writer(_HEAP, 1)
    for article in articles:
        writer.add_document(tantivy.Document(title=article.title, body=text(article)))
    writer.commit()
    writer.wait_merging_threads()


def load(folder: Path, lang: str) -> Ask:
    index = tantivy.Index.open(str(folder))
    _register(index, lang)
    searcher = index.searcher()
    fields, weights = ["title", "body"], {"title": float(TITLE_WEIGHT)}

    def ask(text: str) -> list[str]:
        query = index.parse_query(text, fields, field_boosts=weights)
        found = searcher.search(query, TOP, count=False).hits
        return [searcher.doc(address)["title"][0] for _, address in found]

    return ask


def _register(index: tantivy.Index, lang: str) -> None:
    analyser = (
        tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
        .filter(tantivy.Filter.remove_long(40))
        .filter(tantivy.Filter.lowercase())
        .filter(tantivy.Filter.stemmer(LANGUAGES[lang]))
        .build()
    )
    index.register_tokenizer(_ANALYSER, analyser)
