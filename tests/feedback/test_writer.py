"""The one writer: answered only once committed, and never at a neighbour's cost."""

import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from threading import Event

import pytest
from sqlalchemy import Connection, insert, select

from feedback import schema
from feedback.database import Database
from feedback.errors import DatabaseBusy, DatabaseUnavailable, OutcomeUnknown
from feedback.writer import Writer
from tests.feedback.builders import NOW

Work = Callable[[Connection], int]


@pytest.fixture
def writer(db: Database) -> Iterator[Writer]:
    with closing(Writer(db)) as writer:
        yield writer


def noting(name: str) -> Work:
    """Work that adds a row of this name and says in which transaction."""

    def note(connection: Connection) -> int:
        connection.execute(insert(schema.meta).values(name=name, value="1", computed=NOW))
        return id(connection)

    return note


def failing(connection: Connection) -> int:
    noting("half done")(connection)
    raise ZeroDivisionError


def noted(db: Database) -> list[str]:
    with db.read() as connection:
        return sorted(connection.execute(select(schema.meta.c.name)).scalars())


@contextmanager
def held_up(writer: Writer) -> Iterator[None]:
    """Keep the writer busy: what comes within the block gathers behind it."""
    begun, go_on = Event(), Event()

    def block(_: Connection) -> None:
        begun.set()
        go_on.wait(30)

    writer.later(block)
    begun.wait(30)
    try:
        yield
    finally:
        go_on.set()


@contextmanager
def locked(db: Database) -> Iterator[None]:
    """Another program holds SQLite's write lock."""
    other = sqlite3.connect(db.place, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        other.close()


def test_what_is_answered_is_stored(db: Database, writer: Writer) -> None:
    writer.apply(noting("a"))

    assert noted(db) == ["a"]


def test_what_gathered_is_one_transaction(sqlite_db: Database) -> None:
    seen: list[int] = []

    with closing(Writer(sqlite_db)) as writer:
        with held_up(writer):
            for number in range(100):
                writer.later(lambda db, number=number: seen.append(noting(f"{number:03}")(db)))  # type: ignore[misc]  # a default that is no parameter
        writer.apply(noting("last"))

    assert len(noted(sqlite_db)) == 101
    assert len(set(seen)) == 1


def test_a_job_that_fails_is_told_why_and_undoes_nothing_else(db: Database, writer: Writer) -> None:
    with ThreadPoolExecutor(16) as pool:
        with held_up(writer):
            good = [pool.submit(writer.apply, noting(name)) for name in "abcde"]
            bad = [pool.submit(writer.apply, failing) for _ in range(5)]
            twice = pool.submit(writer.apply, noting("a twin"))
            twins = pool.submit(writer.apply, noting("a twin"))
        for answer in good:
            answer.result()
        problems = [type(answer.exception()).__name__ for answer in bad]
        colliding = [type(answer.exception()).__name__ for answer in (twice, twins)]

    assert noted(db) == ["a", "a twin", "b", "c", "d", "e"]
    assert problems == ["ZeroDivisionError"] * 5
    assert sorted(colliding) == ["IntegrityError", "NoneType"]


def test_when_the_whole_transaction_is_undone_each_is_tried_for_itself(
    sqlite_db: Database,
) -> None:
    """SQLite does that by itself when a disk is full at a bad moment."""

    def spoil(connection: Connection) -> int:
        connection.exec_driver_sql("ROLLBACK")
        raise ZeroDivisionError

    with closing(Writer(sqlite_db)) as writer, ThreadPoolExecutor(16) as pool:
        with held_up(writer):
            before = [pool.submit(writer.apply, noting(name)) for name in "abc"]
            spoilt = pool.submit(writer.apply, spoil)
            after = [pool.submit(writer.apply, noting(name)) for name in "def"]
        for answer in (*before, *after):
            answer.result()

        assert isinstance(spoilt.exception(), ZeroDivisionError)

    assert noted(sqlite_db) == list("abcdef")


def test_a_full_queue_refuses_at_once(sqlite_db: Database) -> None:
    with closing(Writer(sqlite_db, room=3)) as writer, held_up(writer):
        for name in "abc":
            writer.later(noting(name))
        with pytest.raises(DatabaseBusy, match=r"3 writes are waiting.*Nothing was stored"):
            writer.apply(noting("d"))

    assert noted(sqlite_db) == ["a", "b", "c"]


def test_who_waited_too_long_before_it_began_takes_it_back(sqlite_db: Database) -> None:
    with closing(Writer(sqlite_db, patience=0.2)) as writer:
        with locked(sqlite_db), pytest.raises(DatabaseUnavailable, match="Nothing was stored"):
            writer.apply(noting("a"))
        writer.apply(noting("b"))

    assert noted(sqlite_db) == ["b"]


def test_who_waited_too_long_after_it_began_is_told_that_nobody_knows(
    sqlite_db: Database,
) -> None:
    go_on = Event()

    def slowly(connection: Connection) -> int:
        go_on.wait(30)
        return noting("a")(connection)

    with closing(Writer(sqlite_db, patience=0.2)) as writer:
        with pytest.raises(OutcomeUnknown, match="Try again: it counts once"):
            writer.apply(slowly)
        go_on.set()

    assert noted(sqlite_db) == ["a"]


def test_a_lock_held_by_another_program_is_waited_for(sqlite_db: Database) -> None:
    with closing(Writer(sqlite_db)) as writer, ThreadPoolExecutor(8) as pool:
        with locked(sqlite_db):
            answers = [pool.submit(writer.apply, noting(name)) for name in "abcdefgh"]
        for answer in answers:
            answer.result()

    assert noted(sqlite_db) == list("abcdefgh")


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_writer_that_died_is_noticed_and_another_goes_on(sqlite_db: Database) -> None:
    def kill(connection: Connection) -> int:
        noting("half done")(connection)
        raise SystemExit

    with closing(Writer(sqlite_db)) as writer:
        with pytest.raises(OutcomeUnknown):
            writer.apply(kill)
        writer.apply(noting("a"))

    assert noted(sqlite_db) == ["a"]


def test_what_follows_is_called_between_commit_and_answer(db: Database, writer: Writer) -> None:
    seen: list[list[str]] = []

    writer.apply(noting("a"), then=lambda _: seen.append(noted(db)))

    assert seen == [["a"]]


def test_what_follows_cannot_undo_what_is_stored(db: Database, writer: Writer) -> None:
    def fail(_: int) -> None:
        raise ZeroDivisionError

    writer.apply(noting("a"), then=fail)

    assert noted(db) == ["a"]


def test_closing_writes_what_waits_and_refuses_what_comes_later(db: Database) -> None:
    writer = Writer(db)
    for name in "abc":
        writer.later(noting(name))

    writer.close()

    assert noted(db) == ["a", "b", "c"]
    writer.later(noting("d"))
    assert noted(db) == ["a", "b", "c"]


def test_a_closed_writer_says_that_nothing_was_stored(sqlite_db: Database) -> None:
    writer = Writer(sqlite_db)
    writer.close()

    with pytest.raises(DatabaseUnavailable, match=r"stopping\. Nothing was stored"):
        writer.apply(noting("a"))
