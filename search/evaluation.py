"""A search put to the queries of a judged collection: rankings, a report, a run file."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from search import measures
from search.documents import Document, Results
from search.judged import Query
from search.measures import Estimate

RUN_NAME = "answerloop"

# trec_eval orders a run by score and keeps scores in single precision.
_STEP = 0.00001


class Searcher(Protocol):
    """What is put to the test; `search.reader.Reader` is one."""

    def search(self, words: str, *, lang: str | None = None, limit: int = 10) -> Results: ...


@dataclass(frozen=True, slots=True)
class Ranking:
    """At most ten documents for a query, best first, excluded ones dropped, with their scores."""

    query: Query
    ids: tuple[str, ...]
    scores: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Share:
    """`count` of `total`."""

    count: int
    total: int


@dataclass(frozen=True, slots=True)
class Report:
    """What rankings are worth.

    `means` are over the queries that have a relevant document, empty if there is none; `judged`
    is their number. `silent` says how many queries without an answer found nothing, as they
    should, `speechless` how many found nothing although there is an answer. `unjudged` queries
    have neither a relevant document nor the mark that there is none, and count nowhere.
    """

    means: Mapping[str, Estimate]
    judged: int
    silent: Share
    speechless: Share
    unjudged: int


def rank(
    searcher: Searcher, queries: Iterable[Query], documents: Sequence[Document]
) -> Iterator[Ranking]:
    """The ranking of each query, in their order.

    A query is asked in its own language, as on a page in that language, unless no document is in
    it. As many hits are asked for as leave ten when the excluded ones are gone; a document that
    comes in several languages counts where it comes first.
    """
    languages = {_base(document.lang) for document in documents}
    copies = max(Counter(document.id for document in documents).values(), default=1)
    for query in queries:
        lang = query.lang if query.lang and _base(query.lang) in languages else None
        limit = (measures.DEPTH + len(query.excluded)) * copies
        found = searcher.search(query.text, lang=lang, limit=limit)
        scores: dict[str, float] = {}
        for hit in found.hits:
            if hit.id not in query.excluded:
                scores.setdefault(hit.id, hit.score)
        first = tuple(scores.items())[: measures.DEPTH]
        yield Ranking(query, tuple(name for name, _ in first), tuple(score for _, score in first))


def _base(lang: str) -> str:
    return lang.replace("_", "-").partition("-")[0].lower()


def report(rankings: Sequence[Ranking]) -> Report:
    judged = [ranking for ranking in rankings if ranking.query.is_judged]
    unanswerable = [ranking for ranking in rankings if ranking.query.is_unanswerable]
    return Report(
        means={
            name: measures.estimate([measure(each.ids, each.query.grades) for each in judged])
            for name, measure in measures.ALL.items()
            if judged
        },
        judged=len(judged),
        silent=_silent(unanswerable),
        speechless=_silent(judged),
        unjudged=len(rankings) - len(judged) - len(unanswerable),
    )


def _silent(rankings: Sequence[Ranking]) -> Share:
    return Share(sum(not ranking.ids for ranking in rankings), len(rankings))


def run(rankings: Iterable[Ranking]) -> Iterator[str]:
    """The lines of a TREC run: `query Q0 document rank score tag`, with one blank between.

    A query without a hit has no line. Equal scores are made to fall a little: trec_eval takes
    the order from the scores, not from the ranks. An id that holds blanks is written as it is;
    it ends before the last three words of its line.
    """
    for ranking in rankings:
        below = float("inf")
        for place, (name, score) in enumerate(zip(ranking.ids, ranking.scores, strict=True), 1):
            below = min(score, below - _STEP)
            yield f"{ranking.query.id} Q0 {name} {place} {below:.6f} {RUN_NAME}"
