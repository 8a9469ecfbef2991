"""Regression queries: what is found for them in one version, and what is lost against another."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from answerloop import installation, queries_yml
from answerloop.catalog import Catalog
from answerloop.errors import Finding, Level
from answerloop.queries_yml import Expectation
from answerloop.settings import Settings
from search import measures
from search.documents import Hit
from search.edition import Edition
from search.evaluation import Searcher
from search.semantic import Embedder
from search.versions import Version

# As deep as a lost article is looked for, to say where it went.
DEPTH = queries_yml.MAX_RANK


@dataclass(frozen=True, slots=True)
class Answer:
    """The first hits for an expectation; `rank` of its article counts from 1, None if absent."""

    expectation: Expectation
    rank: int | None
    hits: tuple[Hit, ...]

    @property
    def is_lost(self) -> bool:
        return self.rank is None or self.rank > self.expectation.rank


def ask(
    version: Version,
    expectations: Iterable[Expectation],
    public: Iterable[tuple[str, str]],
    embedder: Embedder | None = None,
) -> Iterator[Answer]:
    """The answers of a version, published or not yet, in the order of the expectations.

    `public` are id and language of every article with a public page. What is not among them is
    asked for as staff do, in public and internal articles together. Raises `NoIndex` and
    `DamagedIndex`. `embedder` is the model that readers have, if any.
    """
    known = frozenset(public)
    ids = {name for name, _ in known}
    readers = Edition(version, (installation.PUBLIC,), embedder)
    staff = Edition(version, (installation.PUBLIC, installation.INTERNAL), embedder)
    for expected in expectations:
        pair = (expected.article, expected.lang or "")
        is_public = pair in known or (not expected.lang and expected.article in ids)
        yield _answer(readers if is_public else staff, expected)


def _answer(searcher: Searcher, expected: Expectation) -> Answer:
    for limit in (max(expected.rank, measures.DEPTH), DEPTH):
        hits = searcher.search(expected.query, lang=expected.lang, limit=limit).hits
        for rank, hit in enumerate(hits, start=1):
            if hit.id == expected.article:
                return Answer(expected, rank, hits)
    return Answer(expected, None, hits)


def findings(answers: Sequence[Answer], before: Sequence[Answer]) -> tuple[Finding, ...]:
    """An error for each lost query: its rank now and before, and who is above it now.

    `before` are answers to the same expectations by the version in use, empty without one.
    """
    earlier = {answer.expectation: answer for answer in before}
    return tuple(
        Finding(
            PurePosixPath(queries_yml.FILE_NAME),
            answer.expectation.line,
            Level.ERROR,
            _lost(answer, earlier.get(answer.expectation)),
            "Mend the articles, or change this entry.",
        )
        for answer in answers
        if answer.is_lost
    )


def _lost(answer: Answer, before: Answer | None) -> str:
    expected = answer.expectation
    place = "the first" if expected.rank == 1 else f"among the first {expected.rank}"
    return (
        f"`{expected.query}` must find `{expected.article}` {place}, but it is "
        f"{_ranked(answer)}{_earlier(before)}.{_above(answer)}"
    )


def _ranked(answer: Answer) -> str:
    if answer.rank is not None:
        return f"number {answer.rank}"
    return f"not among the first {DEPTH}" if answer.hits else "not found"


def _earlier(before: Answer | None) -> str:
    return f" (in the version in use: {_ranked(before)})" if before else ""


def _above(answer: Answer) -> str:
    """Who stands where the article was expected."""
    wanted = answer.expectation.rank
    names = dict.fromkeys(f"`{hit.id}`" for hit in answer.hits[:wanted])
    return f" Above it now: {', '.join(names)}." if names else " Nothing is found for it."


def lost(
    version: Version, settings: Settings, catalog: Catalog, embedder: Embedder | None
) -> tuple[Finding, ...]:
    """An error for each regression query that the new index would lose."""
    # What cannot be read, or names no article, `lint` has told already.
    expectations, _ = queries_yml.read(settings.root / queries_yml.FILE_NAME)
    expectations = tuple(each for each in expectations if each.article in catalog.by_id)
    if not expectations:
        return ()
    public = [(article.id, article.lang) for article in catalog.published]
    answers = tuple(ask(version, expectations, public, embedder))
    gone = [answer.expectation for answer in answers if answer.is_lost]
    current = installation.current_version(settings) if gone else None
    before = tuple(ask(current, gone, public, embedder)) if current else ()
    return findings(answers, before)
