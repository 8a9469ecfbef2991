"""The self-check corrects the threshold slowly, within bounds, and comes to rest."""

from datetime import timedelta
from math import exp, log

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback import evidence, selfcheck
from feedback.baseline import Prior
from feedback.evidence import Yardstick
from feedback.selfcheck import Settled

QUARTER = timedelta(days=90)


def settled(raised: int, false: int, right: int, watched: timedelta = QUARTER) -> Settled:
    return Settled(raised=raised, false=false, right=right, watched=watched)


def adjust(shift: float, found: Settled, base: float = 4.0) -> float:
    return selfcheck.adjust(shift, found, base=base, false_flags=2.0)


def test_by_hand_a_third_of_the_logarithm_is_added() -> None:
    expected = 2 * 90 / 30.4

    actual = adjust(0.1, settled(raised=9, false=8, right=1))

    assert actual == pytest.approx(0.1 + log((8 + 1) / (expected + 1)) / 3, abs=1e-12)


def test_one_month_moves_it_by_a_sixth_at_most() -> None:
    assert adjust(0, settled(raised=900, false=900, right=0)) == pytest.approx(0.5 / 3)
    assert adjust(0, settled(raised=9, false=0, right=9)) == pytest.approx(-0.5 / 3)


def test_flags_that_nobody_has_looked_at_count_as_those_that_somebody_has() -> None:
    assert settled(raised=12, false=3, right=1).false_in_all == 9


def test_where_nobody_settles_anything_nothing_is_learned() -> None:
    assert adjust(0.3, settled(raised=50, false=0, right=0)) == 0.3


def test_less_than_a_month_of_votes_is_too_short() -> None:
    assert adjust(0.3, settled(5, 5, 0, watched=timedelta(days=29))) == 0.3


def test_what_the_bounds_of_the_threshold_would_hide_is_not_gathered() -> None:
    assert adjust(0.0, settled(raised=4, false=0, right=4), base=2.0) == 0.0
    assert adjust(-0.5, settled(raised=4, false=0, right=4), base=2.2) == pytest.approx(-0.2)


@given(
    st.floats(min_value=-1, max_value=1),
    st.integers(min_value=0, max_value=500),
    st.integers(min_value=0, max_value=500),
    st.floats(min_value=2, max_value=6.5),
)
def test_it_never_leaves_its_bounds(shift: float, false: int, right: int, base: float) -> None:
    moved = adjust(shift, settled(false + right, false, right), base)

    assert -1 <= moved <= 1
    assert 2 - 1e-9 <= base + moved <= 6.5 + 1e-9


@pytest.mark.parametrize("wrong_by", [-0.8, -0.3, 0.3, 0.8])
def test_it_comes_to_rest_where_the_budget_is_met(wrong_by: float) -> None:
    """False flags come at e^wrong_by times the rate that the model says, and less as h rises."""
    shifts = [0.0, 0.0, 0.0]

    for _ in range(60):
        seen = sum(2 * 30 / 30.4 * exp(wrong_by - shift) for shift in shifts[-3:])
        # Whole flags would make it hop; a thousandfold base shows where it goes.
        found = settled(round(seen * 1000), round(seen * 1000), 0)
        shifts.append(selfcheck.adjust(shifts[-1], found, base=4.0, false_flags=2_000.0))

    assert shifts[-1] == pytest.approx(wrong_by, abs=0.02)
    assert max(map(abs, shifts)) <= abs(wrong_by) * 1.1


def test_the_shift_moves_the_threshold_of_the_yardstick() -> None:
    plain = Yardstick(Prior(), votes_a_month=1_000)
    shifted = Yardstick(Prior(), votes_a_month=1_000, shift=0.4)

    assert shifted.threshold == pytest.approx(plain.threshold + 0.4)
    assert Yardstick(Prior(), votes_a_month=40, shift=-1).threshold == 2.0
    assert plain.threshold == evidence.threshold(1_000, 2.0)
