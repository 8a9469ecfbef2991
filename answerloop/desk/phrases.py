"""The desk's words: dates, the lanes of the queue, the steps of an item.

The tables are English; a template says their sentences in the language of the request.
"""

from dataclasses import replace
from datetime import UTC, date, datetime

from babel.numbers import format_decimal

from answerloop import languages
from answerloop.desk import speech
from feedback import retold
from feedback.evidence import Level
from feedback.items import Act
from feedback.model import (
    GapKind,
    GapState,
    GapStep,
    ItemState,
    Lane,
    Reason,
    RemarkState,
    Severity,
    Step,
    Verdict,
)

LANES = {
    Lane.REPORTED: (
        "Reported",
        "Agents say that something is wrong.",
        "Nothing reported.",
    ),
    Lane.SUSPECTED: (
        "Suspected",
        "Readers say no more often than is usual for the article. The surest and gravest first.",
        "Nothing suspected: no article does worse than is usual for it.",
    ),
    Lane.STALE: (
        "Stale",
        (
            "Links in these lead nowhere, or nobody has read them for half a year: "
            "of those, as many as this week has reviews left."
        ),
        "Nothing stale, or this week's reviews are done.",
    ),
    Lane.CLARITY: (
        "Clarity",
        "Readers find these hard to understand.",
        "Nothing unclear: no reader has stumbled often enough.",
    ),
}
"""Each lane's name, what is in it, and what is said when it is empty."""

STEPS = {
    Step.OPENED: "opened it",
    Step.REPORTED_AGAIN: "reported it again",
    Step.REOPENED: "opened it again",
    Step.ASSIGNED: "assigned it",
    Step.NOTED: "noted",
    Step.SNOOZED: "put it off",
    Step.WATCHING: "saw it mended",
    Step.NOT_HELPED: "opened it again, for the edit did not help",
    Step.DISMISSED: "dismissed it",
    Step.CORRECT: "found it correct as it is",
    Step.CLOSED: "closed it",
}

STATES = {
    ItemState.OPEN: "Open",
    ItemState.WATCHING: "Mended, being watched",
    ItemState.DISMISSED: "Dismissed",
    ItemState.CORRECT: "Reviewed, correct as it is",
    ItemState.CLOSED: "Closed",
}

LEVELS = {
    Level.LOW: "low",
    Level.MEDIUM: "medium",
    Level.HIGH: "high",
}

REMARK_STATES = {
    RemarkState.OPEN: "open",
    RemarkState.DONE: "done",
    RemarkState.SPAM: "spam",
}

SEVERITIES = {
    Severity.MONEY: "money at stake",
    Severity.SAFETY: "safety at stake",
    Severity.LEGAL: "legal",
    Severity.SECURITY: "security at stake",
    Severity.LOCKED_OUT: "locks readers out",
    Severity.WORDING: "wording only",
}

VERDICTS = {
    Verdict.HELPED: "it helped",
    Verdict.NO_CHANGE: "no change",
    Verdict.WORSE: "it made things worse",
    Verdict.NOT_KNOWN: "not known",
}

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

ARTICLE_STATES = {
    "not-validated": "not validated",
    "validated": "validated",
    "work-in-progress": "work in progress",
    "archived": "archived",
}

GAP_KINDS = {
    GapKind.WRITE: "to write",
    GapKind.FINDABILITY: "there, not found",
    GapKind.SPELLING: "typing errors",
}

GAP_STATES = {
    GapState.OPEN: "Open",
    GapState.ASSIGNED: "Assigned",
    GapState.WRITTEN: "Written, on trial",
    GapState.IGNORED: "Ignored",
    GapState.CLOSED: "Closed",
    GapState.JOINED: "Joined to another",
}

GAP_STEPS = {
    GapStep.OPENED: "opened it",
    GapStep.REOPENED: "opened it again",
    GapStep.ASSIGNED: "assigned it",
    GapStep.IGNORED: "ignored it",
    GapStep.WRITTEN: "named the article that answers it",
    GapStep.SPLIT: "took it apart",
    GapStep.MERGED: "joined it",
    GapStep.CLOSED: "closed it",
}


def on(of: date) -> str:
    """`3 May 2026`, in the language of this request."""
    return languages.long_date(of, speech.lang())


def day(at: datetime) -> str:
    """The same of a moment, in UTC as everything here."""
    return on(at.astimezone(UTC).date())


def iso(of: str) -> str:
    """A day that is written `2026-05-03`, in words."""
    return on(date.fromisoformat(of))


def number(of: float) -> str:
    """`1,250`, as the language of this request writes it."""
    return format_decimal(of, locale=_locale())


def percent(share: float) -> str:
    """A share of one in whole percent: `81 %`."""
    return f"{100 * share:.0f}\N{NO-BREAK SPACE}%"


def interval(ends: tuple[float, float]) -> str:
    """Two shares of one in percent, and a dash between."""
    low, high = ends
    return f"{100 * low:.0f}\N{EN DASH}{100 * high:.0f}\N{NO-BREAK SPACE}%"


def _locale() -> str:
    return "en_GB" if speech.lang() == "en" else speech.lang()


def moment(at: datetime) -> str:
    return f"{day(at)}, {at.astimezone(UTC):%H:%M}\N{NO-BREAK SPACE}UTC"


def ago(at: datetime, now: datetime) -> str:
    """Whole days, as a person counts them."""
    days = (now.astimezone(UTC).date() - at.astimezone(UTC).date()).days
    if days <= 0:
        return speech.say("today")
    if days == 1:
        return speech.say("yesterday")
    return speech.many("%(count)s day ago", "%(count)s days ago", count=days)


def told(step: str, act: Act) -> Act:
    """What was said at a Step or GapStep, in the language of this request."""
    return replace(act, words=retold.said(step, act, speech.say))


def loop(words: str) -> str:
    """What the loop wrote down in English, in the language of this request."""
    return retold.line(words, speech.say)


def sentence(words: str) -> str:
    """With a capital letter and a full stop, whether it came with them or not.

    A name before a colon is left as it is.
    """
    words = words.strip()
    if not words:
        return ""
    ended = words if words[-1] in ".!?…" else f"{words}."
    is_quoted = ended.partition(" ")[0].endswith(":")
    return ended if is_quoted else ended[0].upper() + ended[1:]
