"""Chances and intervals, against known values, sampling, and what must hold of any of them."""

from math import comb, isclose
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback import chances

shares = st.integers(0, 60).flatmap(lambda total: st.tuples(st.integers(0, total), st.just(total)))
rates = st.tuples(st.integers(0, 60), st.floats(0.1, 400))


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ((0, 0), (0, 0), 1 / 2),
        ((0, 0), (1, 1), 2 / 3),
        ((0, 1), (1, 1), 5 / 6),
        ((0, 0), (5, 5), 6 / 7),
        ((500, 1000), (500, 1000), 1 / 2),
    ],
)
def test_the_chance_is_known_where_it_can_be_worked_out(
    first: tuple[int, int], second: tuple[int, int], expected: float
) -> None:
    assert isclose(chances.larger_share(first, second), expected, rel_tol=1e-9)


def test_the_chance_is_what_drawing_from_both_gives() -> None:
    random = Random(7)  # noqa: S311 -- draws
    draws = 20_000

    larger = sum(random.betavariate(8, 2) > random.betavariate(5, 6) for _ in range(draws))

    assert isclose(chances.larger_share((4, 9), (7, 8)), larger / draws, abs_tol=0.005)


def test_fewer_questions_are_what_drawing_from_both_gives() -> None:
    random = Random(7)  # noqa: S311 -- draws
    draws = 20_000
    one_event = 120 / 8

    lower = sum(
        random.gammavariate(1 + 2, 1 / (one_event + 90))
        < random.gammavariate(1 + 6, 1 / (one_event + 30))
        for _ in range(draws)
    )

    assert isclose(chances.lower_rate((6, 30), (2, 90)), lower / draws, abs_tol=0.005)


@given(shares, shares)
def test_a_chance_and_its_opposite_are_one(first: tuple[int, int], second: tuple[int, int]) -> None:
    forth, back = chances.larger_share(first, second), chances.larger_share(second, first)

    assert 0 <= forth <= 1
    assert isclose(forth + back, 1, abs_tol=1e-9)


@given(shares, shares)
def test_a_yes_since_speaks_for_and_a_no_against(
    first: tuple[int, int], second: tuple[int, int]
) -> None:
    yes, total = second

    plain = chances.larger_share(first, second)

    assert chances.larger_share(first, (yes + 1, total + 1)) >= plain - 1e-9
    assert chances.larger_share(first, (yes, total + 1)) <= plain + 1e-9


@given(rates, rates)
def test_fewer_questions_and_their_opposite_are_one(
    first: tuple[int, float], second: tuple[int, float]
) -> None:
    forth, back = chances.lower_rate(first, second), chances.lower_rate(second, first)

    assert 0 <= forth <= 1
    assert isclose(forth + back, 1, abs_tol=1e-9)


@given(rates, rates)
def test_a_question_more_speaks_against(
    first: tuple[int, float], second: tuple[int, float]
) -> None:
    asked, days = second

    assert chances.lower_rate(first, (asked + 1, days)) <= chances.lower_rate(first, second) + 1e-9


@pytest.mark.parametrize(("first", "second"), [((0, 90), (0, 3)), ((5, 0), (0, 3))])
def test_where_nobody_asked_or_no_time_passed_nothing_is_known(
    first: tuple[int, float], second: tuple[int, float]
) -> None:
    assert chances.lower_rate(first, second) == 0.5


def test_a_short_quiet_time_proves_little() -> None:
    assert 0.5 < chances.lower_rate((2, 90), (0, 3)) < 0.65


@given(shares)
def test_an_interval_leaves_one_in_twenty_on_each_side(share: tuple[int, int]) -> None:
    """The posterior's distribution function is a binomial tail, for its parameters are whole."""
    yes, total = share

    low, high = chances.interval(yes, total)

    assert 0 <= low < high <= 1
    assert isclose(below(low, yes, total), 0.05, abs_tol=1e-9)
    assert isclose(below(high, yes, total), 0.95, abs_tol=1e-9)


def below(x: float, yes: int, total: int) -> float:
    """P(share < x) with a uniform prior: so many of total + 1 draws below x are more than yes."""
    draws = total + 1
    return sum(comb(draws, k) * x**k * (1 - x) ** (draws - k) for k in range(yes + 1, draws + 1))


def test_large_counts_are_no_trouble() -> None:
    low, high = chances.interval(30_000, 50_000)

    assert isclose(low, 0.5964, abs_tol=1e-4)
    assert isclose(high, 0.6036, abs_tol=1e-4)
    assert isclose(chances.larger_share((3_000, 5_000), (3_020, 5_000)), 0.658, abs_tol=2e-3)
