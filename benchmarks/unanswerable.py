"""How well the search says that nothing was found, over the bar that an answer must reach.

    python -m benchmarks.unanswerable DIR…

For each bar: how many of the questions without an answer find nothing (recall), how many of the
questions that find nothing have no answer (precision), for the collections that mark questions
with `no_answer`; then, for every collection, what the bar costs: the share of answerable
questions that lose a right article of the first ten, and the nDCG@10 lost.
"""

import argparse
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks.relevance import Prepared, gain, judged_queries, prepared
from search.formula import FORMULA

BARS = (0.0, 0.04, 0.08, 0.10, 0.12, 0.14, 0.16, 0.20, 0.30)
"""At 0 whatever shares a word with the question is an answer."""


@dataclass(frozen=True, slots=True)
class Point:
    """One collection at one bar; `gains` are nDCG@10 of its answerable questions."""

    bar: float
    silent: Sequence[bool]
    speechless: Sequence[bool]
    gains: Sequence[float]

    @property
    def recall(self) -> float:
        return statistics.mean(self.silent)

    @property
    def precision(self) -> float:
        nothing = sum(self.silent) + sum(self.speechless)
        return sum(self.silent) / nothing if nothing else 1.0


def curve(collection: Prepared) -> list[Point]:
    answerable = judged_queries(collection.collection)
    unanswerable = [each for each in collection.collection.queries if each.is_unanswerable]
    points = []
    for bar in BARS:
        tongue = collection.tongue(replace(FORMULA, enough=bar))
        rankings = [collection.ranked(tongue, each.text) for each in answerable]
        points.append(
            Point(
                bar=bar,
                silent=[not collection.ranked(tongue, each.text) for each in unanswerable],
                speechless=[not ranked for ranked in rankings],
                gains=[gain(*pair) for pair in zip(rankings, answerable, strict=True)],
            )
        )
    return points


def losses(points: Sequence[Point]) -> list[tuple[float, float]]:
    """For each bar: the share of questions that lose their article, and the nDCG@10 lost."""
    free = points[0].gains
    return [
        (
            statistics.mean(
                before > 0 and now == 0 for before, now in zip(free, point.gains, strict=True)
            ),
            statistics.mean(free) - statistics.mean(point.gains),
        )
        for point in points
    ]


def mark(bar: float) -> str:
    return "*" if bar == FORMULA.enough else " "


def report(collections: Iterable[Prepared]) -> None:
    lost = []
    for each in collections:
        name, points = each.collection.name, curve(each)
        lost.append((name, losses(points)))
        if points[0].silent:
            print(f"{name}, {len(points[0].silent)} questions without an answer")
            print("    bar  recall  precision")
            for point in points:
                print(
                    f"{mark(point.bar)} {point.bar:5.2f} {point.recall:7.1%} "
                    f"{point.precision:10.1%}",
                    flush=True,
                )
    print("\narticles lost (% of the answerable questions) / nDCG@10 lost, by bar")
    print(f"{'':22}" + "".join(f"{bar:>12.2f}{mark(bar)}" for bar in BARS))
    for name, row in lost:
        print(f"{name:22}" + "".join(f"{share:7.1%} {gone:5.3f}" for share, gone in row))
    means = [statistics.mean(row[place][1] for _, row in lost) for place in range(len(BARS))]
    print(f"{'mean':22}" + "".join(f"{'':7} {gone:5.4f}" for gone in means))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("folders", nargs="+", type=Path, metavar="DIR")
    with prepared(parser.parse_args().folders) as collections:
        report(collections)


if __name__ == "__main__":
    main()
