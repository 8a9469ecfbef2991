"""What speaks against an article, in English words, as staff read it in the queue."""

from collections.abc import Iterable
from datetime import date
from typing import assert_never

from feedback.evidence import (
    FEW_VOTES,
    AgentSaid,
    Assessment,
    Contribution,
    Reasoned,
    Share,
    Usual,
    Yardstick,
)
from feedback.model import Reason

NOTHING = "nothing speaks against it"
SHIFT_SAID = 0.05
"""Nats of the self-check that are worth a word."""

REASONS = {
    Reason.OUTDATED: "outdated",
    Reason.WRONG: "wrong",
    Reason.BROKEN: "broken link or image",
    Reason.STEP_MISSING: "step missing",
    Reason.HARD_TO_UNDERSTAND: "hard to understand",
    Reason.DISAGREE: "disagrees with the policy",
    Reason.NOT_WHAT_I_LOOKED_FOR: "not what I looked for",
    Reason.OTHER: "other",
}

# Not `%B`, which speaks the language of whatever locale the process has.
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def describe(assessment: Assessment) -> str:
    """One line, such as "6 of 9 said no since 3 May; usually 81 % helpful; 2 x outdated"."""
    return "; ".join(phrases(assessment.contributions, assessment.day)) or NOTHING


def phrases(contributions: Iterable[Contribution], today: date) -> list[str]:
    """The same, each contribution by itself."""
    return [_phrase(one, today) for one in contributions]


def few_votes(yardstick: Yardstick) -> str:
    """That the votes are too few to judge by; empty where they are not."""
    if not yardstick.has_few_votes:
        return ""
    return (
        f"Votes are too few to judge by ({yardstick.votes_a_month:.0f} in a month of 30 days; "
        f"{FEW_VOTES} would do). The queue works from reports, links and age."
    )


def learned(yardstick: Yardstick) -> list[str]:
    """What the rule has learned from what people found, each in a sentence."""
    said = []
    if verdicts := yardstick.weights.verdicts:
        said.append(
            f"What a reason or a report weighs is learned from {verdicts} verdicts of this team."
        )
    if abs(yardstick.shift) >= SHIFT_SAID:
        later = "later" if yardstick.shift > 0 else "sooner"
        more = "more" if yardstick.shift > 0 else "fewer"
        said.append(
            f"Articles are flagged {later} than planned, for {more} flags proved false than the "
            f"{yardstick.false_flags:g} a month that you accept (threshold "
            f"{yardstick.shift:+.1f})."
        )
    return said


def _phrase(contribution: Contribution, today: date) -> str:
    match contribution:
        case Share(no, total, since):
            return f"{no} of {total} said no since {_day(since, today)}"
        case Usual(helpful, borrowed):
            whose = "other articles usually" if borrowed else "usually"
            return f"{whose} {100 * helpful:.0f} % helpful"
        case Reasoned(reason, count):
            return f"{count} \N{MULTIPLICATION SIGN} {REASONS[reason]}"
        case AgentSaid(agent, reason, ticket):
            return f"agent {agent}: " + (f"ticket {ticket}" if ticket else REASONS[reason])
        case _:
            assert_never(contribution)


def _day(day: date, today: date) -> str:
    """The year only where it is another one than today's."""
    year = "" if day.year == today.year else f" {day.year}"
    return f"{day.day} {MONTHS[day.month - 1]}{year}"
