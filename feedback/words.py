"""What speaks against an article, and whether its repair helped, in words for staff.

Sentences are English ones with `%(name)s` places; who speaks another language gives a `say`.
"""

from collections.abc import Iterable
from datetime import date
from typing import Protocol, assert_never

from feedback import sentences
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
    said = phrases(assessment.contributions, assessment.day, say)
    return "; ".join(said) or say(sentences.NOTHING)


def phrases(contributions: Iterable[Contribution], today: date, say: Say = english) -> list[str]:
    """The same, each contribution by itself."""
    return [_phrase(one, today, say) for one in contributions]


def prove(proof: Proof, say: Say = english) -> str:
    """One line: both shares with their 90 % intervals, and what follows from them.

    Such as "before 4 of 9 helpful (22-70 %), since the edit 7 of 7 (69-99 %): helped, 98 % sure".
    """
    before, after = proof.before, proof.after
    if not before.total and not after.total:
        parts = [say(sentences.NOBODY_AT_ALL)]
    else:
        then = _share(before, say, is_first=True)
        now = _share(after, say, is_first=not before.total)
        parts = [say(sentences.BEFORE_AND_SINCE, then=then, now=now)]
    if before.asked or after.asked:
        parts.append(
            say(
                sentences.ASKED,
                before=before.asked,
                days_before=f"{before.days:.0f}",
                after=after.asked,
                days_after=f"{after.days:.0f}",
            )
        )
    return f"{'; '.join(parts)}: {_verdict(proof, say)}"


def _share(side: Side, say: Say, *, is_first: bool) -> str:
    if not side.total:
        return say(sentences.NOBODY)
    low, high = (f"{100 * end:.0f}" for end in side.interval)
    ends = f"{low}\N{EN DASH}{high}"
    if is_first:
        return say(sentences.HELPFUL, yes=side.yes, total=side.total, ends=ends)
    return say(sentences.SHARE, yes=side.yes, total=side.total, ends=ends)


def _verdict(proof: Proof, say: Say) -> str:
    """A certainty is rounded down: never more than is true."""
    match proof.verdict:
        case Verdict.HELPED:
            return say(sentences.HELPED, sure=int(100 * proof.better))
        case Verdict.WORSE:
            return say(sentences.WORSE, sure=int(100 * (1 - proof.better)))
        case Verdict.NO_CHANGE if proof.objected and proof.better >= SURE:
            return say(sentences.BETTER_YET_USUAL)
        case Verdict.NO_CHANGE if proof.objected:
            return say(sentences.NO_CHANGE_USUAL)
        case Verdict.NO_CHANGE:
            return say(sentences.NO_CHANGE)
        case Verdict.NOT_KNOWN:
            return _not_known(proof, say)
        case _:
            assert_never(proof.verdict)


def _not_known(proof: Proof, say: Say) -> str:
    if proof.is_over and proof.has_nothing_before:
        return say(sentences.NOTHING_BEFORE)
    if proof.is_over:
        return say(sentences.TOO_FEW, days=WATCH.days)
    if proof.has_nothing_before:
        return say(sentences.NOTHING_BEFORE_YET)
    needed = proof.votes_needed
    if needed is None:
        return say(sentences.NOT_YET)
    if needed == 1:
        return say(sentences.ONE_MORE)
    return say(sentences.MORE, votes=needed)


def broken(links: int, say: Say = english) -> list[str]:
    """That so many links to other sites are broken; nothing where none is."""
    if links == 1:
        return [say("a link to another site leads nowhere")]
    return [say("%(links)s links to other sites lead nowhere", links=links)] if links else []


def given_to(name: str | None) -> str:
    """To whom something is assigned; nobody without a name."""
    return english(sentences.TO, name=name) if name else sentences.TO_NOBODY


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
            return say(sentences.SAID_NO, no=no, total=total, day=day)
        case Usual(helpful, True):
            share = f"{100 * helpful:.0f}"
            return say(sentences.USUAL_OF_OTHERS, share=share)
        case Usual(helpful, _):
            return say(sentences.USUAL, share=f"{100 * helpful:.0f}")
        case Reasoned(reason, count):
            return say(sentences.REASONED, count=count, reason=say(REASONS[reason]))
        case AgentSaid(agent, reason, ticket):
            if ticket:
                return say(sentences.AGENT_TICKET, agent=agent, ticket=ticket)
            return say(sentences.AGENT_SAID, agent=agent, said=say(REASONS[reason]))
        case _:
            assert_never(contribution)


def _day(day: date, today: date, say: Say) -> str:
    """The year only where it is another one than today's."""
    if day.year != today.year:
        return dated(day, say)
    return say(sentences.DAY, day=day.day, month=say(MONTHS[day.month - 1]))


def dated(day: date, say: Say = english) -> str:
    """A day with its month in words, and its year."""
    month = say(MONTHS[day.month - 1])
    return say(sentences.DAY_AND_YEAR, day=day.day, month=month, year=day.year)
