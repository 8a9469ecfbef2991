"""The measures of a ranking, held to figures worked out by hand."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search import measures

IDS = st.lists(st.sampled_from("abcdefghijklmnop"), unique=True)
GRADES = st.dictionaries(st.sampled_from("abcdefghijklmnop"), st.integers(0, 3))


def test_a_gain_is_discounted_by_the_logarithm_of_its_rank() -> None:
    gain = measures.ndcg(["x", "b", "a"], {"a": 3, "b": 1})

    best = 3 / math.log2(2) + 1 / math.log2(3)
    assert gain == pytest.approx((1 / math.log2(3) + 3 / math.log2(4)) / best)


def test_the_only_relevant_one_on_rank_two_gains_less_than_two_thirds() -> None:
    assert measures.ndcg(["x", "a"], {"a": 1}) == pytest.approx(0.6309, abs=0.0001)


def test_what_comes_after_the_tenth_counts_nowhere() -> None:
    ranked = [*"bcdefghijk", "a"]

    assert [measure(ranked, {"a": 1}) for measure in measures.ALL.values()] == [0, 0, 0, 0]


def test_more_relevant_ones_than_ten_can_be_ranked_perfectly_but_not_all_recalled() -> None:
    names = [f"d{number}" for number in range(20)]
    grades = dict.fromkeys(names, 1)

    assert measures.ndcg(names, grades) == pytest.approx(1)
    assert measures.recall(names, grades) == 0.5


def test_the_first_relevant_one_decides_the_reciprocal_rank() -> None:
    assert measures.reciprocal_rank(["x", "y", "b", "a"], {"a": 2, "b": 1}) == 1 / 3


def test_a_document_judged_irrelevant_is_no_success() -> None:
    assert measures.success(["a"], {"a": 0}) == 0
    assert measures.success(["a"], {"a": 1}) == 1


@given(ranked=IDS, grades=GRADES)
def test_every_measure_lies_between_nothing_and_all(
    ranked: list[str], grades: dict[str, int]
) -> None:
    for measure in measures.ALL.values():
        assert 0 <= measure(ranked, grades) <= 1 + 1e-9


@given(grades=GRADES.filter(lambda grades: any(grades.values())))
def test_the_best_order_has_the_whole_gain(grades: dict[str, int]) -> None:
    best = sorted(grades, key=lambda name: -grades[name])

    assert measures.ndcg(best, grades) == pytest.approx(1)
    assert measures.reciprocal_rank(best, grades) == measures.success(best, grades) == 1


def test_the_interval_holds_the_mean_and_is_the_same_each_time() -> None:
    values = [0.0, 1.0] * 50

    first, second = measures.estimate(values), measures.estimate(values)

    assert first == second
    assert first.value == 0.5
    # The normal approximation gives .5 -+ 1.96 * .5 / sqrt(100).
    assert (first.low, first.high) == pytest.approx((0.402, 0.598), abs=0.02)


def test_equal_values_leave_no_doubt() -> None:
    assert measures.estimate([1.0, 1.0]) == measures.Estimate(1.0, 1.0, 1.0)


def test_no_values_have_no_mean() -> None:
    with pytest.raises(ValueError, match="at least one query"):
        measures.estimate([])
