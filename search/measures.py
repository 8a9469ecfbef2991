"""How good a ranking is: measures of one query, and their mean over many with an interval.

A ranking is a sequence of ids, best first; `grades` are the judgements of its query: relevant is
what has a grade of 1 or more. Every measure is between 0 and 1, and looks at the first ten.
"""

import math
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

DEPTH = 10
RESAMPLES = 1_000
SEED = 20_261_103
"""Any fixed number: the same rankings shall give the same interval."""

Measure = Callable[[Sequence[str], Mapping[str, int]], float]


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean over queries, and the interval in which it would lie for 95 % of such queries."""

    value: float
    low: float
    high: float


def ndcg(ranked: Sequence[str], grades: Mapping[str, int]) -> float:
    """Normalised discounted cumulative gain.

    The sum of grade / log2(rank + 1), divided by that of the best possible ranking (Järvelin and
    Kekäläinen, "Cumulated gain-based evaluation of IR techniques", TOIS 20(4), 2002, with the
    discount that became usual: Burges et al., ICML 2005). The gain is the grade itself, as in
    trec_eval's `ndcg_cut`; where every grade is 0 or 1 it equals the gain 2^grade - 1.
    """
    ideal = _discounted(sorted(grades.values(), reverse=True))
    return _discounted([grades.get(name, 0) for name in ranked]) / ideal if ideal else 0.0


def reciprocal_rank(ranked: Sequence[str], grades: Mapping[str, int]) -> float:
    """1 / rank of the first relevant one, 0 when it is not among the first ten.

    Its mean is the MRR of the question answering track (Voorhees, TREC-8, 1999).
    """
    for rank, name in enumerate(ranked[:DEPTH], start=1):
        if grades.get(name, 0) > 0:
            return 1 / rank
    return 0.0


def recall(ranked: Sequence[str], grades: Mapping[str, int]) -> float:
    """The share of all relevant ones that is among the first ten.

    trec_eval's `recall.10`: a query with more than ten relevant ones cannot reach 1.
    """
    relevant = {name for name, grade in grades.items() if grade > 0}
    return len(relevant.intersection(ranked[:DEPTH])) / len(relevant) if relevant else 0.0


def success(ranked: Sequence[str], grades: Mapping[str, int]) -> float:
    """1 when the first one is relevant, else 0; trec_eval's `success.1`."""
    return float(bool(ranked) and grades.get(ranked[0], 0) > 0)


ALL: Mapping[str, Measure] = {
    "nDCG@10": ndcg,
    "MRR@10": reciprocal_rank,
    "recall@10": recall,
    "success@1": success,
}


def _discounted(grades: Sequence[int]) -> float:
    return sum(
        max(grade, 0) / math.log2(rank + 1) for rank, grade in enumerate(grades[:DEPTH], start=1)
    )


def estimate(values: Sequence[float]) -> Estimate:
    """The mean of one measure over queries, with a bootstrap interval.

    The percentile interval (Efron and Tibshirani, "An Introduction to the Bootstrap", 1993,
    chapter 13) over 1,000 samples of the queries with replacement. Raises ValueError for no
    values.
    """
    if not values:
        raise ValueError("no values: expected at least one query")
    dice = random.Random(SEED)  # noqa: S311  samples, no secret
    count = len(values)
    means = sorted(sum(dice.choices(values, k=count)) / count for _ in range(RESAMPLES))
    return Estimate(
        value=sum(values) / count,
        low=means[round(0.025 * (RESAMPLES - 1))],
        high=means[round(0.975 * (RESAMPLES - 1))],
    )
