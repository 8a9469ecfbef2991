"""One opened version: all its languages, and the search in them."""

import json
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from search import analysis, arrays, languages, opening, query, semantic, sharing
from search.arrays import Array
from search.documents import Hit, Results, Suggestion, Topic
from search.errors import DamagedIndex
from search.query import Query
from search.semantic import Embedder, Vectors
from search.snippets import Snippets
from search.suggestions import Suggestions
from search.tongue import Ranking, Tongue
from search.versions import Version

RECORDS = 4_096
"""Articles of which the record is kept at hand, in each language."""

FEW = 12
"""Words of an ordinary question at most; a title has seldom more."""

_TITLE = 2
"""Place of the title in a record; none where the suggestions hold it."""


class Edition:
    """One opened version, for any number of threads: nothing in it changes.

    The engine's index is not opened: what a search needs was compiled from it.
    """

    def __init__(
        self, version: Version, shelves: Sequence[str], embedder: Embedder | None = None
    ) -> None:
        """Raise `NoIndex` or `DamagedIndex` as `opening.edition_files` does."""
        self.version = version
        # Vectors of another model mean nothing beside those of this one.
        is_of_model = embedder is not None and version.manifest.model == embedder.model
        self._embedder = embedder if is_of_model else None
        self._volumes = {
            base: _opened(base, path, self._embedder)
            for base, path in opening.edition_files(version, shelves).items()
        }
        self._langs = frozenset(version.langs(shelves))
        # Threads that rank at the same time only take the interpreter from one another: with
        # eight of them an answer cost twice its time. So they take turns, but nobody's few words
        # wait for somebody's many, which may take ten times as long. Nor for the model.
        self._few_words, self._many_words = threading.Lock(), threading.Lock()

    def search(
        self,
        words: str,
        *,
        lang: str | None = None,
        tag: str | None = None,
        limit: int = 10,
        offset: int = 0,
    ) -> Results:
        """Answer as `search.reader.Reader.search` promises."""
        self._check()
        asked = query.parse(words)
        page = slice(offset, offset + limit)
        wanted = self._langs if lang is None else analysis.matching(lang, self._langs)
        tag_term = None if tag is None else analysis.tag(tag)
        bases = sorted(set(map(analysis.base, wanted)) & self._volumes.keys())
        meant = self._embedder.question(asked.text) if self._embedder and asked.tokens else None
        found = []
        with self._few_words if len(asked.tokens) <= FEW else self._many_words:
            for base in bases:
                volume = self._volumes[base]
                allowed = volume.allowed(wanted, tag_term)
                # Several languages are one list, so each may have to give all of the page.
                reach = page if len(bases) == 1 else slice(0, page.stop)
                near = volume.nearness(meant, allowed)
                ranking = volume.tongue.rank(asked.tokens, allowed=allowed, page=reach, near=near)
                if ranking is not None:
                    found.append((volume, volume.opened(ranking, meant)))
            if len(found) == 1:
                return _results(asked, *found[0])
            return _merged(asked, found, page)

    def suggest(
        self, words: str, *, lang: str | None = None, limit: int = 8
    ) -> tuple[Suggestion, ...]:
        """Answer as `search.reader.Reader.suggest` promises."""
        self._check()
        wanted = self._langs if lang is None else analysis.matching(lang, self._langs)
        asked = [token.text for token in query.parse(words).tokens]
        found = [
            suggestion
            for base in sorted(set(map(analysis.base, wanted)) & self._volumes.keys())
            for suggestion in self._volumes[base].suggest(asked, wanted, limit)
        ]
        return tuple(found[:limit])

    def _check(self) -> None:
        if not all(volume.is_whole for volume in self._volumes.values()):
            raise DamagedIndex(f"{self.version.path}: shortened while it was open. Build again.")


