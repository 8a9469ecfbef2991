"""What is usual of an article, and of all of them."""

from datetime import date, timedelta
from math import log
from random import Random

import pytest

from feedback import baseline
from feedback.baseline import Baseline, Past, Prior

YOUNG = Prior(7, 3)


def test_until_fifty_articles_have_votes_the_prior_is_the_young_one() -> None:
    assert baseline.prior_of([(1, 1)] * 49 + [(0, 0)] * 500) == YOUNG
    assert baseline.prior_of([(1, 1)] * 50) != YOUNG


def beta_binomial(random: Random, prior: Prior, articles: int) -> list[tuple[int, int]]:
    counts = []
    for _ in range(articles):
        helpful, total = random.betavariate(prior.a, prior.b), int(random.paretovariate(0.9))
        total = min(total, 400)
        counts.append((sum(random.random() < helpful for _ in range(total)), total))
    return counts


def test_the_prior_finds_the_world_it_was_drawn_from() -> None:
    random = Random(14)  # noqa: S311 -- the same world on every run

    found = baseline.prior_of(beta_binomial(random, Prior(14, 6), 2_000))

    assert found.a / (found.a + found.b) == pytest.approx(0.7, abs=0.02)
    assert found.a + found.b == pytest.approx(20, rel=0.4)


def test_no_prior_on_a_grid_is_likelier() -> None:
    counts = beta_binomial(Random(6), Prior(5, 4), 120)  # noqa: S311 -- the same on every run

    def likelihood(prior: Prior) -> float:
        # The chance of each vote given those before it (Pólya's urn), not the product's lgamma.
        total = 0.0
        for yes, votes in counts:
            total += sum(log(prior.a + k) for k in range(yes))
            total += sum(log(prior.b + k) for k in range(votes - yes))
            total -= sum(log(prior.a + prior.b + k) for k in range(votes))
        return total

    grid = [
        Prior(strength * mean / 100, strength * (1 - mean / 100))
        for mean in range(40, 96)
        for strength in range(4, 41, 2)
    ]

    best = likelihood(baseline.prior_of(counts))

    assert best >= max(map(likelihood, grid)) - 1e-6


@pytest.mark.parametrize(
    ("counts", "mean", "strength"),
    [
        ([(20, 20)] * 60, 0.95, 4),
        ([(0, 20)] * 60, 0.40, 4),
        ([(10, 20)] * 60, 0.50, 40),
        ([(20, 20), (0, 20)] * 30, 0.50, 4),
    ],
)
def test_the_prior_keeps_within_its_bounds(
    counts: list[tuple[int, int]], mean: float, strength: float
) -> None:
    found = baseline.prior_of(counts)

    assert found.a / (found.a + found.b) == pytest.approx(mean, abs=1e-3)
    assert found.a + found.b == pytest.approx(strength, rel=1e-3)


def test_the_order_of_the_articles_does_not_matter_to_the_prior() -> None:
    counts = beta_binomial(Random(3), Prior(9, 3), 80)  # noqa: S311 -- the same on every run

    assert baseline.prior_of(counts) == baseline.prior_of(reversed(counts))


@pytest.mark.parametrize(
    ("past", "expected"),
    [(Past(), 0.7), (Past(10, 10), 17 / 20), (Past(4_000, 4_000), 47 / 50), (Past(0, 80), 7 / 50)],
)
def test_the_usual_share_leans_on_the_prior(past: Past, expected: float) -> None:
    assert expected == pytest.approx(baseline.usual_share(YOUNG, past))


def test_the_usual_share_keeps_within_its_bounds() -> None:
    assert baseline.usual_share(Prior(38, 2), Past(4_000, 4_000)) == 0.95
    assert baseline.usual_share(Prior(2, 2), Past(0, 4_000)) == 0.05


@pytest.mark.parametrize(("usual", "expected"), [(0.7, 0.24), (0.9, 0.55), (0.5, 0.12)])
def test_gone_bad_is_two_logits_down(usual: float, expected: float) -> None:
    assert expected == round(baseline.worse_share(usual), 2)


@pytest.mark.parametrize("x", [-1e4, -1.0, 0.0, 1.0, 1e4])
def test_the_sigmoid_is_safe_at_both_ends(x: float) -> None:
    assert 0 <= baseline.sigmoid(x) <= 1
    assert baseline.sigmoid(x) + baseline.sigmoid(-x) == pytest.approx(1)


def test_a_vote_joins_the_baseline_on_its_thirty_first_day() -> None:
    leap_day = date(2028, 2, 29)
    past = Baseline.of({leap_day: Past(1, 1)})

    joined = [past.on(leap_day + timedelta(days=days)).total for days in (0, 29, 30, 31, 400)]

    assert joined == [0, 0, 0, 1, 1]
