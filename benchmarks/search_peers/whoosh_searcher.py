"""Whoosh's own index and searcher, without this product."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from whoosh import analysis, fields
from whoosh import index as whoosh_index
from whoosh.qparser import MultifieldParser, OrGroup, WhitespacePlugin

from benchmarks.search_peers.articles import text
from benchmarks.search_peers.engines import TITLE_WEIGHT, TOP, Ask
from search.documents import Document

_MEGABYTES = 512
"""For the writer: enough that the index is written as one segment."""


def build(articles: Sequence[Document], folder: Path) -> None:
    lang = articles[0].lang
    schema = fields.Schema(
        title=fields.TEXT(analyzer=_analyser(lang), stored=True),
        body=fields.TEXT(analyzer=_analyser(lang)),
    )
    folder.mkdir()
    with whoosh_index.create_in(folder, schema).writer(limitmb=_MEGABYTES) as writer:
        for article in articles:
            writer.add_document(title=article.title, body=text(article))


def load(folder: Path, lang: str) -> Ask:
    return searcher(folder, lang, optimize=True)


def searcher(folder: Path, _lang: str, *, optimize: bool) -> Ask:
    opened = whoosh_index.open_dir(folder, readonly=True)
    asked = opened.searcher()
    # Plain words: none of the parser's plugins but the one that sees spaces.
    parser = MultifieldParser(
        ["title", "body"],
        opened.schema,
        fieldboosts={"title": float(TITLE_WEIGHT)},
        group=OrGroup,
        plugins=[WhitespacePlugin()],
    )

    def ask(text: str) -> list[str]:
        hits = asked.search(parser.parse(text), limit=TOP, optimize=optimize)
        return [hit["title"] for hit in hits]

    return ask


def _analyser(lang: str) -> Any:
    if lang == "en":
        return analysis.StemmingAnalyzer(cachesize=-1)
    return analysis.LanguageAnalyzer(lang, cachesize=-1)
