"""What was written down in English is said again in the language of whoever reads it."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback import retold, words
from feedback.evidence import AgentSaid, Contribution, Reasoned, Share, Usual
from feedback.gaps.repairs import Served
from feedback.items import Act
from feedback.model import GapStep, Reason, Step
from feedback.proof import Proof, Side

AT = datetime(2026, 5, 4, tzinfo=UTC)
TODAY = date(2026, 5, 20)
_PLACE = re.compile(r"(%\(\w+\)s|%%)")

names = st.from_regex(r"[a-z][a-z0-9._-]{0,20}", fullmatch=True)
contributions: st.SearchStrategy[Contribution] = st.one_of(
    st.builds(Share, st.integers(1, 99), st.integers(99, 999), st.dates(date(2020, 1, 1), TODAY)),
    st.builds(Usual, st.floats(0, 1), st.booleans()),
    st.builds(Reasoned, st.sampled_from(Reason), st.integers(1, 99)),
    st.builds(
        AgentSaid,
        names,
        st.sampled_from(Reason),
        st.one_of(st.just(""), st.from_regex(r"[A-Za-z0-9_#-]{1,40}", fullmatch=True)),
    ),
)
sides = st.builds(
    Side,
    yes=st.integers(0, 40),
    no=st.integers(0, 40),
    yes_days=st.integers(0, 5),
    no_days=st.integers(0, 5),
    asked=st.integers(0, 9),
    days=st.floats(0, 90),
)
proofs = st.builds(
    Proof,
    sides,
    sides,
    st.integers(0, 100).map(timedelta),
    unrest=st.booleans(),
    flagged=st.booleans(),
)


def shout(sentence: str, **values: object) -> str:
    """A language that is English in capitals, but for what stands in the places."""
    said = "".join(
        part if _PLACE.fullmatch(part) else part.upper() for part in _PLACE.split(sentence)
    )
    return said % values if values else said


def step(words: str, actor: str | None = None, taken: str = Step.OPENED) -> str:
    return retold.said(taken, Act(actor, words, AT), shout)


@given(st.lists(contributions, min_size=1, max_size=5), st.sampled_from(["", "."]))
def test_what_spoke_against_an_article_is_said_as_if_it_were_said_now(
    found: list[Contribution], end: str
) -> None:
    english = "; ".join(words.phrases(found, TODAY)) + end

    told = retold.line(english, shout)

    assert told == "; ".join(words.phrases(found, TODAY, shout)) + end
    assert retold.line(english, words.english) == english


@given(proofs)
def test_so_is_whether_a_repair_helped(proof: Proof) -> None:
    assert retold.line(words.prove(proof), shout) == words.prove(proof, shout)


@given(st.integers(0, 30), st.integers(0, 30), st.integers(14, 99))
def test_so_is_what_became_of_a_gap(opened: int, asked: int, days: int) -> None:
    served = Served(min(opened, asked), asked, AT - timedelta(days=days), AT)

    told = retold.line(served.words, shout)

    assert told == told.upper() != served.words


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("Revision 3f2a was published.", "REVISION 3f2a WAS PUBLISHED."),
        (
            "Revision 3f2a (commit 9c1b by Ann; Bo) was published.",
            "REVISION 3f2a (COMMIT 9c1b BY Ann; Bo) WAS PUBLISHED.",
        ),
        (
            "Mended, says commit 9c1b; revision 3f2a is published.",
            "MENDED, SAYS COMMIT 9c1b; REVISION 3f2a IS PUBLISHED.",
        ),
        ("3 readers found it hard to understand.", "3 READERS FOUND IT HARD TO UNDERSTAND."),
        (
            "The evidence has faded: 1 of 9 said no since 3 May 2025; agent kim: wrong.",
            "THE EVIDENCE HAS FADED: 1 OF 9 SAID NO SINCE 3 MAY 2025; AGENT kim: WRONG.",
        ),
        (
            "The evidence has faded: nothing speaks against it.",
            "THE EVIDENCE HAS FADED: NOTHING SPEAKS AGAINST IT.",
        ),
        (
            "The article carries a review of 2026-05-03: tried with order 4711: fine; all of it",
            "THE ARTICLE CARRIES A REVIEW OF 3 MAY 2026: tried with order 4711: fine; all of it",
        ),
        (
            "The article carries a review of 2026-05-03.",
            "THE ARTICLE CARRIES A REVIEW OF 3 MAY 2026.",
        ),
        ("3 readers asked it in vain in 30 days", "3 READERS ASKED IT IN VAIN IN 30 DAYS"),
        ("the server says 404.", "THE SERVER SAYS 404."),
        ("gone.example cannot be found.", "gone.example CANNOT BE FOUND."),
    ],
)
def test_each_sentence_of_the_loop_is_known(written: str, told: str) -> None:
    assert step(written) == (told)


@pytest.mark.parametrize(
    ("taken", "written", "told"),
    [
        (Step.ASSIGNED, "to nobody", "TO NOBODY"),
        (Step.ASSIGNED, "to kim", "TO kim"),
        (GapStep.ASSIGNED, "to kim", "TO kim"),
        (Step.SNOOZED, "until 2026-05-11", "UNTIL 11 MAY 2026"),
        (GapStep.MERGED, "into “gift card”", "INTO “gift card”"),
        (GapStep.MERGED, "with “gift card”", "WITH “gift card”"),
        (GapStep.SPLIT, "“gift card” is a gap of its own", "“gift card” IS A GAP OF ITS OWN"),
        (GapStep.OPENED, "split off from “gift card”", "SPLIT OFF FROM “gift card”"),
        (
            Step.OPENED,
            "outdated; the form is gone; outdated; ticket 4711",
            "OUTDATED; the form is gone; outdated; TICKET 4711",
        ),
        (Step.REPORTED_AGAIN, "wrong", "WRONG"),
    ],
)
def test_what_a_person_chose_is_said_too(taken: str, written: str, told: str) -> None:
    assert step(written, "bob", taken) == told


@pytest.mark.parametrize("taken", [Step.NOTED, Step.DISMISSED, Step.CORRECT, GapStep.IGNORED])
@pytest.mark.parametrize("written", ["to nobody", "outdated", "Revision 3f2a was published."])
def test_a_persons_own_words_are_theirs(taken: str, written: str) -> None:
    assert step(written, "bob", taken) == written


@given(st.text())
def test_in_english_nothing_changes(text: str) -> None:
    assert retold.line(text, words.english) == text
