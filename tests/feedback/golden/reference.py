"""The rule again, plain and slow, straight from its text and without the product's code.

`python -m tests.feedback.golden.reference` writes the expected values into `evidence.json`
beside it. A vote row there reads: day, yes or no, reason, how many, networks, revision, weight;
networks "3-5" are n3, n4 and n5, each vote taking the next one.
"""

import json
from datetime import date, timedelta
from math import exp, log
from pathlib import Path
from typing import TypedDict

GOLDEN = Path(__file__).parent / "evidence.json"
DEFECTS = ("outdated", "wrong", "broken", "step-missing")
NOT_DEFECTS = ("disagree", "not-what-i-looked-for", "other")
WORDS = {
    "outdated": "outdated",
    "wrong": "wrong",
    "broken": "broken link or image",
    "step-missing": "step missing",
    "hard-to-understand": "hard to understand",
    "disagree": "disagrees with the policy",
    "not-what-i-looked-for": "not what I looked for",
    "other": "other",
}


class Expected(TypedDict):
    E: float
    h: float
    flagged: bool
    words: str


class Case(TypedDict):
    name: str
    now: str
    prior: tuple[float, float]
    votes_a_month: float
    false_flags: float
    was_flagged: bool
    publications: list[tuple[str, str, bool]]
    reviews: list[tuple[str, str]]
    faults: list[tuple[str, str]]
    votes: list[tuple[str, str, str, int, str, str, int]]
    flags: list[tuple[str, str, str, str, str]]
    expected: Expected


class Vote(TypedDict):
    day: date
    yes: bool
    reason: str
    network: str
    revision: str
    weight: int


def load() -> list[Case]:
    cases: list[Case] = json.loads(GOLDEN.read_text("utf-8"))
    return cases


def expand(case: Case) -> list[Vote]:
    votes = []
    for day, answer, reason, count, networks, revision, weight in case["votes"]:
        first, last = (int(number) for number in networks.split("-"))
        votes += [
            Vote(
                day=date.fromisoformat(day),
                yes=answer == "yes",
                reason=reason,
                network=f"n{first + number % (last - first + 1)}",
                revision=revision,
                weight=weight,
            )
            for number in range(count)
        ]
    return votes


def judge(case: Case) -> Expected:
    today = date.fromisoformat(case["now"])
    counted = _counted([vote for vote in expand(case) if vote["day"] <= today])
    current, begins = _current(case, today)
    votes = [
        vote
        for vote in counted
        if vote["day"] >= begins and (current is None or vote["revision"] in current)
    ]
    flags = [
        flag
        for flag in case["flags"]
        if begins <= date.fromisoformat(flag[0]) <= today
        and (current is None or flag[3] in current)
        and flag[2] in DEFECTS
    ]

    evidence, since = 0.0, None
    for day in sorted({vote["day"] for vote in votes} | {date.fromisoformat(f[0]) for f in flags}):
        before = evidence
        p0 = _usual(case, counted, day)
        evidence = _after(p0, before, [vote for vote in votes if vote["day"] == day])
        evidence += min(6.0, 3.0 * sum(1 for flag in flags if flag[0] == day.isoformat()))
        since = None if evidence == 0 else (since or day)

    threshold = 2.0
    if case["votes_a_month"] > 0:
        wanted = log(0.1 * case["votes_a_month"] / case["false_flags"])
        threshold = min(6.5, max(2.0, wanted))
    run = [vote for vote in votes if since and vote["day"] >= since]
    said = [flag for flag in flags if since and date.fromisoformat(flag[0]) >= since]
    noes = [vote for vote in run if not vote["yes"]]
    two_sources = (
        len(noes) >= 2
        and len({(vote["day"], vote["network"]) for vote in noes}) >= 2
        and len({vote["day"] for vote in noes}) >= 2
    )
    flagged = evidence >= threshold and (two_sources or bool(said))
    if case["was_flagged"]:
        flagged = flagged or not evidence < threshold - 1
    return Expected(
        E=evidence,
        h=threshold,
        flagged=flagged,
        words=_words(case, counted, run=run, said=said, since=since),
    )


def _counted(votes: list[Vote]) -> list[Vote]:
    """At most three a day, network and revision, the mildest first; never one of weight 0."""

    def severity(vote: Vote) -> int:
        if vote["yes"]:
            return 0
        return 1 if vote["reason"] in NOT_DEFECTS else 3 if vote["reason"] in DEFECTS else 2

    counted: list[Vote] = []
    for vote in sorted(votes, key=lambda vote: (severity(vote), vote["reason"])):
        neighbours = [
            other
            for other in counted
            if (other["day"], other["network"], other["revision"])
            == (vote["day"], vote["network"], vote["revision"])
        ]
        if vote["weight"] > 0 and len(neighbours) < 3:
            counted.append(vote)
    return counted


