"""How relevant the search is, beside plain BM25, on judged collections.

    python -m benchmarks.relevance [--semantic] DIR…
    python -m benchmarks.relevance --tune ROUNDS DIR…

Prints nDCG@10 for each collection. Plain BM25 is bm25s (Lucene's variant, k1 1.2, b .75) over
title and text joined, with Snowball stems and without stop words. `--semantic` adds this search
with the extra of that name, which must be installed, and the milliseconds that a new question
waits for it. `--tune` tries that many variations of the formula (a seeded walk), and says what
leaving one collection out each time would have chosen and earned.
"""

import argparse
import random
import re
import statistics
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import bm25s
import Stemmer
from whoosh.lang.stopwords import stoplists

from search import (
    analysed,
    compilation,
    embedding,
    gathering,
    index,
    judged,
    languages,
    measures,
    postings,
    query,
    semantic,
)
from search.arrays import Array
from search.compilation import Shelves
from search.formula import FORMULA, Formula
from search.judged import Collection, Query
from search.semantic import Embedder, Stock, Vectors
from search.tongue import Tongue

_KEY = b"only for this run"

SPACE: dict[str, Sequence[float]] = {
    "head": (1.5, 2.0, 2.5, 3.0, 3.5),
    "head_saturation": (0.3, 0.6, 1.0, 2.0),
    "head_length": (0.0, 0.2, 0.4, 0.6, 0.8),
    "body_saturation": (1.0, 1.5, 2.0, 2.5, 3.0, 4.0),
    "body_length": (0.4, 0.5, 0.6, 0.7, 0.8),
    "stems": (1.0, 1.5, 2.0, 3.0, 4.0),
    "pairs": (0.0, 1.0, 2.0, 3.0),
    "stop_words": (0.2, 0.3, 0.4, 0.5),
}


def lang_of(collection: Collection) -> str:
    """The language of a collection, which is that of its articles."""
    return collection.documents[0].lang


def gain(ranked: Sequence[str], asked: Query) -> float:
    """nDCG@10 of one query, without the articles that it leaves out."""
    return measures.ndcg([name for name in ranked if name not in asked.excluded], asked.grades)


def judged_queries(collection: Collection) -> list[Query]:
    return [asked for asked in collection.queries if asked.is_judged]


def plain(collection: Collection) -> list[float]:
    """nDCG@10 of each query with plain BM25."""
    stemmer = Stemmer.Stemmer(lang_of(collection))
    stop_words = stoplists.get(lang_of(collection), frozenset())

    def terms(text: str) -> list[str]:
        words = [word for word in re.findall(r"\w+", text.lower()) if word not in stop_words]
        return list(stemmer.stemWords(words))

    texts = [f"{each.title} {each.sections[0].text}".strip() for each in collection.documents]
    engine = bm25s.BM25(method="lucene", k1=1.2, b=0.75)
    engine.index([terms(text) for text in texts], show_progress=False)
    gains = []
    for each in judged_queries(collection):
        known = [term for term in terms(each.text) if term in engine.vocab_dict]
        scores = engine.get_scores(known) if known else []
        order = sorted(range(len(scores)), key=lambda number: (-scores[number], number))
        ranked = [collection.documents[number].id for number in order if scores[number] > 0]
        gains.append(gain(ranked, each))
    return gains


class Prepared:
    """A collection in the engine's index, to be compiled with any formula."""

    def __init__(
        self, collection: Collection, root: Path, embedder: Embedder | None = None
    ) -> None:
        self.collection = collection
        self._embedder = embedder
        ordered = analysed.ordered(collection.documents)
        articles = [analysed.analyse(document) for document in ordered]
        with index.begin(root, "judged", key=_KEY) as draft:
            draft.write_shelf("public", ordered)
            version = draft.publish()
        self._language = languages.language(lang_of(collection))
        reader = index.open_shelves(version, ["public"])
        numbers, self._documents = compilation.numbered(lang_of(collection), [ordered])
        self._postings = postings.read([reader], lang_of(collection), numbers)
        self._shelves = Shelves([], [gathering.gathered(articles)], numbers, self._documents)
        reader.close()
        self.waited: list[float] = []
        self._vectors: Vectors | None = None
        if embedder is not None:
            compiled = semantic.compiled(self._documents, Stock(embedder))
            self._vectors = Vectors(compiled, embedder)

    def gains(self, formula: Formula = FORMULA) -> list[float]:
        """nDCG@10 of each query with this search."""
        tongue = self.tongue(formula)
        return [
            gain(self.ranked(tongue, each.text), each) for each in judged_queries(self.collection)
        ]

    def gains_by_meaning(self) -> list[float]:
        """The same with words and meaning; notes in `waited` the seconds for each question."""
        tongue = self.tongue(FORMULA)
        gains = []
        for each in judged_queries(self.collection):
            since = time.perf_counter()
            near = self.near(each.text)
            self.waited.append(time.perf_counter() - since)
            gains.append(gain(self.ranked(tongue, each.text, near), each))
        return gains

    def near(self, text: str) -> Array | None:
        """How near each article is to a question; None without the extra."""
        meant = self._embedder.question(text) if self._embedder else None
        return self._vectors.nearness(meant) if self._vectors and meant is not None else None

    def found(self) -> float | None:
        """The share of queries without an answer for which something is found."""
        tongue = self.tongue(FORMULA)
        unanswerable = [each for each in self.collection.queries if each.is_unanswerable]
        if not unanswerable:
            return None
        return statistics.mean(
            bool(self.ranked(tongue, each.text, self.near(each.text))) for each in unanswerable
        )

    def tongue(self, formula: Formula) -> Tongue:
        compiled = compilation.compiled_language(
            self._postings, self._shelves, self._language, formula
        )
        return Tongue(compiled, self._language, formula)

    def ranked(self, tongue: Tongue, text: str, near: Array | None = None) -> list[str]:
        tokens = query.parse(text).tokens
        found = tongue.rank(tokens, allowed=None, page=slice(0, 30), near=near)
        numbers = found.documents if found else ()
        return [self._documents[number].id for number in numbers]


