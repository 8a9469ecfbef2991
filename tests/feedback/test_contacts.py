from datetime import timedelta

import pytest
from sqlalchemy import select

from feedback import contacts, keepsakes, outbox, receipts, schema, votes
from feedback.contacts import Contact
from feedback.database import Database
from feedback.errors import AddressMalformed, TooManyLetters
from feedback.keepsakes import Kept
from feedback.model import ArticleKey, Ballot, Outcome, Purpose
from feedback.remarks import Place
from feedback.sealing import Seals
from tests.feedback.builders import (
    DAY,
    FIRST,
    KEY,
    NOW,
    OTHER_TEXT,
    SECOND,
    article,
    ballot,
    count,
    draws,
    publish,
)

SEALS = Seals(b"k" * 32)
ALICE = "alice@example.org"
HERS = Place(KEY, FIRST, "alice")


@pytest.fixture
def published(db: Database) -> Database:
    publish(db)
    return db


def leave(db: Database, address: str = ALICE, vote: Ballot | None = None, days: float = 0) -> Kept:
    """Let Alice say no and leave her address."""
    said = keepsakes.prepare(
        votes.prepare(vote or ballot()), address, seals=SEALS, randomness=draws
    )
    with db.write() as connection:
        return keepsakes.store(connection, said, NOW + days * DAY)


def confirm(db: Database, place: Place = HERS, days: float = 0) -> bool:
    with db.write() as connection:
        return contacts.confirm(connection, place, NOW + days * DAY)


def forget(db: Database, after: timedelta) -> None:
    with db.write() as connection:
        contacts.forget(connection, NOW + after)


def hers(db: Database) -> Contact | None:
    with db.read() as connection:
        return contacts.at(connection, HERS)


def due(db: Database) -> list[Place]:
    with db.read() as connection:
        return [contact.place for contact in contacts.due(connection)]


def edit(db: Database, days: float = 1) -> None:
    publish(db, article(SECOND, text=OTHER_TEXT), now=NOW + days * DAY)


def letters(db: Database) -> list[str]:
    with db.read() as connection:
        payloads = connection.execute(
            select(schema.outbox.c.payload)
            .where(schema.outbox.c.kind == contacts.MAIL)
            .order_by(schema.outbox.c.number)
        ).scalars()
        return [payload.partition(" ")[0] for payload in payloads]


def test_an_address_is_sealed_and_asked_once(published: Database) -> None:
    kept = leave(published)

    contact = hers(published)
    assert kept.writes
    assert contact is not None
    assert SEALS.open(contact.sealed, contact.id) == ALICE
    assert (contact.confirmed, letters(published)) == (None, ["confirm"])


def test_a_message_in_the_outbox_names_the_row_and_never_the_address(published: Database) -> None:
    leave(published)

    with published.read() as connection:
        (waiting,) = outbox.waiting(connection)
        rows = str(list(connection.execute(select(schema.outbox))))
    contact = hers(published)
    assert contact is not None
    assert (waiting.kind, waiting.subject) == (contacts.MAIL, contact.id)
    assert "alice@" not in rows


def test_the_same_address_again_is_not_asked_again(published: Database) -> None:
    leave(published)

    again = leave(published, "ALICE@example.org", ballot(remark="Step three."))

    assert not again.writes
    assert letters(published) == ["confirm"]


def test_another_address_takes_the_place_of_the_first(published: Database) -> None:
    leave(published)
    confirm(published)
    leave(published, "alice@work.example.org")

    contact = hers(published)
    assert contact is not None
    assert SEALS.open(contact.sealed, contact.id) == "alice@work.example.org"
    assert contact.confirmed is None
    with published.read() as connection:
        assert count(connection, schema.contacts) == 1


def test_one_address_is_asked_three_times_in_a_day_though_it_is_withdrawn_each_time(
    published: Database,
) -> None:
    for number in range(contacts.CONFIRMATIONS_A_DAY):
        leave(published, vote=ballot(f"mallory {number}"))
        with published.write() as connection:
            receipts.withdraw(connection, Place(KEY, FIRST, f"mallory {number}"))

    with pytest.raises(TooManyLetters):
        leave(published, days=0.9)
    leave(published, "bob@example.org", ballot("bob"))
    forget(published, DAY)
    leave(published, days=1)


