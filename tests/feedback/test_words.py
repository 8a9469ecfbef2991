"""The line that staff read."""

from datetime import date

import pytest

from feedback import words
from feedback.baseline import Prior
from feedback.evidence import (
    AgentSaid,
    Assessment,
    Contribution,
    Reasoned,
    Share,
    Usual,
    Yardstick,
)
from feedback.model import Reason
from feedback.weights import Weights


def describe(*contributions: Contribution, day: date = date(2026, 5, 20)) -> str:
    return words.describe(
        Assessment(
            day=day,
            evidence=3.0,
            threshold=2.0,
            usual=0.8,
            worse=0.3,
            flagged=True,
            since=date(2026, 5, 3),
            yes=3,
            no=6,
            contributions=contributions,
            hard_to_understand=0,
            not_what_i_looked_for=0,
        )
    )


def test_the_whole_line() -> None:
    line = describe(
        Share(6, 9, date(2026, 5, 3)),
        Usual(0.81, borrowed=False),
        Reasoned(Reason.OUTDATED, 2),
        AgentSaid("Kim", Reason.WRONG, "4711"),
    )

    assert line == (
        "6 of 9 said no since 3 May; usually 81 % helpful; 2 \N{MULTIPLICATION SIGN} outdated; "
        "agent Kim: ticket 4711"
    )


def test_each_contribution_has_its_own_phrase() -> None:
    said: list[Contribution] = [
        Share(6, 9, date(2026, 5, 3)),
        AgentSaid("Kim", Reason.WRONG, "4711"),
    ]

    phrases = words.phrases(said, date(2026, 5, 20))

    assert phrases == ["6 of 9 said no since 3 May", "agent Kim: ticket 4711"]


def test_where_nothing_was_said_the_line_says_so() -> None:
    assert describe() == "nothing speaks against it"


def test_an_agent_without_a_ticket_is_quoted_with_the_reason() -> None:
    assert describe(AgentSaid("Kim", Reason.STEP_MISSING, "")) == "agent Kim: step missing"


def test_what_is_usual_elsewhere_is_not_said_of_this_article() -> None:
    assert describe(Usual(0.7, borrowed=True)) == "other articles usually 70 % helpful"


@pytest.mark.parametrize(
    ("since", "today", "expected"),
    [
        (date(2026, 5, 3), date(2026, 5, 3), "3 May"),
        (date(2026, 1, 1), date(2026, 12, 31), "1 January"),
        (date(2025, 12, 31), date(2026, 1, 1), "31 December 2025"),
        (date(2024, 2, 29), date(2028, 2, 29), "29 February 2024"),
    ],
)
def test_a_day_has_its_year_only_where_it_is_another(
    since: date, today: date, expected: str
) -> None:
    assert describe(Share(1, 2, since), day=today) == f"1 of 2 said no since {expected}"


def test_every_reason_has_its_words() -> None:
    assert set(words.REASONS) == set(Reason)


def test_few_votes_are_said_with_their_number() -> None:
    few = Yardstick(Prior(), votes_a_month=12.2)

    assert words.few_votes(few) == (
        "Votes are too few to judge by (12 in a month of 30 days; 20 would do). "
        "The queue works from reports, links and age."
    )
    assert not words.few_votes(Yardstick(Prior(), votes_a_month=19.6))


def test_what_was_learned_is_said_and_from_how_many_verdicts() -> None:
    learned = Yardstick(Prior(), 400, weights=Weights(0.5, -0.3, 2.0, verdicts=41), shift=0.3)

    assert words.learned(Yardstick(Prior(), 400)) == []
    assert words.learned(learned) == [
        "What a reason or a report weighs is learned from 41 verdicts of this team.",
        (
            "Articles are flagged later than planned, for more flags proved false than the 2 a "
            "month that you accept (threshold +0.3)."
        ),
    ]
    assert "sooner" in words.learned(Yardstick(Prior(), 400, shift=-0.3))[0]
