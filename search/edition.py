"""One opened version: a pool of the engine's readers, and the search in it."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from search import analysis, index, ranking, schema, snippets
from search.documents import Hit, Results
from search.query import Query
from search.ranking import Question
from search.versions import Version

MAX_TERMS = 48
"""Terms looked up for one query and language; scripts without spaces make many of one word."""


class Edition:
    """One opened version. `users`, `retired` and `close_unused` belong to its owner's lock.

    Whoosh's readers keep a position in their files, so each serves one search at a time: two
    threads in one of them get wrong answers without an error.
    """

    def __init__(self, version: Version, shelves: Sequence[str]) -> None:
        """Raise `NoIndex` or `DamagedIndex` as `index.open_shelves` does."""
        self.version = version
        self.users = 0
        self.retired = False
        self._shelves = shelves
        self._idle = [index.open_shelves(version, shelves)]
        self._langs = version.langs(shelves)

    def close_unused(self) -> None:
        if self.retired and not self.users:
            while self._idle:
                self._idle.pop().close()

    def search(self, asked: Query, *, lang: str | None, tag: str | None, page: slice) -> Results:
        """Answer as `search.reader.Reader.search` promises."""
        langs = frozenset(self._langs)
        wanted = langs if lang is None else analysis.matching(lang, langs)
        questions = self._questions(asked, wanted)
        with self._reader() as reader:
            ranked = ranking.rank(reader, questions)
            if wanted != langs:
                ranked = _only(ranked, _having(reader, "lang", wanted))
            if tag is not None:
                ranked = _only(ranked, _having(reader, "tag", [schema.tag_term(tag)]))
            terms = {question.base: question.terms for question in questions}
            hits = tuple(_hit(reader, number, score, terms) for number, score in ranked[page])
        return Results(query=asked.text, total=len(ranked), hits=hits)

    @contextmanager
    def _reader(self) -> Iterator[Any]:
        try:
            reader = self._idle.pop()
        except IndexError:
            reader = index.open_shelves(self.version, self._shelves)
        try:
            yield reader
        finally:
            self._idle.append(reader)

    def _questions(self, asked: Query, langs: frozenset[str]) -> list[Question]:
        documents: Counter[str] = Counter()
        for lang, number in self._langs.items():
            documents[analysis.base(lang)] += number
        return [
            Question(
                base=base,
                terms=schema.language(base).terms(asked.words, limit=MAX_TERMS),
                documents=documents[base],
            )
            for base in sorted(set(map(analysis.base, langs)))
        ]


def _having(reader: Any, field: str, values: Iterable[str]) -> set[int]:
    return {
        number
        for value in values
        if (field, value) in reader
        for number in reader.postings(field, value).all_ids()
    }


def _only(ranked: list[tuple[int, float]], allowed: set[int]) -> list[tuple[int, float]]:
    return [(number, score) for number, score in ranked if number in allowed]


def _hit(reader: Any, number: int, score: float, terms: Mapping[str, Sequence[str]]) -> Hit:
    document = schema.unpack(reader.stored_fields(number)["stored"])
    base = analysis.base(document.lang)
    found = snippets.excerpt(document.sections, terms[base], schema.language(base))
    return Hit(
        id=document.id,
        lang=document.lang,
        title=document.title,
        url=document.url,
        anchor=found.anchor,
        excerpt=found.html,
        score=round(score, 6),
        tags=document.tags,
        breadcrumbs=document.breadcrumbs,
        kind=document.kind,
        updated=document.updated,
    )
