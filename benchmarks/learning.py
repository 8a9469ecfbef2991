"""What accepted phrases are worth to readers who ask in other words.

    python -m benchmarks.learning DIR…

A collection needs several queries an article. Half of each article's queries are searched by three
readers each, who open the article; the proposals that follow are accepted, at most 1, 2 or 4 an
article; then the other half is asked. Several seeds decide the halves. The proposals come from the
functions that `kb learn` uses, once as it makes them by default and once with `--also-found`.
"""

import argparse
import random
import statistics
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from answerloop import proposals
from answerloop.reduction import Reduction, Vocabulary
from feedback import arrivals, wordings
from feedback.model import ArticleId, ArticleKey, Opened, Search
from search import index, judged, measures
from search.documents import Document
from search.edition import Edition
from search.judged import Collection, Query

SEEDS = 5
MEASURES = {"nDCG@10": measures.ndcg, "success@1": measures.success}

_START = datetime(2026, 11, 3, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Offer:
    """What is proposed, and at once accepted."""

    per_article: int
    also_found: bool = False


OFFERS = (Offer(0), *(Offer(most, also) for also in (False, True) for most in (1, 2, 4)))


@dataclass(frozen=True, slots=True)
class Split:
    """The queries of each article that readers searched, and those that nobody did yet."""

    searched: Mapping[str, Sequence[Query]]
    held_out: Mapping[str, Sequence[Query]]


def split(collection: Collection, seed: int) -> Split:
    """Halves of the queries that have one relevant article, for articles with two and more."""
    by_article: dict[str, list[Query]] = defaultdict(list)
    for query in collection.queries:
        relevant = [name for name, grade in query.grades.items() if grade > 0]
        if len(relevant) == 1:
            by_article[relevant[0]].append(query)
    dice = random.Random(seed)  # noqa: S311  repeatable, not secret
    searched, held_out = {}, {}
    for article, queries in sorted(by_article.items()):
        if len(queries) > 1:
            mixed = dice.sample(queries, len(queries))
            searched[article], held_out[article] = mixed[::2], mixed[1::2]
    return Split(searched, held_out)


def log(searched: Mapping[str, Sequence[Query]], lang: str) -> list[Search]:
    """Three readers for each query, each of whom opened the article."""
    found: list[Search] = []
    for article, queries in searched.items():
        opened = (Opened(ArticleId(article), 1),)
        for query in queries:
            for _ in range(wordings.READERS):
                at = _START + timedelta(minutes=len(found))
                found.append(Search(at, lang, query.text, f"reader {len(found)}", opened))
    return found


def proposed(
    documents: Sequence[Document], reader: Edition, searches: Sequence[Search], offer: Offer
) -> tuple[proposals.Phrase, ...]:
    """What `kb learn` would propose."""
    texts = [(each.lang, f"{each.title} {each.sections[0].text}") for each in documents]

    def mended(word: str, lang: str) -> str:
        return reader.search(word, lang=lang, limit=1).corrected or word

    def rank(text: str, key: ArticleKey) -> int | None:
        found = [hit.id for hit in reader.search(text, lang=key.lang, limit=50).hits]
        return found.index(key.article) + 1 if key.article in found else None

    words = Reduction(mended, Vocabulary(texts), searches)
    asked = wordings.group(arrivals.of(searches), words)
    holding = {ArticleKey(ArticleId(each.id), each.lang): (each.title,) for each in documents}
    articles = proposals.Articles(holding, rank, words)
    return proposals.phrases(
        asked, articles, per_article=offer.per_article, also_found=offer.also_found
    )


def accepted(documents: Sequence[Document], phrases: Sequence[proposals.Phrase]) -> list[Document]:
    added: dict[str, list[str]] = defaultdict(list)
    for phrase in phrases:
        added[phrase.key.article].append(phrase.text)
    return [replace(each, asked_as=(*each.asked_as, *added.get(each.id, ()))) for each in documents]


@contextmanager
def opened(documents: Sequence[Document]) -> Iterator[Edition]:
    with (
        tempfile.TemporaryDirectory() as place,
        index.begin(Path(place), "learned", key=b"") as draft,
    ):
        draft.write_shelf("public", documents)
        yield Edition(draft.complete(), ("public",))


def asked(reader: Edition, held_out: Mapping[str, Sequence[Query]]) -> dict[str, list[float]]:
    """Each measure's mean over the queries of each article, in the order of `held_out`."""
    found: dict[str, list[float]] = {name: [] for name in MEASURES}
    for queries in held_out.values():
        ranked = [[hit.id for hit in reader.search(each.text).hits] for each in queries]
        for name, measure in MEASURES.items():
            worth = [measure(ids, each.grades) for ids, each in zip(ranked, queries, strict=True)]
            found[name].append(statistics.mean(worth))
    return found


def run(collection: Collection, seed: int) -> Iterator[tuple[Offer, float, dict[str, list[float]]]]:
    """For each offer: that, how many phrases an article took, and the measures."""
    halves = split(collection, seed)
    searches = log(halves.searched, collection.documents[0].lang)
    with opened(collection.documents) as reader:
        for offer in OFFERS:
            phrases = proposed(collection.documents, reader, searches, offer)
            with opened(accepted(collection.documents, phrases)) as taught:
                yield offer, len(phrases) / len(halves.held_out), asked(taught, halves.held_out)


def report(folder: Path) -> None:
    collection = judged.read(folder)
    taken: dict[Offer, list[float]] = defaultdict(list)
    found: dict[Offer, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for seed in range(SEEDS):
        for offer, an_article, values in run(collection, seed):
            taken[offer].append(an_article)
            for name, worth in values.items():
                found[offer][name] += worth
    print(f"\n{collection.name}, {SEEDS} seeds")
    print(f"{'at most':>14} {'taken':>6}", *(f"{name:>9} {'gain, 95 %':>23}" for name in MEASURES))
    for offer in OFFERS:
        kind = "found" if offer.also_found else ""
        cells = [_cell(found[offer][name], found[OFFERS[0]][name]) for name in MEASURES]
        said = f"{offer.per_article} {kind:>5}"
        print(f"{said:>14} {statistics.mean(taken[offer]):6.2f}", *cells, flush=True)


def _cell(values: Sequence[float], without: Sequence[float]) -> str:
    """A mean, and the gain with an interval by articles: each article's mean over the seeds."""
    count = len(values) // SEEDS
    gains = [value - before for value, before in zip(values, without, strict=True)]
    by_article = [statistics.mean(gains[article::count]) for article in range(count)]
    gain = measures.estimate(by_article)
    return f"{statistics.mean(values):9.3f} {gain.value:+7.3f} ({gain.low:+.3f}, {gain.high:+.3f})"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("folders", nargs="+", type=Path, metavar="DIR")
    for folder in parser.parse_args().folders:
        report(folder)


if __name__ == "__main__":
    main()
