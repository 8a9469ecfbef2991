from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from feedback import schema, sessions, staff
from feedback.database import Database
from feedback.model import Role
from feedback.sessions import Session
from tests.feedback.builders import NOW, count

HOUR = timedelta(hours=1)
MOMENT = timedelta(microseconds=1)


@pytest.fixture(autouse=True)
def charlie(db: Database) -> None:
    with db.write() as connection:
        staff.add(connection, "charlie", Role.EDITOR, "correct horse battery", now=NOW)


def begin(db: Database, now: datetime = NOW) -> str:
    with db.write() as connection:
        return sessions.begin(connection, "charlie", now)


def find(db: Database, token: str, now: datetime) -> Session | None:
    with db.read() as connection:
        return sessions.find(connection, token, now)


def touch(db: Database, token: str, now: datetime) -> None:
    with db.write() as connection:
        sessions.touch(connection, token, now)


def test_a_session_knows_its_user_and_their_role(db: Database) -> None:
    token = begin(db)

    assert Session("charlie", Role.EDITOR, NOW, NOW) == find(db, token, NOW)


def test_each_session_has_a_token_of_its_own_of_256_bits(db: Database) -> None:
    first, second = begin(db), begin(db)

    assert first != second
    assert len(first) == 43


def test_only_the_hash_of_a_token_is_kept(db: Database) -> None:
    token = begin(db)

    with db.read() as connection:
        kept = connection.execute(select(schema.sessions.c.token)).scalar_one()

    assert token not in kept
    assert len(kept) == 64
    assert find(db, kept, NOW) is None


@pytest.mark.parametrize("token", ["", " ", "x" * 43, "\udc80"])
def test_an_unknown_token_is_nobodys(db: Database, token: str) -> None:
    begin(db)

    assert find(db, token, NOW) is None


def test_a_session_ends_after_twelve_idle_hours(db: Database) -> None:
    token = begin(db)

    assert find(db, token, NOW + 12 * HOUR - MOMENT)
    assert find(db, token, NOW + 12 * HOUR) is None


def test_a_session_in_use_goes_on(db: Database) -> None:
    token = begin(db)
    touch(db, token, NOW + 11 * HOUR)

    assert find(db, token, NOW + 22 * HOUR)


def test_a_session_ends_after_seven_days_however_much_it_is_used(db: Database) -> None:
    token = begin(db)
    for hours in range(10, 7 * 24, 10):
        touch(db, token, NOW + hours * HOUR)

    assert find(db, token, NOW + 168 * HOUR - MOMENT)
    assert find(db, token, NOW + 168 * HOUR) is None


def test_a_session_that_has_ended_cannot_be_used_back_to_life(db: Database) -> None:
    token = begin(db)

    touch(db, token, NOW + 13 * HOUR)

    assert find(db, token, NOW + 13 * HOUR) is None


def test_a_session_is_due_when_it_was_not_seen_for_some_minutes(db: Database) -> None:
    session = find(db, begin(db), NOW)
    assert session

    assert not session.is_due(NOW + timedelta(minutes=5))
    assert session.is_due(NOW + timedelta(minutes=6))


def test_signing_out_ends_this_session_and_no_other(db: Database) -> None:
    phone, desk = begin(db), begin(db)

    with db.write() as connection:
        sessions.end(connection, phone)

    assert find(db, phone, NOW) is None
    assert find(db, desk, NOW)


def test_sessions_that_ended_are_removed_at_the_next_sign_in(db: Database) -> None:
    begin(db)

    begin(db, NOW + 13 * HOUR)

    with db.read() as connection:
        assert count(connection, schema.sessions) == 1