def test_an_address_left_with_a_no_goes_with_a_yes(published: Database) -> None:
    leave(published)
    leave(published, "", ballot(helpful=True))

    assert hers(published) is None
    with published.read() as connection:
        rows = connection.execute(select(schema.receipts.c.purpose)).scalars()
        assert set(rows) == {Purpose.SEE}


def test_an_address_left_with_a_no_that_did_not_count_goes_with_a_yes_that_does(
    published: Database,
) -> None:
    leave(published, vote=ballot(trusted=False))
    kept = leave(published, "", ballot(helpful=True))

    assert kept.cast.outcome is Outcome.COUNTED
    assert hers(published) is None


def test_what_is_no_address_is_not_kept(published: Database) -> None:
    with pytest.raises(AddressMalformed):
        leave(published, "alice@example.org\r\nBcc: bob@example.org")

    with published.read() as connection:
        assert count(connection, schema.votes) == 0


def test_an_unconfirmed_address_is_deleted_after_two_days(published: Database) -> None:
    leave(published)

    forget(published, timedelta(hours=47))
    assert hers(published) is not None
    forget(published, timedelta(hours=49))
    assert hers(published) is None
    assert not confirm(published)


def test_a_confirmed_address_is_deleted_after_180_days(published: Database) -> None:
    leave(published)
    assert confirm(published)

    forget(published, timedelta(days=179))
    assert hers(published) is not None
    forget(published, timedelta(days=181))
    assert hers(published) is None


def test_the_link_that_confirms_goes_with_the_address(published: Database) -> None:
    leave(published)

    forget(published, timedelta(hours=49))

    with published.read() as connection:
        rows = connection.execute(select(schema.receipts.c.purpose)).scalars()
        assert list(rows) == [Purpose.SEE]


def test_the_first_confirmation_is_the_one_that_is_remembered(published: Database) -> None:
    leave(published)
    confirm(published, days=1)
    confirm(published, days=2)

    contact = hers(published)
    assert contact is not None
    assert contact.confirmed == NOW + DAY


def test_nobody_is_told_before_confirming_nor_before_an_edit(published: Database) -> None:
    leave(published)
    edit(published)
    assert due(published) == []

    confirm(published, days=2)

    assert due(published) == [HERS]


def test_a_minor_edit_and_one_of_another_article_are_not_told(published: Database) -> None:
    leave(published)
    confirm(published)
    other = article(SECOND, key=ArticleKey(KEY.article, "de"), text=OTHER_TEXT)

    publish(published, article(SECOND, text=OTHER_TEXT, minor=True), other, now=NOW + DAY)

    assert due(published) == []


def test_an_article_that_is_gone_or_internal_is_not_told(published: Database) -> None:
    leave(published)
    confirm(published)

    publish(published, article(SECOND, text=OTHER_TEXT, public=False), now=NOW + DAY)

    assert due(published) == []


def test_each_edit_is_told_once_by_whoever_is_first(published: Database) -> None:
    leave(published)
    confirm(published)
    edit(published)
    with published.read() as connection:
        (contact,) = contacts.due(connection)

    with published.write() as connection:
        told = [contacts.tell(connection, contact, "answer", NOW + DAY) for _ in range(2)]

    assert told == [True, False]
    assert due(published) == []
    assert letters(published) == ["confirm", "changed"]


def test_the_link_that_asks_back_outlives_the_address_for_180_days(published: Database) -> None:
    leave(published)
    confirm(published)
    edit(published)
    with published.write() as connection:
        contacts.tell(connection, contacts.due(connection)[0], "answer", NOW + DAY)
        contacts.drop(connection, HERS)

    forget(published, timedelta(days=180))
    with published.read() as connection:
        found = receipts.find(connection, "answer")
    assert found is not None
    assert found.purpose is Purpose.ANSWER
    forget(published, timedelta(days=182))
    with published.read() as connection:
        assert receipts.find(connection, "answer") is None


def test_all_places_of_an_address_are_found_for_its_erasure(published: Database) -> None:
    leave(published)
    leave(published, "Alice@Example.org", ballot("her telephone"))
    leave(published, "bob@example.org", ballot("bob"))

    with published.read() as connection:
        found = contacts.owned(connection, SEALS.index(ALICE))

    assert {place.visitor for place in found} == {"alice", "her telephone"}
