from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import select

from feedback import actions, items, schema, staff
from feedback.actions import Read
from feedback.database import Database
from feedback.errors import AccountError, RemarkTooLong, StaleItem, UnknownItem, WordsMissing
from feedback.items import Item
from feedback.model import ItemState, Lane, Reason, Revision, Role, Step
from tests.feedback.builders import (
    DAY,
    FIRST,
    KEY,
    NOW,
    OTHER_TEXT,
    SECOND,
    TEXT,
    article,
    ballot,
    cast,
    flag,
    publish,
    reassess,
)
from tests.feedback.test_queue import lanes, report


@pytest.fixture
def suspect(db: Database) -> Item:
    """An open item about the article, in its first version."""
    publish(db)
    flag(db)
    with db.read() as connection:
        (item,) = items.live(connection)
    return item


def seen(item: Item, revision: Revision = FIRST) -> Read:
    """What a person has before them who loaded the item's page."""
    return Read(item.id, item.version, revision)


def dismiss(
    db: Database,
    item: Item,
    *,
    actor: str = "charlie",
    reason: str = "Spam.",
    revision: Revision = FIRST,
) -> Item:
    with db.write() as connection:
        return actions.dismiss(
            connection, seen(item, revision), actor=actor, reason=reason, now=NOW
        )


def correct(
    db: Database,
    item: Item,
    *,
    evidence: str = "Tried with order 4711 in the test shop.",
    revision: Revision = FIRST,
) -> Item:
    with db.write() as connection:
        return actions.correct(
            connection, seen(item, revision), actor="charlie", evidence=evidence, now=NOW
        )


def found(db: Database, item: Item) -> Item:
    with db.read() as connection:
        return items.find(connection, item.id)


def steps(db: Database, item: Item) -> list[str]:
    with db.read() as connection:
        return [str(taken) for taken in items.steps(connection, [item.id])[item.id]]


def test_a_dismissal_needs_a_reason(db: Database, suspect: Item) -> None:
    with pytest.raises(WordsMissing, match="needs its reason"):
        dismiss(db, suspect, reason="  \n ")

    assert suspect == found(db, suspect)


def test_a_dismissal_settles_the_item_and_clears_the_flag(db: Database, suspect: Item) -> None:
    settled = dismiss(db, suspect, reason="One class of pupils.")

    assert (settled.state, settled.version) == (ItemState.DISMISSED, 2)
    assert not any(lanes(db).values())
    assert (
        steps(db, suspect)[-1]
        == "dismissed by charlie on 2026-05-04 09:00 UTC: One class of pupils."
    )
    assert reassess(db).assessment.evidence == 0


