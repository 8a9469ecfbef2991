"""How well searches that failed are gathered into gaps, on judged collections.

    python -m benchmarks.gaps DIR…

A collection needs several queries an article. Of 25 articles, drawn anew with each seed, nobody has
written any yet: they are left out of the index. Their queries are asked 600 times, article by
article as Zipf's law has it, each time by another reader; where the collection has questions
without an answer, every fifth search is one of those, each a subject of its own. What the search
answers with nothing weighs 1, what it answers in vain 0.4, as in the product; words, groups,
weights and the order of the rows are the product's own functions.

For the ten first rows: their purity (the weight of a row's largest subject in it, on average), how
many subjects they name, and which share of all weight they hold. For all rows: B-cubed precision,
recall and F (Bagga and Baldwin 1998). Beside it the same searches as a list of equal strings, which
is what other systems show, and other distances at which joining ends.
"""

import argparse
import random
import statistics
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass
from datetime import UTC, datetime
from pathlib import Path

from answerloop import gaps
from feedback import searches
from feedback.gaps import asks, clustering
from feedback.gaps.asks import Ask, Wording
from search import index, judged
from search.edition import Edition
from search.judged import Collection

SEEDS = 5
SEARCHES = 600
SUBJECTS = 25
FEWEST = 3
"""Queries that an article needs to be left out."""
UNANSWERABLE = 0.2
ROWS = 10
DISTANCES = (0.75, 0.8, clustering.APART, 0.9, 0.95)

_AT = datetime(2026, 11, 3, tzinfo=UTC)

# The weight of each subject in each row.
Rows = Sequence[Mapping[str, float]]
Grouping = Callable[[Sequence[Wording]], Sequence[Sequence[Wording]]]


@dataclass(frozen=True, slots=True)
class Quality:
    """What one way of grouping is worth; the first three of its ten first rows."""

    purity: float
    subjects: float
    volume: float
    precision: float
    recall: float

    @property
    def f(self) -> float:
        return 2 * self.precision * self.recall / (self.precision + self.recall)


@dataclass(frozen=True, slots=True)
class Play:
    """Searches that failed; `subjects` says what each reader had in mind."""

    asked: Sequence[Ask]
    subjects: Mapping[str, str]


def play(collection: Collection, seed: int) -> Play:
    """Ask for what is not there."""
    dice = random.Random(seed)  # noqa: S311  repeatable, not secret
    queries = _queries(collection)
    missing = dice.sample(sorted(queries), min(SUBJECTS, len(queries)))
    odd = [query.text for query in collection.queries if query.is_unanswerable]
    lang = collection.documents[0].lang
    asked, subjects = [], {}
    left = [each for each in collection.documents if each.id not in missing]
    with (
        tempfile.TemporaryDirectory() as place,
        index.begin(Path(place), "without", key=b"") as draft,
    ):
        draft.write_shelf("public", left)
        edition = Edition(draft.complete(), ("public",))
        for number in range(SEARCHES):
            if odd and dice.random() < UNANSWERABLE:
                query = dice.choice(odd)
                subject = f"? {query}"
            else:
                (subject,) = dice.choices(missing, [1 / (1 + rank) for rank in range(len(missing))])
                query = dice.choice(queries[subject])
            is_found = edition.search(query, lang=lang, limit=1).total
            weight = asks.NOTHING_OPENED if is_found else asks.NOTHING_FOUND
            reader = f"reader {number}"
            text = searches.prepare(query).text
            asked.append(Ask(lang, text, reader, reader, _AT, weight))
            subjects[reader] = subject
    return Play(asked, subjects)


def _queries(collection: Collection) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for query in collection.queries:
        relevant = [name for name, grade in query.grades.items() if grade > 0]
        if len(relevant) == 1:
            found[relevant[0]].append(query.text)
    return {name: texts for name, texts in found.items() if len(texts) >= FEWEST}


def equal(wordings: Sequence[Wording]) -> Sequence[Sequence[Wording]]:
    return [[each] for each in wordings]


def near(apart: float) -> Grouping:
    def grouped(wordings: Sequence[Wording]) -> Sequence[Sequence[Wording]]:
        likeness = clustering.likeness([each.as_text for each in wordings])
        found = clustering.cluster(likeness, apart=apart)
        return [[wordings[place] for place in places] for places in found]

    return grouped


def rows(played: Play, grouped: Sequence[Sequence[Wording]]) -> Rows:
    """The groups as the desk has them: those of most weight first."""
    found = []
    for alike in grouped:
        counted = asks.weights(ask for each in alike for ask in each.asks)
        row: Counter[str] = Counter()
        for reader, weight in counted.items():
            row[played.subjects[reader]] += weight  # type: ignore[assignment]  # a Counter of weights
        found.append(row)
    return sorted(found, key=lambda row: -sum(row.values()))


def quality(found: Rows) -> Quality:
    total = sum(sum(row.values()) for row in found)
    of_subject: dict[str, float] = defaultdict(float)
    for row in found:
        for subject, weight in row.items():
            of_subject[subject] += weight
    first = found[:ROWS]
    precision = sum(w * w / sum(row.values()) for row in found for w in row.values())
    recall = sum(w * w / of_subject[name] for row in found for name, w in row.items())
    return Quality(
        purity=statistics.mean(max(row.values()) / sum(row.values()) for row in first),
        subjects=len({max(row, key=lambda name: row[name]) for row in first}),
        volume=sum(sum(row.values()) for row in first) / total,
        precision=precision / total,
        recall=recall / total,
    )


def exact(played: Play) -> list[Wording]:
    """Equal strings, whatever their words: no word is reduced, no order forgotten."""
    by_text: dict[str, list[Ask]] = defaultdict(list)
    for ask in played.asked:
        by_text[ask.text].append(ask)
    return [Wording(text, alike[0].lang, text, (), tuple(alike)) for text, alike in by_text.items()]


def measured(collection: Collection) -> Iterator[tuple[str, Quality]]:
    """Each way of grouping, with its mean over the seeds."""
    plays = [play(collection, seed) for seed in range(SEEDS)]
    yield "equal strings", _mean([quality(rows(each, equal(exact(each)))) for each in plays])
    grouped = [asks.group(each.asked, gaps.words) for each in plays]
    pairs = list(zip(plays, grouped, strict=True))
    yield "equal words", _mean([quality(rows(one, equal(said))) for one, said in pairs])
    for apart in DISTANCES:
        name = f"distance < {apart:.2f}" + (" (ours)" if apart == clustering.APART else "")
        group = near(apart)
        yield name, _mean([quality(rows(one, group(said))) for one, said in pairs])


def _mean(found: Sequence[Quality]) -> Quality:
    return Quality(*map(statistics.mean, zip(*map(astuple, found), strict=True)))


def report(folder: Path) -> None:
    collection = judged.read(folder)
    if not _queries(collection):
        print(f"\n{collection.name}: no article has {FEWEST} queries of its own")
        return
    print(f"\n{collection.name}, {SEEDS} seeds\n")
    print("| | purity of 10 rows | subjects in them | volume in them | B-cubed P / R / F |")
    print("| --- | ---: | ---: | ---: | ---: |")
    for name, each in measured(collection):
        cubed = f"{each.precision:.2f} / {each.recall:.2f} / {each.f:.2f}"
        numbers = f"{each.purity:.2f} | {each.subjects:.1f} | {each.volume:.0%}".replace("%", " %")
        print(f"| {name} | {numbers} | {cubed} |", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("folders", nargs="+", type=Path, metavar="DIR")
    for folder in parser.parse_args().folders:
        report(folder)


if __name__ == "__main__":
    main()
