"""What speaks against an article, and whether its repair helped, in English words for staff."""

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
from feedback.model import Reason, Verdict
from feedback.proof import SURE, WATCH, Proof, Side

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


def prove(proof: Proof) -> str:
    """One line: both shares with their 90 % intervals, and what follows from them.

    Such as "before 4 of 9 helpful (22-70 %), since the edit 7 of 7 (69-99 %): helped, 98 % sure".
    """
    before, after = proof.before, proof.after
    then, now = _share(before, " helpful"), _share(after, "" if before.total else " helpful")
    parts = [f"before {then}, since the edit {now}"]
    if not before.total and not after.total:
        parts = ["nobody has voted, before the edit or since"]
    if before.asked or after.asked:
        parts.append(
            f"asked about {before.asked} times in {before.days:.0f} days before, "
            f"{after.asked} times in {after.days:.0f} days since"
        )
    return f"{'; '.join(parts)}: {_verdict(proof)}"


def _share(side: Side, of_what: str) -> str:
    if not side.total:
        return "nobody voted"
    low, high = (f"{100 * end:.0f}" for end in side.interval)
    return f"{side.yes} of {side.total}{of_what} ({low}\N{EN DASH}{high} %)"


def _verdict(proof: Proof) -> str:
    """A certainty is rounded down: never more than is true."""
    match proof.verdict:
        case Verdict.HELPED:
            return f"helped, {int(100 * proof.better)} % sure"
        case Verdict.WORSE:
            return f"worse, {int(100 * (1 - proof.better))} % sure"
        case Verdict.NO_CHANGE if proof.objected and proof.better >= SURE:
            return "better, but readers still say no more than is usual"
        case Verdict.NO_CHANGE if proof.objected:
            return "no change, readers still say no more than is usual"
        case Verdict.NO_CHANGE:
            return "no change to be seen"
        case Verdict.NOT_KNOWN:
            return _not_known(proof)
        case _:
            assert_never(proof.verdict)


def _not_known(proof: Proof) -> str:
    if proof.is_over and proof.has_nothing_before:
        return "not known, too few voted before the edit to compare with"
    if proof.is_over:
        return f"not known, too few votes in {WATCH.days} days"
    if proof.has_nothing_before:
        return "not known yet, and too few voted before the edit to compare with"
    needed = proof.votes_needed
    if needed is None:
        return "not known yet"
    votes = "1 more vote is" if needed == 1 else f"{needed} more votes are"
    return f"not known yet, at least {votes} needed"


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
