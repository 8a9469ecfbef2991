"""The courier carries what is due, keeps order and claims, and never loses a message."""

import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from answerloop.deliveries.errors import GiveUp, TryLater
from answerloop.web.courier import Courier
from feedback import database, outbox
from feedback.database import Database
from feedback.errors import DatabaseUnavailable
from feedback.outbox import LEASE, Message
from feedback.writer import Writer

NOW = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    with closing(database.open(f"sqlite:///{tmp_path / 'kb.db'}")) as opened:
        opened.upgrade()
        yield opened


@pytest.fixture
def writer(db: Database) -> Iterator[Writer]:
    with closing(Writer(db)) as writer:
        yield writer


class Receiver:
    """Takes messages; while `problem` is set, none arrives."""

    def __init__(self) -> None:
        self.problem: Exception | None = None
        self.tried: list[Message] = []
        self.arrived: list[str] = []
        self.came = threading.Event()

    def take(self, message: Message) -> None:
        self.tried.append(message)
        if self.problem is not None:
            raise self.problem
        self.arrived.append(message.payload)
        self.came.set()


@pytest.fixture
def receiver() -> Receiver:
    return Receiver()


def put(db: Database, *payloads: str, subject: str = "refund", kind: str = "mail") -> None:
    with db.write() as connection:
        for payload in payloads:
            outbox.put(connection, kind, subject, payload, now=NOW)


def courier(writer: Writer, receiver: Receiver, now: datetime = NOW) -> Courier:
    return Courier(writer, {"mail": receiver.take}, lambda: now, lambda: 0.5)


def counts(db: Database) -> tuple[int, int]:
    """How many wait, and how many are dead."""
    with db.read() as connection:
        return len(outbox.waiting(connection)), len(outbox.dead(connection))


def test_all_that_is_due_is_delivered_in_order(
    db: Database, writer: Writer, receiver: Receiver
) -> None:
    put(db, "first", "second", "third")

    courier(writer, receiver).deliver()

    assert (receiver.arrived, counts(db)) == (["first", "second", "third"], (0, 0))


def test_a_receiver_that_is_away_is_asked_once_in_a_turn(
    db: Database, writer: Writer, receiver: Receiver
) -> None:
    put(db, "first")
    put(db, "second", subject="opening-hours")
    receiver.problem = TryLater("It is away.")

    courier(writer, receiver).deliver()

    assert len(receiver.tried) == 1


def test_one_receiver_that_is_away_does_not_hold_up_another(
    db: Database, writer: Writer, receiver: Receiver
) -> None:
    put(db, "first")
    put(db, "second", kind="issue")
    receiver.problem = TryLater("It is away.")
    other = Receiver()

    Courier(writer, {"mail": receiver.take, "issue": other.take}, lambda: NOW).deliver()

    assert other.arrived == ["second"]


def test_after_an_outage_all_arrives_in_order_under_the_first_ids(
    db: Database, writer: Writer, receiver: Receiver
) -> None:
    put(db, "first", "second")
    receiver.problem = TryLater("It is away.")
    for minute in range(60):
        courier(writer, receiver, NOW + timedelta(minutes=minute)).deliver()
    receiver.problem = None

    for minute in range(60, 180):
        courier(writer, receiver, NOW + timedelta(minutes=minute)).deliver()

    assert receiver.arrived == ["first", "second"]
    assert len({message.id for message in receiver.tried}) == 2


def test_what_cannot_arrive_is_a_dead_letter_and_the_next_goes_on(
    db: Database, writer: Writer, receiver: Receiver
) -> None:
    put(db, "first", "second")
    receiver.problem = GiveUp("Nobody of that name.")

    courier(writer, receiver).deliver()

    assert (len(receiver.tried), counts(db)) == (2, (0, 2))


def test_a_bug_in_a_handler_loses_nothing_and_tells_no_details(
    db: Database, writer: Writer, receiver: Receiver
) -> None:
    put(db, "first")
    receiver.problem = ValueError("with a secret")

    courier(writer, receiver).deliver()

    with db.read() as connection:
        (left,) = outbox.waiting(connection)
    assert left.error == "An error in the program: ValueError."


def test_a_message_outlives_a_database_that_is_away(
    db: Database, writer: Writer, receiver: Receiver
) -> None:
    put(db, "first")
    receiver.problem = DatabaseUnavailable("kb.db: is locked.")

    with pytest.raises(DatabaseUnavailable):
        courier(writer, receiver).deliver()

    receiver.problem = None
    courier(writer, receiver, NOW + LEASE).deliver()
    assert receiver.arrived == ["first"]


def test_a_kind_that_nobody_delivers_waits(
    db: Database, writer: Writer, receiver: Receiver
) -> None:
    put(db, "first", kind="webhook:of-yesterday")

    courier(writer, receiver).deliver()

    assert counts(db) == (1, 0)


def test_no_transaction_is_open_while_a_message_is_under_way(db: Database, writer: Writer) -> None:
    put(db, "first")
    other_writes: list[bool] = []

    def handle(_: Message) -> None:
        put(db, "of somebody else", kind="issue")
        other_writes.append(True)

    Courier(writer, {"mail": handle}, lambda: NOW).deliver()

    assert other_writes == [True]


def test_a_running_courier_delivers_what_it_is_woken_for(
    db: Database, writer: Writer, receiver: Receiver
) -> None:
    carrier = courier(writer, receiver)
    with carrier.running():
        put(db, "first")
        carrier.wake()
        assert receiver.came.wait(30)

    assert not [thread for thread in threading.enumerate() if thread.name == "chores"]
