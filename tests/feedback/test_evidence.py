"""The rule by hand: each sum is written out. Against its reference: `golden/`."""

from datetime import UTC, datetime, timedelta
from math import exp, log

import pytest

from feedback import evidence, history
from feedback.baseline import Prior
from feedback.evidence import Level, Yardstick, assess
from feedback.history import AgentFlag, History, Publication, Review, VoteEvent
from feedback.model import Reason, Severity
from tests.feedback.said import R1, R2, SMALL, YOUNG, judge, noes, on, vote, yeses

# Beta(7, 3) and no past: p0 = 7 / 10.
P1 = (7 / 3 * exp(-2)) / (1 + 7 / 3 * exp(-2))  # odds of 7 : 3, divided by e²
NO = log((1 - P1) / (3 / 10))
YES = log(P1 / (7 / 10))


def test_by_hand_a_no_and_a_yes_weigh_as_the_rule_says() -> None:
    assert (round(NO, 2), round(YES, 2)) == (0.93, -1.07)


def test_by_hand_one_no() -> None:
    assert judge(*noes("03")).evidence == pytest.approx(NO, abs=1e-12)


def test_by_hand_two_no_and_then_a_yes() -> None:
    actual = judge(*noes("03"), *noes("04"), *yeses("05"))

    assert actual.evidence == pytest.approx(2 * NO + YES, abs=1e-12)


def test_by_hand_a_yes_before_does_not_help_after() -> None:
    actual = judge(*yeses("02", 9), *noes("03"), *noes("04"))

    assert actual.evidence == pytest.approx(2 * NO, abs=1e-12)


def test_by_hand_a_defect_adds_the_logarithm_of_three() -> None:
    actual = judge(*noes("03", reason=Reason.BROKEN))

    assert actual.evidence == pytest.approx(NO + log(3), abs=1e-12)


def test_by_hand_a_reason_without_blame_takes_off_the_logarithm_of_two() -> None:
    actual = judge(*noes("03", reason=Reason.DISAGREE))

    assert actual.evidence == pytest.approx(NO - log(2), abs=1e-12)


def test_by_hand_the_votes_of_a_day_raise_by_two_and_a_half() -> None:
    actual = judge(*noes("03", 5), *noes("04"))

    assert actual.evidence == pytest.approx(2.5 + NO, abs=1e-12)


def test_by_hand_agents_add_three_each_and_six_a_day() -> None:
    flag = AgentFlag(on("03"), "Bob", Reason.WRONG, R1)

    assert judge(flags=(flag,)).evidence == 3
    assert judge(flags=(flag,) * 3).evidence == 6
    assert judge(*noes("03", 9), flags=(flag,) * 3).evidence == 2.5 + 6


def test_by_hand_eighty_old_votes_weigh_as_forty() -> None:
    old = yeses("2026-01-05", 60) + noes("2026-01-06", 20)

    actual = judge(*old)

    assert actual.usual == pytest.approx((7 + 40 / 80 * 60) / (10 + 40 / 80 * 80), abs=1e-12)


def test_by_hand_the_baseline_of_a_reviewed_article() -> None:
    # 6 yes and 4 no, all found in order on the 6th: p0 = (7 + 6) / (10 + 10) = 13 : 7 in odds.
    past = History(
        votes=yeses("05", 6) + noes("05", 4) + noes("08"), reviews=(Review(on("06"), R1),)
    )
    p1 = 13 / 7 * exp(-2) / (1 + 13 / 7 * exp(-2))

    actual = assess(past, SMALL, now=on("20"))

    assert actual.evidence == pytest.approx(log((1 - p1) / (7 / 20)), abs=1e-12)


# --- Abuse ---


@pytest.mark.parametrize("networks", [1, 10, 100])
def test_five_hundred_no_in_a_day_raise_no_flag(networks: int) -> None:
    stuffed = tuple(vote("03", f"n{number % networks}", Reason.WRONG) for number in range(500))

    actual = judge(*stuffed)

    assert actual.evidence == 2.5
    assert actual.evidence >= actual.threshold
    assert not actual.flagged


def test_yes_votes_bank_no_credit() -> None:
    bad = noes("03", 2) + noes("04", 2)

    assert judge(*bad).evidence == judge(*yeses("01", 500), *bad).evidence


