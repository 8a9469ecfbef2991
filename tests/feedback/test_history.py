"""Which of what was said counts, and for what."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from feedback.evidence import AgentSaid, Reasoned, Share, Usual, assess
from feedback.history import AgentFlag, Fault, History, Review
from feedback.model import Reason
from tests.feedback.said import R1, SMALL, judge, noes, on, vote, yeses


def test_the_baseline_learns_nothing_from_the_votes_of_a_confirmed_fault() -> None:
    good, bad = yeses("2026-01-05", 30), noes("2026-02-05", 30)
    fault = Fault(date(2026, 2, 1), date(2026, 2, 28))

    known = assess(History(votes=good + bad, faults=(fault,)), SMALL, now=on("20"))

    assert known.usual == pytest.approx((7 + 30) / (10 + 30))


def test_a_fault_that_a_review_follows_stays_no_part_of_the_baseline() -> None:
    past = History(
        votes=noes("05", 9),
        faults=(Fault(date(2026, 5, 1), date(2026, 5, 6)),),
        reviews=(Review(on("07"), R1),),
    )

    assert assess(past, SMALL, now=on("20")).usual == pytest.approx(0.7)


def test_an_assessment_uses_the_whole_utc_day_of_now() -> None:
    evening = replace(vote("03"), at=datetime(2026, 5, 3, 23, 59, tzinfo=UTC))
    past = History(votes=(evening,))

    morning = assess(past, SMALL, now=datetime(2026, 5, 3, 0, 1, tzinfo=UTC))
    day_before = assess(past, SMALL, now=datetime(2026, 5, 2, 23, 59, tzinfo=UTC))

    assert morning.no == 1
    assert day_before.no == 0


def test_readers_and_agents_who_do_not_understand_are_counted_apart() -> None:
    votes = (
        *noes("03", 2, Reason.HARD_TO_UNDERSTAND),
        *noes("04", 1, Reason.NOT_WHAT_I_LOOKED_FOR),
    )
    flag = AgentFlag(on("05"), "Bob", Reason.HARD_TO_UNDERSTAND, R1)

    actual = judge(*votes, flags=(flag,))

    assert (actual.hard_to_understand, actual.not_what_i_looked_for) == (3, 1)


def test_a_review_sets_those_counters_back_too() -> None:
    past = History(votes=noes("03", 2, Reason.HARD_TO_UNDERSTAND), reviews=(Review(on("04"), R1),))

    assert assess(past, SMALL, now=on("20")).hard_to_understand == 0


def test_the_contributions_are_data() -> None:
    flag = AgentFlag(on("05"), "Kim", Reason.OUTDATED, R1, ticket="4711", note="see the ticket")

    actual = judge(*noes("03", 2, Reason.WRONG), *yeses("03"), flags=(flag,))

    assert actual.contributions == (
        Share(no=2, total=3, since=date(2026, 5, 3)),
        Usual(helpful=0.7, borrowed=True),
        Reasoned(Reason.WRONG, 2),
        AgentSaid("Kim", Reason.OUTDATED, "4711"),
    )