def test_an_unpopular_truth_is_dismissed_once(db: Database, suspect: Item) -> None:
    dismiss(db, suspect, reason="It is the policy, and it is right.")

    for number in range(60):
        day = NOW + (1 + number // 3) * DAY
        cast(db, ballot(f"reader {number}", helpful=number % 3 == 0), day)
    judged = reassess(db, NOW + 21 * DAY)

    assert judged.assessment.usual < 0.6


def test_a_review_needs_a_line_of_evidence(db: Database, suspect: Item) -> None:
    with pytest.raises(WordsMissing, match="one line of evidence: what was tried"):
        correct(db, suspect, evidence="")

    assert suspect == found(db, suspect)


def test_a_review_holds_for_the_text_that_was_read(db: Database, suspect: Item) -> None:
    publish(db, article(SECOND, text=TEXT + " Really."), now=NOW)

    with pytest.raises(StaleItem, match=f"revision {SECOND} was published"):
        correct(db, suspect)

    assert suspect == found(db, suspect)


def test_correct_as_it_is_clears_the_flag_and_is_a_review(db: Database, suspect: Item) -> None:
    correct(db, suspect)

    with db.read() as connection:
        (review,) = connection.execute(select(schema.reviews))
    assert (
        review.revision,
        review.lane,
        review.state,
        review.actor,
    ) == (FIRST, Lane.SUSPECTED, ItemState.CORRECT, "charlie")
    assert review.words == "Tried with order 4711 in the test shop."
    assert reassess(db).assessment.evidence == 0


def test_votes_before_a_review_join_the_baseline(db: Database, suspect: Item) -> None:
    before = reassess(db).assessment.usual

    correct(db, suspect)

    assert reassess(db, NOW + DAY).assessment.usual < before


def test_a_review_settles_what_an_agent_reported_too(db: Database, suspect: Item) -> None:
    report(db, words="The form is gone.")

    correct(db, suspect)

    assert not any(lanes(db).values())


def test_a_review_of_the_content_does_not_answer_that_it_is_unclear(
    db: Database, suspect: Item
) -> None:
    for number, day in enumerate((3, 3, 2)):
        vote = ballot(f"puzzled {number}", reason=Reason.HARD_TO_UNDERSTAND)
        cast(db, vote, NOW - day * DAY)
    reassess(db)

    correct(db, suspect)

    assert [entry.key for entry in lanes(db)[Lane.CLARITY]] == [KEY]


def test_dismissing_an_item_of_clarity_leaves_the_suspicion(db: Database, suspect: Item) -> None:
    for number, day in enumerate((3, 3, 2)):
        vote = ballot(f"puzzled {number}", reason=Reason.HARD_TO_UNDERSTAND)
        cast(db, vote, NOW - day * DAY)
    reassess(db)
    (entry,) = lanes(db)[Lane.CLARITY]
    assert entry.item

    dismiss(db, entry.item)
    reassess(db)

    assert not lanes(db)[Lane.CLARITY]
    assert [entry.key for entry in lanes(db)[Lane.SUSPECTED]] == [KEY]


def test_an_assignment_and_a_note_are_steps(db: Database, suspect: Item) -> None:
    with db.write() as connection:
        staff.add(connection, "charlie", Role.EDITOR, "correct horse battery", now=NOW)
        assigned = actions.assign(
            connection, suspect.id, actor="bob", to="charlie", version=1, now=NOW
        )
        actions.note(
            connection, suspect.id, actor="charlie", text="I asked billing.", version=2, now=NOW
        )

    assert "charlie" == assigned.assignee == found(db, suspect).assignee
    assert steps(db, suspect)[1:] == [
        "assigned by bob on 2026-05-04 09:00 UTC: to charlie",
        "noted by charlie on 2026-05-04 09:00 UTC: I asked billing.",
    ]


@pytest.mark.parametrize("name", ["nobody", "", "a\0b"])
def test_an_item_is_not_given_to_an_account_that_is_not_there(
    db: Database, suspect: Item, name: str
) -> None:
    with pytest.raises(AccountError, match="no account"), db.write() as connection:
        actions.assign(connection, suspect.id, actor="bob", to=name, version=1, now=NOW)


def test_personal_data_in_a_note_is_masked(db: Database, suspect: Item) -> None:
    with db.write() as connection:
        actions.note(
            connection, suspect.id, actor="bob", text="Ask a@example.org", version=1, now=NOW
        )

    assert "example.org" not in steps(db, suspect)[-1]


def test_a_note_has_a_limit(db: Database, suspect: Item) -> None:
    with pytest.raises(RemarkTooLong), db.write() as connection:
        actions.note(connection, suspect.id, actor="bob", text="x" * 1_001, version=1, now=NOW)


def test_the_second_of_two_people_is_told_what_the_first_did(db: Database, suspect: Item) -> None:
    dismiss(db, suspect, actor="charlie", reason="Spam.")

    with pytest.raises(StaleItem, match=r"dismissed by charlie on .*: Spam\. Nothing was overw"):
        correct(db, suspect)

    assert ItemState.DISMISSED is found(db, suspect).state


def test_a_settled_item_cannot_be_settled_again(db: Database, suspect: Item) -> None:
    settled = dismiss(db, suspect)

    with pytest.raises(StaleItem, match="dismissed by charlie"):
        dismiss(db, settled)


@pytest.mark.parametrize("item", [999, 0, -1, 2**31, 10**30])
def test_an_unknown_item_is_said_to_be_unknown(db: Database, suspect: Item, item: int) -> None:
    with pytest.raises(UnknownItem, match=f"no item {item}"), db.write() as connection:
        actions.dismiss(connection, Read(item, 1, FIRST), actor="charlie", reason="Spam.", now=NOW)


def test_of_sixteen_who_act_at_once_one_succeeds_and_the_others_know(
    db: Database, suspect: Item
) -> None:
    barrier = Barrier(16)

    def act(number: int) -> str:
        barrier.wait()
        try:
            dismiss(db, suspect, actor=f"editor {number}")
        except StaleItem as stale:
            return stale.happened
        return "done"

    with ThreadPoolExecutor(16) as editors:
        answers = list(editors.map(act, range(16)))

    assert answers.count("done") == 1
    assert sum("dismissed by editor" in answer for answer in answers) == 15
    assert len(steps(db, suspect)) == 2


def test_a_stale_article_is_reviewed_without_an_item(db: Database) -> None:
    publish(db, now=NOW - 300 * DAY)

    with db.write() as connection:
        actions.review(
            connection, KEY, actor="charlie", evidence="Read it.", revision=FIRST, now=NOW
        )

    assert not lanes(db)[Lane.STALE]


def test_a_review_of_a_text_that_has_changed_meanwhile_is_refused(db: Database) -> None:
    publish(db)
    publish(db, article(SECOND, text=OTHER_TEXT), now=NOW)

    with pytest.raises(StaleItem, match="revision bbbbbbbbbbbb"), db.write() as connection:
        actions.review(
            connection, KEY, actor="charlie", evidence="Read it.", revision=FIRST, now=NOW
        )


def test_a_dismissal_of_a_watched_item_holds(db: Database, suspect: Item) -> None:
    publish(db, article(SECOND, text=OTHER_TEXT), now=NOW)
    watched = found(db, suspect)

    assert Step.DISMISSED.value in str(steps(db, dismiss(db, watched, revision=SECOND))[-1])
