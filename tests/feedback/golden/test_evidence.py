"""The rule against its slow reference, on histories written down once."""

from datetime import date, datetime

import pytest

from feedback import words
from feedback.baseline import Prior
from feedback.evidence import Assessment, Yardstick, assess
from feedback.history import AgentFlag, Fault, History, Publication, Review, VoteEvent
from feedback.model import Reason, Revision
from tests.feedback.golden import reference
from tests.feedback.golden.reference import Case


def on(day: str) -> datetime:
    return datetime.fromisoformat(f"{day}T12:00:00+00:00")


def history_of(case: Case) -> History:
    return History(
        votes=tuple(
            VoteEvent(
                at=on(one["day"].isoformat()),
                helpful=one["yes"],
                revision=Revision(one["revision"]),
                network=one["network"],
                reason=Reason(one["reason"]) if one["reason"] else None,
                weight=one["weight"],
            )
            for one in reference.expand(case)
        ),
        agent_flags=tuple(
            AgentFlag(on(day), agent, Reason(reason), Revision(revision), ticket)
            for day, agent, reason, revision, ticket in case["flags"]
        ),
        publications=tuple(
            Publication(on(day), Revision(revision), substantive)
            for day, revision, substantive in case["publications"]
        ),
        reviews=tuple(Review(on(day), Revision(revision)) for day, revision in case["reviews"]),
        faults=tuple(
            Fault(date.fromisoformat(onset), date.fromisoformat(fixed))
            for onset, fixed in case["faults"]
        ),
    )


def judge_case(case: Case, past: History) -> Assessment:
    yardstick = Yardstick(Prior(*case["prior"]), case["votes_a_month"], case["false_flags"])
    return assess(past, yardstick, now=on(case["now"]), was_flagged=case["was_flagged"])


CASES = reference.load()


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_the_product_agrees_with_the_reference(case: Case) -> None:
    expected = case["expected"]

    actual = judge_case(case, history_of(case))

    assert expected["E"] == pytest.approx(actual.evidence, rel=0, abs=1e-9)
    assert expected["h"] == pytest.approx(actual.threshold, rel=0, abs=1e-9)
    assert expected["flagged"] == actual.flagged
    assert expected["words"] == words.describe(actual)


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_the_golden_file_says_what_the_reference_says(case: Case) -> None:
    actual = reference.judge(case)

    assert case["expected"]["E"] == pytest.approx(actual["E"], rel=0, abs=1e-12)
    assert case["expected"]["h"] == pytest.approx(actual["h"], rel=0, abs=1e-12)
    assert case["expected"]["flagged"] == actual["flagged"]
    assert case["expected"]["words"] == actual["words"]


def test_the_golden_file_holds_at_least_forty_histories() -> None:
    assert len({case["name"] for case in CASES}) >= 40
