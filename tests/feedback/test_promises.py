"""Who waits for the writer without a thread: told once, and as early and late as those with one."""

import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from queue import Empty, SimpleQueue
from threading import Event

import pytest
from sqlalchemy import Connection

from feedback.database import Database
from feedback.errors import DatabaseBusy, DatabaseUnavailable, OutcomeUnknown
from feedback.writer import Writer
from tests.feedback.test_writer import failing, held_up, locked, noted, noting

Told = SimpleQueue[object]


@pytest.fixture
def writer(sqlite_db: Database) -> Iterator[Writer]:
    with closing(Writer(sqlite_db)) as writer:
        yield writer


@pytest.fixture
def hasty(sqlite_db: Database) -> Iterator[Writer]:
    """A writer for whom nobody waits long."""
    with closing(Writer(sqlite_db, patience=0.2)) as writer:
        yield writer


def posted(writer: Writer, work: Callable[[Connection], object]) -> Told:
    told: Told = SimpleQueue()
    writer.post(work, told.put)
    return told


def is_told_no_more(told: Told) -> bool:
    try:
        told.get(timeout=0.7)  # longer than it takes to look once more for who is overdue
    except Empty:
        return True
    return False


def test_who_is_told_finds_it_stored(sqlite_db: Database, writer: Writer) -> None:
    seen: SimpleQueue[list[str]] = SimpleQueue()

    writer.post(noting("a"), lambda _: seen.put(noted(sqlite_db)))

    assert seen.get(timeout=30) == ["a"]


def test_who_posts_waits_for_nothing(sqlite_db: Database, writer: Writer) -> None:
    with held_up(writer):
        waiting = [posted(writer, noting(f"{number:02}")) for number in range(40)]
        assert all(told.empty() for told in waiting)
    for told in waiting:
        assert isinstance(told.get(timeout=30), int)

    assert len(noted(sqlite_db)) == 40


def test_who_fails_is_told_why_and_what_follows_success_is_left_out(writer: Writer) -> None:
    followed: list[int] = []
    told: Told = SimpleQueue()

    writer.post(failing, told.put, followed.append)

    assert isinstance(told.get(timeout=30), ZeroDivisionError)
    assert followed == []


def test_who_waited_too_long_before_it_began_is_told_that_nothing_was_stored(
    sqlite_db: Database, hasty: Writer
) -> None:
    with locked(sqlite_db):
        waiting = [posted(hasty, noting(name)) for name in "abc"]
        outcomes = [told.get(timeout=30) for told in waiting]

    hasty.apply(noting("d"))
    assert [type(outcome) for outcome in outcomes] == [DatabaseUnavailable] * 3
    assert noted(sqlite_db) == ["d"]


def test_who_waited_too_long_after_it_began_is_told_once_that_nobody_knows(
    sqlite_db: Database, hasty: Writer
) -> None:
    go_on = Event()

    def slowly(connection: Connection) -> int:
        go_on.wait(30)
        return noting("a")(connection)

    told = posted(hasty, slowly)

    assert isinstance(told.get(timeout=30), OutcomeUnknown)
    go_on.set()
    assert is_told_no_more(told)
    assert noted(sqlite_db) == ["a"]


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_who_waits_for_a_writer_that_died_is_told_and_the_next_is_served(
    sqlite_db: Database, writer: Writer
) -> None:
    def kill(connection: Connection) -> int:
        noting("half done")(connection)
        raise SystemExit

    told = posted(writer, kill)

    assert isinstance(told.get(timeout=30), OutcomeUnknown)
    assert isinstance(posted(writer, noting("a")).get(timeout=30), int)
    assert noted(sqlite_db) == ["a"]


def test_a_full_queue_refuses_at_once_and_tells_nobody(sqlite_db: Database) -> None:
    told: Told = SimpleQueue()
    with closing(Writer(sqlite_db, room=1)) as writer, held_up(writer):
        writer.later(noting("a"))
        with pytest.raises(DatabaseBusy):
            writer.post(noting("b"), told.put)

    assert told.empty()
    assert noted(sqlite_db) == ["a"]


def test_closing_tells_those_who_wait(sqlite_db: Database) -> None:
    writer = Writer(sqlite_db)
    told = posted(writer, noting("a"))

    writer.close()

    assert isinstance(told.get(timeout=30), int)
    with pytest.raises(DatabaseUnavailable, match="stopping"):
        writer.post(noting("b"), told.put)


def test_nobody_is_told_by_their_own_call(sqlite_db: Database, writer: Writer) -> None:
    """Whoever posts may hold a lock that being told needs."""
    tellers: SimpleQueue[int] = SimpleQueue()
    for number in range(200):
        writer.post(noting(f"{number}"), lambda _: tellers.put(threading.get_ident()))

    told = {tellers.get(timeout=30) for _ in range(200)}

    assert threading.get_ident() not in told
    assert len(noted(sqlite_db)) == 200