class _Volume:
    """The articles of one language, opened: ranking, excerpts and records."""

    def __init__(
        self, base: str, opened: Mapping[str, Array], vectors: Vectors | None = None
    ) -> None:
        self._vectors = vectors
        self.tongue = Tongue(opened, languages.language(base))
        self.snippets = Snippets(opened, self.tongue.surfaces)
        self._suggestions = Suggestions(opened)
        self._records = memoryview(opened["records"].data)
        self._records_at = opened["records_at"]
        self._lang = opened["lang"]
        tables: dict[str, Any] = json.loads(opened["tables"].tobytes())
        self._langs: list[str] = tables["langs"]
        self._tags: dict[str, list[int]] = tables["tags"]
        self.record = lru_cache(maxsize=RECORDS)(self._record)

    @property
    def is_whole(self) -> bool:
        return arrays.is_whole(self._lang)

    def allowed(self, langs: frozenset[str], tag_term: str | None) -> Array | None:
        """Which articles are in one of these languages and have this tag; None for all."""
        allowed = None
        if not langs.issuperset(self._langs):
            numbers = [number for number, lang in enumerate(self._langs) if lang in langs]
            allowed = np.isin(self._lang, numbers)
        if tag_term is not None:
            tagged = np.zeros(self.tongue.size, dtype=np.bool_)
            tagged[self._tags.get(tag_term, [])] = True
            allowed = tagged if allowed is None else allowed & tagged
        return allowed

    def nearness(self, meant: Array | None, allowed: Array | None) -> Array | None:
        """How near each allowed article is to what was meant, if that is known."""
        if meant is None or self._vectors is None:
            return None
        near = self._vectors.nearness(meant)
        return near if allowed is None else near * allowed

    def opened(self, ranking: Ranking, meant: Array | None) -> Ranking:
        """A ranking with the sections that speak for articles found by their meaning alone."""
        if meant is None or self._vectors is None or not ranking.wordless:
            return ranking
        nearest = self._vectors.nearest_section
        return replace(
            ranking, openings={number: nearest(meant, number) for number in ranking.wordless}
        )

    def hits(self, ranking: Ranking) -> list[Hit]:
        excerpts = self.snippets.excerpts(ranking.documents, ranking.owners)
        for place, number in enumerate(ranking.documents):
            if number in ranking.openings:
                excerpts[place] = self.snippets.opening(number, ranking.openings[number])
        return [
            self.record(number).hit(score, excerpt.html, excerpt.section)
            for number, score, excerpt in zip(
                ranking.documents, ranking.scores, excerpts, strict=True
            )
        ]

    def suggest(
        self, words: Sequence[str], langs: frozenset[str], limit: int
    ) -> Iterator[Suggestion]:
        allowed = self.allowed(langs, None)
        for number, text in self._suggestions.find(words, limit=limit, allowed=allowed):
            record = self.record(number)
            yield Suggestion(text, record.id, record.lang, record.url)

    def topic(self, number: int) -> Topic:
        record = self.record(number)
        return Topic(record.id, record.lang, record.title, record.url)

    def _record(self, number: int) -> "_Record":
        start, end = self._records_at[number], self._records_at[number + 1]
        values: list[Any] = json.loads(bytes(self._records[start:end]))
        if values[_TITLE] is None:
            values[_TITLE] = self._suggestions.title(number)
        values = [tuple(each) if isinstance(each, list) else each for each in values]
        return _Record(*values)


def _opened(base: str, path: Path, embedder: Embedder | None) -> _Volume:
    """A language, opened once for all editions that read the same files of it.

    Where all its articles are on one shelf, whoever sees more shelves reads no others.
    """
    files = [path, path.with_suffix(semantic.SUFFIX)] if embedder else [path]
    return sharing.opened(files, (base, id(embedder)), lambda: _read(base, path, embedder))


def _read(base: str, path: Path, embedder: Embedder | None) -> _Volume:
    try:
        vectors = None
        if embedder:
            vectors = Vectors(arrays.load(path.with_suffix(semantic.SUFFIX)), embedder)
        return _Volume(base, arrays.load(path), vectors)
    except KeyError as error:  # another release wrote other arrays, and its number was not raised
        raise DamagedIndex(f"{path}: has no array {error}. Build again.") from error


@dataclass(frozen=True, slots=True)
class _Record:
    """What every hit of an article tells, in the order in which it is stored."""

    id: str
    lang: str
    title: str
    url: str
    tags: tuple[str, ...]
    breadcrumbs: tuple[str, ...]
    kind: str
    updated: str | None
    anchors: tuple[str, ...]

    def hit(self, score: float, excerpt: str, section: int) -> Hit:
        return Hit(
            id=self.id,
            lang=self.lang,
            title=self.title,
            url=self.url,
            anchor=self.anchors[section] if self.anchors else "",
            excerpt=excerpt,
            score=round(score, 6),
            tags=self.tags,
            breadcrumbs=self.breadcrumbs,
            kind=self.kind,
            updated=self.updated,
        )


def _results(asked: Query, volume: _Volume, ranking: Ranking) -> Results:
    return Results(
        query=asked.text,
        total=ranking.total,
        hits=tuple(volume.hits(ranking)),
        corrected=asked.rewritten(ranking.mended) if ranking.mended and ranking.total else None,
        likelier=asked.rewritten(ranking.likelier) if ranking.likelier else None,
        nearest=tuple(volume.topic(number) for number in ranking.nearest),
    )


def _merged(asked: Query, found: Sequence[tuple[_Volume, Ranking]], page: slice) -> Results:
    """The answer from several languages; what is said of spellings is said by the best one."""
    every = [
        (-score, volume.record(number).id, volume.record(number).lang, place, row)
        for place, (volume, ranking) in enumerate(found)
        for row, (number, score) in enumerate(zip(ranking.documents, ranking.scores, strict=True))
    ]
    if not every:
        topics = [volume.topic(number) for volume, ranking in found for number in ranking.nearest]
        return Results(query=asked.text, total=0, nearest=tuple(topics[:3]))
    every.sort()
    best = _results(asked, *_part(found[every[0][3]], []))
    hits: dict[tuple[int, int], Hit] = {}
    shown = every[page]
    for place, pair in enumerate(found):
        rows = [row for _, _, _, of, row in shown if of == place]
        volume, ranking = _part(pair, rows)
        for row, hit in zip(rows, volume.hits(ranking), strict=True):
            hits[place, row] = hit
    return Results(
        query=asked.text,
        total=sum(ranking.total for _, ranking in found),
        hits=tuple(hits[place, row] for _, _, _, place, row in shown),
        corrected=best.corrected,
        likelier=best.likelier,
    )


def _part(pair: tuple[_Volume, Ranking], rows: Sequence[int]) -> tuple[_Volume, Ranking]:
    volume, ranking = pair
    documents = [ranking.documents[row] for row in rows]
    return volume, replace(
        ranking, documents=documents, scores=[ranking.scores[row] for row in rows]
    )
