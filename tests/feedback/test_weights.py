"""Weights learned from verdicts: by hand, and that they stay within their bounds."""

from math import log

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback import weights
from feedback.baseline import Prior
from feedback.evidence import Yardstick, assess
from feedback.history import AgentFlag, History
from feedback.model import Reason
from feedback.weights import SHIPPED, Label, Weights
from tests.feedback.said import R1, noes, on

BAD = Label(is_bad=True, defects=3, not_defects=1, agents=1)
GOOD = Label(is_bad=False, defects=1, not_defects=3, agents=0)


def test_until_thirty_verdicts_the_shipped_weights_stand() -> None:
    assert weights.learn([BAD, GOOD] * 14 + [BAD]) == SHIPPED


def test_by_hand_the_weights_of_thirty_verdicts() -> None:
    learned = weights.learn([BAD] * 12 + [GOOD] * 18)

    assert learned.defect == pytest.approx(log((37 / 50) / (19 / 74)), abs=1e-12)
    assert learned.not_defect == -1  # the logarithm is -1.05
    assert learned.agent == pytest.approx(log((13 / 14) / (1 / 20)), abs=1e-12)
    assert learned.verdicts == 30


def test_a_signal_that_nobody_gave_keeps_its_shipped_weight() -> None:
    silent = [
        Label(is_bad=number % 2 == 0, defects=0, not_defects=0, agents=0) for number in range(40)
    ]

    learned = weights.learn(silent)

    assert learned == Weights(verdicts=40)


verdicts = st.builds(
    Label,
    is_bad=st.booleans(),
    defects=st.integers(min_value=0, max_value=200),
    not_defects=st.integers(min_value=0, max_value=200),
    agents=st.integers(min_value=0, max_value=9),
)


@given(st.lists(verdicts, min_size=30, max_size=60))
def test_whatever_was_found_the_weights_keep_their_bounds(found: list[Label]) -> None:
    learned = weights.learn(found)

    assert all(-1 <= one <= 3 for one in (learned.defect, learned.not_defect, learned.agent))
    assert learned == weights.learn(found[::-1])


def test_the_rule_adds_the_weights_of_its_yardstick() -> None:
    past = History(
        votes=noes("03", reason=Reason.WRONG),
        agent_flags=(AgentFlag(on("05"), "Bob", Reason.OUTDATED, R1),),
    )
    shipped = Yardstick(Prior(7, 3), votes_a_month=40)
    learned = Yardstick(Prior(7, 3), votes_a_month=40, weights=Weights(0.5, -0.2, 1.5, verdicts=30))

    difference = (
        assess(past, shipped, now=on("20")).evidence - assess(past, learned, now=on("20")).evidence
    )

    assert difference == pytest.approx((log(3) - 0.5) + (3 - 1.5), abs=1e-12)
