"""What speaks against an article, in English words, as staff read it in the queue."""

from collections.abc import Iterable
from datetime import date
from typing import assert_never

from feedback.evidence import AgentSaid, Assessment, Contribution, Reasoned, Share, Usual
from feedback.model import Reason

NOTHING = "nothing speaks against it"

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