@contextmanager
def prepared(
    folders: Sequence[Path], embedder: Embedder | None = None
) -> Iterator[Iterator[Prepared]]:
    """One after the other, as they are asked for."""
    with tempfile.TemporaryDirectory() as root:
        yield (Prepared(judged.read(each), Path(root) / each.name, embedder) for each in folders)


def report(collections: Iterable[Prepared]) -> None:
    print(f"{'collection':28} {'BM25':>6} {'this':>6} {'gain':>7}  unanswered, yet found")
    totals: list[tuple[float, float]] = []
    for each in collections:
        name = each.collection.name
        row = statistics.mean(plain(each.collection)), statistics.mean(each.gains())
        totals.append(row)
        found = each.found()
        said = "" if found is None else f"{found:.0%}"
        print(f"{name:28} {row[0]:6.3f} {row[1]:6.3f} {row[1] - row[0]:+7.3f}  {said}", flush=True)
    before, after = (statistics.mean(column) for column in zip(*totals, strict=True))
    print(f"{'mean':28} {before:6.3f} {after:6.3f} {after - before:+7.3f}")


def report_by_meaning(collections: Iterable[Prepared]) -> None:
    """With the third column, and how long a question that is new waits for its vector."""
    print(f"{'collection':28} {'BM25':>6} {'words':>6} {'both':>6} {'gain':>7}  ms, yet found")
    totals: list[tuple[float, float, float]] = []
    for each in collections:
        gains = plain(each.collection), each.gains(), each.gains_by_meaning()
        before, words, both = row = tuple(map(statistics.mean, gains))
        totals.append((before, words, both))
        wait = 1000 * statistics.median(each.waited)
        found = each.found()
        said = "" if found is None else f"{found:.0%}"
        figures = " ".join(f"{figure:6.3f}" for figure in row)
        name = each.collection.name
        print(f"{name:28} {figures} {both - before:+7.3f}  {wait:.0f} {said}", flush=True)
    before, words, both = (statistics.mean(column) for column in zip(*totals, strict=True))
    print(f"{'mean':28} {before:6.3f} {words:6.3f} {both:6.3f} {both - before:+7.3f}")


def tune(collections: Sequence[Prepared], rounds: int) -> None:
    """Walk from the present formula to better ones; print the best and the cross-validation.

    1. Each round changes two constants of the best so far, or all of them; 2. what counts is
    the mean over the collections, less what any falls below plain BM25 by more than .005;
    3. for each collection, the formula that is best on all others is scored on it alone.
    """
    plain_means = [statistics.mean(plain(each.collection)) for each in collections]
    walk = random.Random(1)  # noqa: S311  # repeatable, not secret
    tried: list[tuple[Formula, list[float]]] = []
    best = FORMULA
    for number in range(rounds):
        if number:
            keys = list(SPACE) if walk.random() < 0.2 else walk.sample(list(SPACE), 2)
            best_so_far = max(tried, key=lambda pair: _worth(pair[1], plain_means))[0]
            changes: dict[str, Any] = {key: walk.choice(SPACE[key]) for key in keys}
            best = replace(best_so_far, **changes)
        tried.append((best, [statistics.mean(each.gains(best)) for each in collections]))
        means = tried[-1][1]
        print(number, f"{statistics.mean(means):.4f} {_worth(means, plain_means):.4f}", flush=True)
    chosen, means = max(tried, key=lambda pair: _worth(pair[1], plain_means))
    print({each.name: getattr(chosen, each.name) for each in fields(chosen)})
    print(" ".join(f"{mean:.3f}" for mean in means), f"mean {statistics.mean(means):.4f}")
    left_out = []
    for place in range(len(collections)):
        rest = [row for row in range(len(collections)) if row != place]
        _, means = max(
            tried,
            key=lambda pair: _worth([pair[1][row] for row in rest], [plain_means[r] for r in rest]),
        )
        left_out.append(means[place])
    print(" ".join(f"{mean:.3f}" for mean in left_out), end=" ")
    print(f"mean of each left out {statistics.mean(left_out):.4f}")


def _worth(means: Sequence[float], plain_means: Sequence[float]) -> float:
    worst = min(mean - plain for mean, plain in zip(means, plain_means, strict=True))
    return statistics.mean(means) + min(0.0, worst + 0.005)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--semantic", action="store_true", help="with the extra of that name")
    parser.add_argument("--tune", type=int, default=0, metavar="ROUNDS")
    parser.add_argument("folders", nargs="+", type=Path, metavar="DIR")
    options = parser.parse_args()
    if options.semantic:
        with (
            embedding.start(patience=60.0, threads=1) as embedder,
            prepared(options.folders, embedder) as collections,
        ):
            report_by_meaning(collections)
        return
    with prepared(options.folders) as collections:
        if options.tune:
            tune(list(collections), options.tune)
        else:
            report(collections)


if __name__ == "__main__":
    main()
