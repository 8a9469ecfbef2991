"""Other machines are told what happens in the transaction in which it happens, in its order."""

import pytest

from feedback import actions, events, items, schema
from feedback.actions import Read
from feedback.database import Database
from feedback.events import Event, FixVerified, GapOpened
from feedback.model import Lane, Reason
from tests.feedback.builders import (
    DAY,
    FIRST,
    KEY,
    NOW,
    OTHER_TEXT,
    SECOND,
    article,
    ballot,
    cast,
    flag,
    publish,
    reassess,
)


def told(db: Database) -> list[Event]:
    """What lies in the outbox."""
    with db.read() as connection:
        rows = connection.execute(schema.outbox.select().order_by(schema.outbox.c.number)).all()
    return [events.parse(row.payload) for row in rows]


def types(db: Database) -> list[str]:
    return [event.type for event in told(db)]


def test_a_flag_is_told_with_its_evidence_and_then_its_item(db: Database) -> None:
    publish(db)

    flag(db)

    flagged, opened = told(db)
    assert (flagged.type, opened.type) == ("article.flagged", "item.opened")
    assert isinstance(flagged, events.ArticleFlagged)
    assert isinstance(opened, events.ItemMoved)
    assert flagged.evidence > flagged.threshold
    assert flagged.because == opened.because != ""
    assert (opened.lane, opened.key, flagged.key) == (Lane.SUSPECTED, KEY, KEY)


def test_an_edit_is_told_as_what_it_answers(db: Database) -> None:
    publish(db)
    flag(db)

    publish(db, article(SECOND, text=OTHER_TEXT), now=NOW + DAY)

    assert types(db)[2:] == ["article.cleared", "item.watching"]


def test_what_fades_is_told_as_cleared_and_closed(db: Database) -> None:
    publish(db)
    flag(db)
    for number in range(60):
        cast(db, ballot(f"content {number}", helpful=True), NOW + (1 + number % 5) * DAY)

    reassess(db, NOW + 7 * DAY)

    assert types(db)[2:] == ["article.cleared", "item.closed"]


def test_a_verdict_is_told_with_its_author_and_a_note_is_not_told(db: Database) -> None:
    publish(db)
    flag(db)
    with db.write() as connection:
        (item,) = items.live(connection)
        noted = actions.note(
            connection, item.id, actor="bob", text="I asked billing.", version=1, now=NOW
        )
        read = Read(item.id, noted.version, FIRST)
        actions.dismiss(connection, read, actor="charlie", reason="The law.", now=NOW)

    (dismissed,) = [event for event in told(db) if event.type == "item.dismissed"]
    assert types(db)[2:] == ["item.dismissed", "article.cleared"]
    assert isinstance(dismissed, events.ItemMoved)
    assert (dismissed.by, dismissed.because) == ("charlie", "The law.")


def test_a_remark_is_told_by_its_number_and_the_same_words_only_once(db: Database) -> None:
    publish(db)
    vote = ballot(reason=Reason.OTHER, remark="It says nothing of vouchers.")
    cast(db, vote)

    cast(db, vote)

    (comment,) = told(db)
    assert isinstance(comment, events.CommentCreated)
    assert comment.comment > 0


def test_a_vote_without_words_tells_nobody(db: Database) -> None:
    publish(db)

    cast(db, ballot())

    assert told(db) == []


@pytest.mark.parametrize(
    "event",
    [
        GapOpened(gap=3, lang="en", label="vouchers", askers=4),
        FixVerified(article="refund", lang="en", item=1, result="helped", because="9 of 9."),
    ],
)
def test_an_event_comes_back_as_it_was_emitted(db: Database, event: Event) -> None:
    with db.write() as connection:
        events.emit(connection, event, NOW)

    assert told(db) == [event]


def test_every_type_of_event_is_known_by_name() -> None:
    schema_ = events._adapter.json_schema()  # noqa: SLF001 -- the union itself
    found = set()
    for model in schema_["$defs"].values():
        named = model.get("properties", {}).get("type", {})
        found |= {named["const"]} if "const" in named else set(named.get("enum", []))

    assert found == set(events.TYPES)
