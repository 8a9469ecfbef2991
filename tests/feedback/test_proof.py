"""The verdict on a repair: what is asked of the votes, and what it says."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from math import isclose

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback import proof, words
from feedback.history import History, Publication, Review, Tally
from feedback.model import Revision, Verdict
from feedback.proof import Proof, Side
from tests.feedback.said import R1, R2, on

R3 = Revision("r3")
DAY = timedelta(days=1)
BAD = Side(yes=2, no=7, yes_days=2, no_days=4)
GOOD = Side(yes=30, no=8, yes_days=20, no_days=7)

sides = st.builds(
    Side,
    yes=st.integers(0, 40),
    no=st.integers(0, 40),
    yes_days=st.integers(0, 3),
    no_days=st.integers(0, 3),
    asked=st.integers(0, 20),
    days=st.floats(0, 90),
)


def since(yes: int, no: int, days: int = 2) -> Side:
    return Side(yes=yes, no=no, yes_days=min(yes, days), no_days=min(no, days))


def proven(
    before: Side, after: Side, *, days: float = 10, unrest: bool = False, flagged: bool = False
) -> Proof:
    return Proof(before, after, timedelta(days=days), unrest=unrest, flagged=flagged)


def test_readers_who_now_say_yes_prove_that_it_helped() -> None:
    found = proven(BAD, since(7, 1))

    assert Verdict.HELPED is found.verdict
    assert found.is_over
    assert not found.reopens


def test_readers_who_now_say_no_prove_that_it_is_worse() -> None:
    found = proven(GOOD, since(1, 5))

    assert Verdict.WORSE is found.verdict
    assert found.reopens


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (BAD, since(4, 0)),
        (since(0, 2), since(9, 0)),
        (BAD, since(7, 1, days=1)),
        (GOOD, since(1, 5, days=1)),
    ],
    ids=["too few since", "too few before", "yes of one day", "no of one day"],
)
def test_too_little_is_not_known_yet(before: Side, after: Side) -> None:
    found = proven(before, after)

    assert Verdict.NOT_KNOWN is found.verdict
    assert not found.is_over


def test_a_flag_that_rises_again_says_that_nothing_changed() -> None:
    found = proven(BAD, since(1, 2), flagged=True)

    assert Verdict.NO_CHANGE is found.verdict
    assert found.reopens


def test_a_flag_on_a_spoiled_text_says_that_it_is_worse() -> None:
    found = proven(GOOD, since(0, 3), flagged=True)

    assert (found.verdict, found.reopens) == (Verdict.WORSE, True)


def test_unrest_says_so_unless_the_text_is_clearly_better() -> None:
    same = proven(BAD, since(1, 4), unrest=True)
    better = proven(Side(0, 9, 0, 5), since(2, 4), unrest=True)

    assert (same.verdict, same.reopens) == (Verdict.NO_CHANGE, True)
    assert better.better > proof.UNREST_BELOW
    assert (better.verdict, better.is_over) == (Verdict.NOT_KNOWN, False)


def test_thirty_readers_without_a_difference_close_it_as_no_change() -> None:
    found = proven(GOOD, since(23, 7))

    assert Verdict.NO_CHANGE is found.verdict
    assert not found.reopens


def test_after_ninety_days_it_is_closed_as_not_known() -> None:
    assert not proven(BAD, since(3, 0), days=89.9).is_over

    found = proven(BAD, since(3, 0), days=90)

    assert found.is_over
    assert Verdict.NOT_KNOWN is found.verdict
    assert not found.reopens


def test_without_votes_before_thirty_since_are_enough_to_wait_for() -> None:
    assert proven(Side(), since(28, 2)).is_over
    assert not proven(Side(), since(27, 2)).is_over


def test_fewer_questions_speed_up_what_the_votes_lean_to() -> None:
    before = Side(yes=2, no=4, yes_days=2, no_days=2, asked=12, days=30)
    after = Side(yes=5, no=1, yes_days=2, no_days=1, asked=1, days=30)

    assert Verdict.NOT_KNOWN is proven(since(2, 4), since(5, 1)).verdict
    assert Verdict.HELPED is proven(before, after).verdict


def test_questions_alone_never_make_a_verdict() -> None:
    before, after = Side(asked=1000, days=30), Side(asked=0, days=30)

    assert isclose(proof.weigh(before, after), 0.9)
    assert Verdict.NOT_KNOWN is proven(before, after).verdict


@given(sides, sides)
def test_better_is_a_probability_and_symmetric(before: Side, after: Side) -> None:
    forth, back = proof.weigh(before, after), proof.weigh(after, before)

    assert 0 <= forth <= 1
    assert isclose(forth + back, 1, abs_tol=1e-9)


@given(sides, sides)
def test_the_votes_that_are_needed_can_be_enough_and_fewer_cannot(
    before: Side, after: Side
) -> None:
    found = proven(before, after)

    needed = found.votes_needed

    assert (needed is None) == (found.is_over or found.has_nothing_before)
    if needed is not None:
        assert can_end(found, needed)
        assert needed == 1 or not can_end(found, needed - 1)


def can_end(found: Proof, votes: int) -> bool:
    """Whether so many votes, all yes or all no, bring a verdict."""
    after = replace(found.after, yes_days=2, no_days=2)
    likely = [replace(after, yes=after.yes + votes), replace(after, no=after.no + votes)]
    return any(proven(found.before, one).verdict is not Verdict.NOT_KNOWN for one in likely)


def test_where_readers_object_to_a_better_text_nobody_can_say_how_many_are_needed() -> None:
    found = proven(Side(0, 40, 0, 9), since(30, 10), unrest=True)

    assert words.prove(found).endswith(": not known yet")


def test_how_many_votes_are_needed_is_told() -> None:
    assert proven(BAD, Side()).votes_needed == 5
    assert proven(BAD, since(4, 0)).votes_needed == 1
    assert proven(GOOD, since(8, 2)).votes_needed == 6


# Which votes belong to which text.


def tally(day: str, revision: Revision, count: int = 1, *, helpful: bool = False) -> Tally:
    return Tally(on(day).date(), revision, helpful, None, count)


def split(history: History, *, onset: str = "", fixed: str = "10") -> tuple[Side, Side]:
    begun = date(2026, 5, int(onset)) if onset else None
    return proof.sides(history, fixed=on(fixed), onset=begun, now=on("20"))


EDITED = (Publication(on("01"), R1), Publication(on("10"), R2))


def test_before_are_the_votes_since_the_onset() -> None:
    history = History(
        publications=EDITED,
        tallies=(
            tally("02", R1, 9, helpful=True),
            tally("05", R1, 2),
            tally("06", R1),
            tally("12", R2, 4, helpful=True),
        ),
    )

    before, after = split(history, onset="5")

    assert (before.yes, before.no, before.no_days, before.days) == (0, 3, 2, 5)
    assert (after.yes, after.no, after.yes_days, after.days) == (4, 0, 1, 10)


def test_without_an_onset_all_votes_on_the_last_text_are_before() -> None:
    history = History(
        publications=(Publication(on("2026-04-01"), R3), *EDITED),
        tallies=(tally("02", R3, 5), tally("02", R1, 9, helpful=True), tally("06", R1)),
    )

    before, after = split(history)

    assert (before.yes, before.no) == (9, 1)
    assert after.total == 0


def test_a_late_vote_on_the_old_text_belongs_to_it() -> None:
    history = History(publications=EDITED, tallies=(tally("15", R1), tally("10", R2)))

    before, after = split(history)

    assert (before.no, after.no) == (1, 1)


def test_later_revisions_belong_to_the_time_since() -> None:
    history = History(
        publications=(*EDITED, Publication(on("12"), R3), Publication(on("14"), R1)),
        tallies=(tally("06", R1), tally("11", R2), tally("13", R3), tally("15", R1)),
    )

    before, after = split(history)

    assert (before.no, after.no) == (1, 3)


def test_where_the_text_stayed_the_day_divides() -> None:
    history = History(
        publications=(Publication(on("01"), R1), Publication(on("10"), R1)),
        tallies=(tally("09", R1), tally("10", R1), tally("11", R1)),
    )

    before, after = split(history)

    assert (before.no, after.no) == (2, 1)


def test_a_review_before_the_fix_settled_the_votes_before_it() -> None:
    history = History(
        publications=EDITED,
        reviews=(Review(on("04"), R1),),
        tallies=(tally("03", R1, 5), tally("06", R1)),
    )

    before, _ = split(history)

    assert before.no == 1


def test_what_is_said_of_it() -> None:
    en = "\N{EN DASH}"
    asked = Side(yes=2, no=7, no_days=3, yes_days=2, asked=6, days=30)

    assert words.prove(proven(BAD, since(7, 1))) == (
        f"before 2 of 9 helpful (9{en}51 %), since the edit 7 of 8 (57{en}96 %): helped, 99 % sure"
    )
    assert words.prove(proven(GOOD, since(1, 5))).endswith(": worse, 99 % sure")
    assert words.prove(proven(BAD, since(1, 2), flagged=True)).endswith(
        ": no change, readers still say no more than is usual"
    )
    assert words.prove(proven(Side(0, 40, 0, 9), since(9, 9), flagged=True)).endswith(
        ": better, but readers still say no more than is usual"
    )
    assert words.prove(proven(GOOD, since(23, 7))).endswith(": no change to be seen")
    assert words.prove(proven(BAD, Side())).endswith(
        "since the edit nobody voted: not known yet, at least 5 more votes are needed"
    )
    assert words.prove(proven(BAD, since(4, 0))).endswith("at least 1 more vote is needed")
    assert words.prove(proven(BAD, since(4, 0), days=90)).endswith(
        ": not known, too few votes in 90 days"
    )
    assert words.prove(proven(Side(), since(4, 0))) == (
        f"before nobody voted, since the edit 4 of 4 helpful (55{en}99 %): not known yet, "
        "and too few voted before the edit to compare with"
    )
    assert words.prove(proven(Side(), Side())).startswith(
        "nobody has voted, before the edit or since: not known yet"
    )
    assert "; asked about 6 times in 30 days before, 0 times in 0 days since: " in words.prove(
        proven(asked, since(4, 0))
    )


def test_the_moment_of_a_fix_may_have_any_zone() -> None:
    fixed = datetime(2026, 5, 10, 23, 30, tzinfo=UTC)

    before, after = proof.sides(History(), fixed=fixed, onset=None, now=fixed + DAY)

    assert (before.total, after.total, after.days) == (0, 0, 1)
