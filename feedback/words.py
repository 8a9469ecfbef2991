"""What speaks against an article, and whether its repair helped, in words for staff.

Sentences are English ones with `%(name)s` places; who speaks another language gives a `say`.
"""

from collections.abc import Iterable
from datetime import date
from typing import Protocol, assert_never

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


class Say(Protocol):
    """Says an English sentence in some language, its places filled."""

    def __call__(self, sentence: str, **values: object) -> str: ...


def english(sentence: str, **values: object) -> str:
    return sentence % values if values else sentence


def describe(assessment: Assessment, say: Say = english) -> str:
    """One line, such as "6 of 9 said no since 3 May; usually 81 % helpful; 2 x outdated"."""
    return "; ".join(phrases(assessment.contributions, assessment.day, say)) or say(NOTHING)


def phrases(contributions: Iterable[Contribution], today: date, say: Say = english) -> list[str]:
    """The same, each contribution by itself."""
    return [_phrase(one, today, say) for one in contributions]


def prove(proof: Proof, say: Say = english) -> str:
    """One line: both shares with their 90 % intervals, and what follows from them.

    Such as "before 4 of 9 helpful (22-70 %), since the edit 7 of 7 (69-99 %): helped, 98 % sure".
    """
    before, after = proof.before, proof.after
    if not before.total and not after.total:
        parts = [say("nobody has voted, before the edit or since")]
    else:
        then = _share(before, say, is_first=True)
        now = _share(after, say, is_first=not before.total)
        parts = [say("before %(then)s, since the edit %(now)s", then=then, now=now)]
    if before.asked or after.asked:
        parts.append(
            say(
                "asked about %(before)s times in %(days_before)s days before, "
                "%(after)s times in %(days_after)s days since",
                before=before.asked,
                days_before=f"{before.days:.0f}",
                after=after.asked,
                days_after=f"{after.days:.0f}",
            )
        )
    return f"{'; '.join(parts)}: {_verdict(proof, say)}"


def _share(side: Side, say: Say, *, is_first: bool) -> str:
    if not side.total:
        return say("nobody voted")
    low, high = (f"{100 * end:.0f}" for end in side.interval)
    ends = f"{low}\N{EN DASH}{high}"
    if is_first:
        return say(
            "%(yes)s of %(total)s helpful (%(ends)s %%)", yes=side.yes, total=side.total, ends=ends
        )
    return say("%(yes)s of %(total)s (%(ends)s %%)", yes=side.yes, total=side.total, ends=ends)


def _verdict(proof: Proof, say: Say) -> str:
    """A certainty is rounded down: never more than is true."""
    match proof.verdict:
        case Verdict.HELPED:
            return say("helped, %(sure)s %% sure", sure=int(100 * proof.better))
        case Verdict.WORSE:
            return say("worse, %(sure)s %% sure", sure=int(100 * (1 - proof.better)))
        case Verdict.NO_CHANGE if proof.objected and proof.better >= SURE:
            return say("better, but readers still say no more than is usual")
        case Verdict.NO_CHANGE if proof.objected:
            return say("no change, readers still say no more than is usual")
        case Verdict.NO_CHANGE:
            return say("no change to be seen")
        case Verdict.NOT_KNOWN:
            return _not_known(proof, say)
        case _:
            assert_never(proof.verdict)


def _not_known(proof: Proof, say: Say) -> str:
    if proof.is_over and proof.has_nothing_before:
        return say("not known, too few voted before the edit to compare with")
    if proof.is_over:
        return say("not known, too few votes in %(days)s days", days=WATCH.days)
    if proof.has_nothing_before:
        return say("not known yet, and too few voted before the edit to compare with")
    needed = proof.votes_needed
    if needed is None:
        return say("not known yet")
    if needed == 1:
        return say("not known yet, at least 1 more vote is needed")
    return say("not known yet, at least %(votes)s more votes are needed", votes=needed)


def broken(links: int, say: Say = english) -> list[str]:
    """That so many links to other sites are broken; nothing where none is."""
    if links == 1:
        return [say("a link to another site leads nowhere")]
    return [say("%(links)s links to other sites lead nowhere", links=links)] if links else []


def few_votes(yardstick: Yardstick, say: Say = english) -> str:
    """That the votes are too few to judge by; empty where they are not."""
    if not yardstick.has_few_votes:
        return ""
    return say(
        "Votes are too few to judge by (%(votes)s in a month of 30 days; %(enough)s would do). "
        "The queue works from reports, links and age.",
        votes=f"{yardstick.votes_a_month:.0f}",
        enough=FEW_VOTES,
    )


def learned(yardstick: Yardstick, say: Say = english) -> list[str]:
    """What the rule has learned from what people found, each in a sentence."""
    said = []
    if verdicts := yardstick.weights.verdicts:
        said.append(
            say(
                "What a reason or a report weighs is learned from %(count)s verdicts of this team.",
                count=verdicts,
            )
        )
    if abs(yardstick.shift) >= SHIFT_SAID:
        figures = {
            "accepted": f"{yardstick.false_flags:g}",
            "shift": f"{yardstick.shift:+.1f}",
        }
        said.append(
            say(
                "Articles are flagged later than planned, for more flags proved false than the "
                "%(accepted)s a month that you accept (threshold %(shift)s).",
                **figures,
            )
            if yardstick.shift > 0
            else say(
                "Articles are flagged sooner than planned, for fewer flags proved false than the "
                "%(accepted)s a month that you accept (threshold %(shift)s).",
                **figures,
            )
        )
    return said


def _phrase(contribution: Contribution, today: date, say: Say) -> str:
    match contribution:
        case Share(no, total, since):
            day = _day(since, today, say)
            return say("%(no)s of %(total)s said no since %(day)s", no=no, total=total, day=day)
        case Usual(helpful, True):
            share = f"{100 * helpful:.0f}"
            return say("other articles usually %(share)s %% helpful", share=share)
        case Usual(helpful, _):
            return say("usually %(share)s %% helpful", share=f"{100 * helpful:.0f}")
        case Reasoned(reason, count):
            return f"{count} \N{MULTIPLICATION SIGN} {say(REASONS[reason])}"
        case AgentSaid(agent, reason, ticket):
            if ticket:
                return say("agent %(agent)s: ticket %(ticket)s", agent=agent, ticket=ticket)
            return say("agent %(agent)s: %(said)s", agent=agent, said=say(REASONS[reason]))
        case _:
            assert_never(contribution)


def _day(day: date, today: date, say: Say) -> str:
    """The year only where it is another one than today's."""
    named = {"day": day.day, "month": say(MONTHS[day.month - 1])}
    if day.year == today.year:
        return say("%(day)s %(month)s", **named)
    return say("%(day)s %(month)s %(year)s", **named, year=day.year)
