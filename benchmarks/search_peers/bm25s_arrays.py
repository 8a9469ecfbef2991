"""bm25s: finished scores in sparse arrays."""

import json
import re
from collections.abc import Sequence
from pathlib import Path

import bm25s
import Stemmer

from benchmarks.search_peers.articles import text
from benchmarks.search_peers.engines import LANGUAGES, TITLE_WEIGHT, TOP, Ask
from search.documents import Document

_BESIDE = "beside.json"
_WORDS = re.compile(r"\w\w+")


def build(articles: Sequence[Document], folder: Path) -> None:
    lang = articles[0].lang
    stop_words = _stop_words(lang)
    texts = [f"{TITLE_WEIGHT * (each.title + ' ')}{text(each)}" for each in articles]
    stemmer = Stemmer.Stemmer(LANGUAGES[lang])
    tokens = bm25s.tokenize(texts, stopwords=stop_words, stemmer=stemmer, show_progress=False)
    engine = bm25s.BM25(method="lucene", k1=1.2, b=0.75)
    engine.index(tokens, show_progress=False)
    folder.mkdir()
    engine.save(folder, show_progress=False)
    beside = {"titles": [each.title for each in articles], "stop_words": stop_words}
    (folder / _BESIDE).write_text(json.dumps(beside), encoding="utf-8")


def load(folder: Path, lang: str) -> Ask:
    engine = bm25s.BM25.load(folder, show_progress=False)
    beside = json.loads((folder / _BESIDE).read_text(encoding="utf-8"))
    titles, stop_words = beside["titles"], frozenset(beside["stop_words"])
    stem = Stemmer.Stemmer(LANGUAGES[lang]).stemWords

    def ask(text: str) -> list[str]:
        # What bm25s.tokenize does for many texts, without its preparations for one.
        words = stem([word for word in _WORDS.findall(text.lower()) if word not in stop_words])
        if not words:
            return []
        found, scores = engine.retrieve([words], k=min(TOP, len(titles)), show_progress=False)
        return [
            titles[number] for number, score in zip(found[0], scores[0], strict=True) if score > 0
        ]

    return ask


def _stop_words(lang: str) -> list[str]:
    from whoosh.lang.stopwords import stoplists  # noqa: PLC0415  not for the process that asks

    return sorted(stoplists[lang])
