from datetime import timedelta

import pytest
from sqlalchemy import select

from feedback import questions, schema
from feedback.database import Database
from feedback.errors import RemarkTooLong
from feedback.gaps import asks
from feedback.questions import Received
from tests.feedback.asked import DAY, NOW, ask, teller


def counted(db: Database) -> list[str]:
    with db.read() as connection:
        return [ask.text for ask in asks.failed(connection, NOW - 10 * DAY, NOW)]


def test_a_question_counts_fully(db: Database) -> None:
    said = ask(db, "Do you sell chairs?", "alice")

    assert said is Received.RECEIVED
    assert counted(db) == ["Do you sell chairs?"]


def test_the_same_question_again_is_the_same(db: Database) -> None:
    ask(db, "Do you sell chairs?", "alice")
    again = ask(db, "Do you sell chairs?", "alice", NOW - DAY + timedelta(seconds=299))

    assert again is Received.ALREADY_RECEIVED
    assert len(counted(db)) == 1


def test_personal_data_is_masked(db: Database) -> None:
    ask(db, "Where is my parcel? alice@example.com", "alice")

    with db.read() as connection:
        row = connection.execute(select(schema.questions.c.text, schema.questions.c.pii)).one()
    assert tuple(row) == ("Where is my parcel? [e-mail]", "suspected")


def test_a_long_question_is_refused() -> None:
    with pytest.raises(RemarkTooLong):
        questions.prepare("long " * 300)


@pytest.mark.parametrize(
    ("text", "trusted", "by_person"),
    [
        ("Buy https://a.example and http://b.example", True, True),
        ("Do you sell chairs?", False, True),
        ("Do you sell chairs?", True, False),
        ("???", True, True),
        (" \n ", True, True),
    ],
)
def test_what_programs_send_is_held_and_does_not_count(
    db: Database, text: str, *, trusted: bool, by_person: bool
) -> None:
    question = questions.Question(questions.prepare(text), "en", looks_sent_by_person=by_person)

    with db.write() as connection:
        said = questions.ask(connection, teller("mallory", trusted=trusted), question, NOW)
        again = questions.ask(connection, teller("mallory", trusted=trusted), question, NOW)

    assert (said, again) == (Received.HELD, Received.HELD)
    assert counted(db) == []
