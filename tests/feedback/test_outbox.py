"""Messages leave at least once, in the order of their subject, and each for one courier alone."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Connection

from feedback import outbox
from feedback.database import Database
from feedback.errors import UnknownMessage
from feedback.outbox import BACK_OFF, LEASE, Message
from tests.feedback.builders import NOW

SECOND = timedelta(seconds=1)


def put(db: Database, *payloads: str, subject: str = "refund (en)", kind: str = "mail") -> None:
    with db.write() as connection:
        for payload in payloads:
            outbox.put(connection, kind, subject, payload, now=NOW)


def claim(db: Database, now: datetime = NOW, kind: str = "mail") -> Message | None:
    return db.apply(lambda connection: outbox.claim(connection, [kind], now))


def claimed(db: Database, now: datetime = NOW, kind: str = "mail") -> Message:
    message = claim(db, now, kind)
    assert message is not None
    return message


def fail(
    db: Database, message: Message, now: datetime = NOW, not_before: timedelta = timedelta()
) -> None:
    with db.write() as connection:
        outbox.failed(
            connection, message, "Away.", now=now, random=lambda: 0.5, not_before=not_before
        )


def deliver(db: Database, message: Message) -> None:
    db.apply(lambda connection: outbox.delivered(connection, message))


def waiting(db: Database) -> list[str]:
    with db.read() as connection:
        return [one.id for one in outbox.waiting(connection)]


def test_a_message_is_claimed_as_it_was_put(db: Database) -> None:
    put(db, "words")

    message = claimed(db)

    assert (
        message.kind,
        message.subject,
        message.payload,
        message.written,
        message.attempt,
    ) == ("mail", "refund (en)", "words", NOW, 1)


def test_a_message_of_a_transaction_that_fails_was_never_there(db: Database) -> None:
    def fail(connection: Connection) -> None:
        outbox.put(connection, "mail", "refund (en)", "words", now=NOW)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        db.apply(fail)

    assert claim(db) is None


def test_a_claimed_message_is_nobody_elses(db: Database) -> None:
    put(db, "words")
    claimed(db)

    assert claim(db, NOW + LEASE - SECOND) is None


def test_who_says_nothing_loses_the_message_and_it_keeps_its_id(db: Database) -> None:
    put(db, "words")
    first = claimed(db)

    second = claimed(db, NOW + LEASE)

    assert (first.id, 2) == (second.id, second.attempt)


def test_a_message_with_a_given_id_is_put_once_for_each_kind(db: Database) -> None:
    with db.write() as connection:
        for kind in ("shop", "shop", "tracker"):
            outbox.put(connection, kind, "refund (en)", "words", now=NOW, same_as="msg_1")

    assert waiting(db) == ["msg_1", "msg_1"]


def test_messages_of_one_subject_leave_one_after_another(db: Database) -> None:
    put(db, "first", "second")
    first = claimed(db)
    in_between = claim(db)
    deliver(db, first)

    assert (in_between, claimed(db).payload) == (None, "second")


def test_a_message_that_failed_holds_up_its_own_subject_and_kind_alone(db: Database) -> None:
    put(db, "first", "second")
    put(db, "of another subject", subject="opening-hours (en)")
    put(db, "of another kind", kind="issue")
    fail(db, claimed(db))

    assert claimed(db).payload == "of another subject"
    assert claimed(db, kind="issue").payload == "of another kind"
    assert claim(db) is None


def test_the_pauses_grow_until_the_message_is_a_dead_letter(db: Database) -> None:
    put(db, "words")
    now, pauses = NOW, []
    for _ in range(len(BACK_OFF)):
        fail(db, claimed(db, now), now)
        with db.read() as connection:
            (left,) = outbox.waiting(connection)
        assert left.due is not None
        pauses.append(left.due - now)
        now = left.due

    fail(db, claimed(db, now), now)

    with db.read() as connection:
        (letter,) = outbox.dead(connection)
    assert list(BACK_OFF) == pauses
    assert (letter.due, letter.attempts, letter.error) == (None, 7, "Away.")
    assert claim(db, now + timedelta(days=365)) is None


@pytest.mark.parametrize(("chance", "share"), [(0.0, 0.9), (1.0, 1.1)])
def test_each_pause_is_somewhat_shorter_or_longer(
    db: Database, chance: float, share: float
) -> None:
    put(db, "words")
    message = claimed(db)

    with db.write() as connection:
        outbox.failed(connection, message, "It is away.", now=NOW, random=lambda: chance)

    assert claim(db, NOW + share * BACK_OFF[0] - SECOND) is None
    assert claim(db, NOW + share * BACK_OFF[0]) is not None


def test_a_receiver_may_ask_for_a_longer_pause(db: Database) -> None:
    put(db, "words")
    hour = timedelta(hours=1)

    fail(db, claimed(db), not_before=hour)

    assert claim(db, NOW + hour - SECOND) is None
    assert claim(db, NOW + hour) is not None


def test_a_dead_letter_holds_nobody_up(db: Database) -> None:
    put(db, "first", "second")
    first = claimed(db)

    db.apply(lambda connection: outbox.give_up(connection, first, "Nobody of that name."))

    assert claimed(db).payload == "second"


def test_a_dead_letter_that_is_tried_again_begins_anew(db: Database) -> None:
    put(db, "words")
    message = claimed(db)
    db.apply(lambda connection: outbox.give_up(connection, message, "Nobody of that name."))

    db.apply(lambda connection: outbox.retry(connection, message.number, NOW))

    again = claimed(db)
    assert (message.id, 1) == (again.id, again.attempt)


def test_a_discarded_message_is_gone(db: Database) -> None:
    put(db, "words")
    number = claimed(db).number

    db.apply(lambda connection: outbox.discard(connection, number))

    assert waiting(db) == []
    with pytest.raises(UnknownMessage, match=r"no undelivered message 1\."):
        db.apply(lambda connection: outbox.discard(connection, number))
    with pytest.raises(UnknownMessage):
        db.apply(lambda connection: outbox.retry(connection, number, NOW))


def test_who_comes_back_too_late_does_not_put_off_whom_the_message_belongs_to(db: Database) -> None:
    put(db, "words")
    late = claimed(db)
    claimed(db, NOW + LEASE)

    db.apply(lambda connection: outbox.give_up(connection, late, "It is away."))

    with db.read() as connection:
        assert outbox.dead(connection) == []


def test_what_is_due_is_told_by_kind(db: Database) -> None:
    put(db, "a", "b", kind="mail")
    put(db, "c", kind="issue")
    put(db, "d", kind="of-nobody")
    fail(db, claimed(db, kind="issue"))

    with db.read() as connection:
        due = outbox.due(connection, ["mail", "issue"], NOW)
        counts = outbox.counts(connection)

    assert due == ["mail"]
    assert counts == {"issue": 1, "mail": 2, "of-nobody": 1}


def test_several_at_once_claim_each_message_once(db: Database) -> None:
    for number in range(40):
        put(db, str(number), subject=f"article {number}")

    def take_all(_: int) -> list[str]:
        found = []
        while message := claim(db):
            found.append(message.payload)
        return found

    with ThreadPoolExecutor(4) as threads:
        taken = [payload for found in threads.map(take_all, range(4)) for payload in found]

    assert sorted(map(str, range(40))) == sorted(taken)


def test_what_nobody_takes_for_months_is_forgotten(db: Database) -> None:
    put(db, "old")
    later = NOW + outbox.KEPT + SECOND
    with db.write() as connection:
        outbox.put(connection, "mail", "refund (en)", "new", now=later)

    swept = db.apply(lambda connection: outbox.sweep(connection, later))

    assert swept == 1
    assert claimed(db, later).payload == "new"