def _current(case: Case, today: date) -> tuple[set[str] | None, date]:
    """The revisions since the last substantive one, and the first day that counts.

    A revision that is published again takes the whole of its day with it, like a review.
    """
    current: set[str] | None = None
    begins = date.min
    before = None
    for day, revision, substantive in sorted(case["publications"]):
        if date.fromisoformat(day) > today:
            continue
        if substantive or current is None:
            current = set()
        if substantive:
            begins = date.fromisoformat(day) + timedelta(days=revision == before)
        current.add(revision)
        before = revision
    for day, revision in case["reviews"]:
        reviewed = date.fromisoformat(day)
        if reviewed <= today and (current is None or revision in current):
            begins = max(begins, reviewed + timedelta(days=1))
    return current, begins


def _past(case: Case, counted: list[Vote], day: date) -> tuple[int, int]:
    yes = total = 0
    for vote in counted:
        old = (day - vote["day"]).days > 30
        reviewed = any(
            vote["day"] <= date.fromisoformat(review) < day for review, _ in case["reviews"]
        )
        faulty = any(
            date.fromisoformat(onset) <= vote["day"] <= date.fromisoformat(fixed)
            for onset, fixed in case["faults"]
        )
        if (old or reviewed) and not faulty:
            yes += vote["yes"]
            total += 1
    return yes, total


def _usual(case: Case, counted: list[Vote], day: date) -> float:
    a, b = case["prior"]
    yes, total = _past(case, counted, day)
    s = 1.0 if total == 0 else min(1.0, 40 / total)
    return max(0.05, min(0.95, (a + s * yes) / (a + b + s * total)))


def _after(p0: float, before: float, votes: list[Vote]) -> float:
    """Vote by vote: what raises first, then what lowers; then the guard."""
    odds = p0 / (1 - p0) / exp(2.0)
    p1 = odds / (1 + odds)
    steps = []
    for vote in votes:
        if vote["yes"]:
            steps.append(log(p1 / p0))
            continue
        steps.append(log((1 - p1) / (1 - p0)))
        if vote["reason"] in DEFECTS:
            steps.append(log(0.6 / 0.2))
        if vote["reason"] in NOT_DEFECTS:
            steps.append(log(0.4 / 0.8))
    evidence = before
    for step in sorted(steps, reverse=True):
        evidence = max(0.0, evidence + step)
    return min(evidence, before + 2.5)


def _words(
    case: Case,
    counted: list[Vote],
    *,
    run: list[Vote],
    said: list[tuple[str, str, str, str, str]],
    since: date | None,
) -> str:
    if since is None:
        return "nothing speaks against it"
    noes = [vote for vote in run if not vote["yes"]]
    phrases = []
    if noes:
        months = "January February March April May June July August September October November"
        month = [*months.split(), "December"][since.month - 1]
        year = "" if case["now"].startswith(str(since.year)) else f" {since.year}"
        phrases.append(f"{len(noes)} of {len(run)} said no since {since.day} {month}{year}")
        whose = "usually" if _past(case, counted, since)[1] else "other articles usually"
        phrases.append(f"{whose} {100 * _usual(case, counted, since):.0f} % helpful")
    for reason, words in WORDS.items():
        count = sum(1 for vote in noes if vote["reason"] == reason)
        if count:
            phrases.append(f"{count} \N{MULTIPLICATION SIGN} {words}")
    for _, agent, reason, _, ticket in sorted(said, key=lambda f: (f[0], f[1], f[2], f[4])):
        phrases.append(f"agent {agent}: {'ticket ' + ticket if ticket else WORDS[reason]}")
    return "; ".join(phrases)


def dump(cases: list[Case]) -> str:
    """JSON with one field a line, and one event a line where there are several."""
    blocks = []
    for case in cases:
        fields = []
        for name, value in case.items():
            text = json.dumps(value, ensure_ascii=False)
            if isinstance(value, list) and len(value) > 1 and isinstance(value[0], list):
                rows = ",\n      ".join(json.dumps(row, ensure_ascii=False) for row in value)
                text = f"[\n      {rows}\n    ]"
            fields.append(f'    "{name}": {text}')
        blocks.append("  {\n" + ",\n".join(fields) + "\n  }")
    return "[\n" + ",\n".join(blocks) + "\n]\n"


if __name__ == "__main__":
    all_cases = load()
    for one in all_cases:
        one["expected"] = judge(one)
    GOLDEN.write_text(dump(all_cases), "utf-8")