def test_a_fourth_vote_of_a_network_on_a_day_does_not_count() -> None:
    crowd = tuple(vote("03", network="office") for _ in range(9))

    assert judge(*crowd).no == 3


def test_three_from_each_day_count_since_networks_are_told_apart_only_within_one() -> None:
    crowd = tuple(vote(day, network="office") for day in ("03", "04") for _ in range(9))

    assert judge(*crowd).no == 6


def test_an_unpopular_truth_is_dismissed_once_and_for_all() -> None:
    days = [(datetime(2026, 2, 1, 12, tzinfo=UTC) + day * timedelta(days=1)) for day in range(90)]
    votes = tuple(
        VoteEvent(day, number % 5 < 2, R1, f"n{number}") for day in days for number in range(5)
    )
    yardstick = Yardstick(Prior(14, 6), votes_a_month=1_000)
    dismissed = days[19]
    past = History(votes=votes, reviews=(Review(dismissed, R1),))

    before = assess(History(votes=votes), yardstick, now=dismissed)
    after = [assess(past, yardstick, now=day) for day in days[20:]]

    assert before.flagged
    assert sum(vote.at > dismissed for vote in votes) >= 200
    assert not any(one.flagged for one in after)


# --- The flag ---


def test_a_flag_falls_only_one_below_the_threshold() -> None:
    past = History(votes=noes("03", 2) + noes("04", 2) + yeses("05"))
    yardstick = Yardstick(YOUNG, votes_a_month=300)

    standing = assess(past, yardstick, now=on("20"), was_flagged=True)
    never = assess(past, yardstick, now=on("20"))

    assert standing.threshold - 1 < standing.evidence < standing.threshold
    assert standing.flagged
    assert not never.flagged


def test_a_published_revision_ends_even_a_standing_flag() -> None:
    past = History(
        votes=noes("03", 3) + noes("04", 3),
        publications=(Publication(on("01"), R1), Publication(on("05"), R2)),
    )

    actual = assess(past, SMALL, now=on("20"), was_flagged=True)

    assert (actual.evidence, actual.flagged, actual.since) == (0.0, False, None)


@pytest.mark.parametrize(
    ("votes_a_month", "false_flags", "expected"),
    [
        (0, 2, 2.0),
        (40, 2, 2.0),
        (300, 2, 2.71),
        (1_000, 2, 3.91),
        (3_000, 2, 5.01),
        (6_000, 2, 5.70),
        (1e9, 2, 6.5),
        (1_000, 4, 3.22),
    ],
)
def test_the_threshold_follows_votes_and_budget(
    votes_a_month: float, false_flags: float, expected: float
) -> None:
    assert expected == round(evidence.threshold(votes_a_month, false_flags), 2)


def test_the_votes_of_ninety_days_make_a_month() -> None:
    assert evidence.votes_a_month(90) == pytest.approx(30.4)


@pytest.mark.parametrize(
    ("votes", "expected"),
    [
        (noes("03"), Level.LOW),
        (noes("03", 2) + noes("04", 1), Level.MEDIUM),
        (noes("03", 9) + noes("04", 9), Level.HIGH),
    ],
)
def test_the_probability_has_a_word(votes: tuple[VoteEvent, ...], expected: Level) -> None:
    assert expected is judge(*votes).level


def test_at_the_threshold_the_probability_is_one_half() -> None:
    assert judge(*noes("03", 9), v=20 * exp(2.5)).probability == pytest.approx(0.5)


def test_the_order_is_by_probability_severity_and_views() -> None:
    assessment = judge(*noes("03", 2), *noes("04", 1))

    def urgency(severity: Severity, views: float) -> float:
        return evidence.urgency(assessment.probability, severity, views) / assessment.probability

    assert urgency(Severity.MONEY, 50) == pytest.approx(150)
    assert urgency(Severity.LOCKED_OUT, 50) == pytest.approx(150)
    assert urgency(Severity.DEFAULT, 50) == pytest.approx(100)
    assert urgency(Severity.WORDING, 50) == pytest.approx(50)
    assert urgency(Severity.WORDING, 0) == pytest.approx(1)


def test_every_severity_has_a_weight() -> None:
    assert set(evidence.SEVERITY_WEIGHTS) == set(Severity)


def test_every_reason_blames_somebody_but_the_one_of_the_clarity_lane() -> None:
    assert set(Reason) - history.DEFECTS - history.NOT_DEFECTS == {Reason.HARD_TO_UNDERSTAND}
