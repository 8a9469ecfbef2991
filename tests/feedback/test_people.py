"""What is erased is in no byte of the database file or of its log."""

import sqlite3
from contextlib import closing
from functools import partial
from pathlib import Path
from random import Random
from threading import Thread

import pytest
from sqlalchemy import Connection, delete, update

from feedback import database, people, rehearsal, remarks, schema, staff, votes
from feedback.database import Database
from feedback.model import Role
from feedback.writer import Writer
from tests.faults import poll
from tests.faults.poll import Poll
from tests.feedback.builders import NOW, ballot, cast, count, publish


def test_nothing_of_what_is_erased_is_left_in_the_file_or_its_log(
    sqlite_db: Database, tmp_path: Path
) -> None:
    """Rows of all lengths, erased in any order: a page that moves rows keeps copies of them."""
    publish(sqlite_db)
    random = Random(3)  # noqa: S311 -- an order, no secret
    names = [f"reader-{number:05}-end" for number in range(1_500)]
    for part in range(0, 1_500, 50):
        with sqlite_db.write() as connection:
            for name in names[part : part + 50]:
                words = f"What {name} wrote. " * random.randrange(1, 30)
                said = ballot(name, remark=words[:900], network=f"net-{name}")
                votes.cast(connection, said, NOW)
    random.shuffle(names)
    gone, kept = names[:750], names[750:]
    for part in range(0, 750, 50):
        sqlite_db.apply(partial(erase, names=gone[part : part + 50], random=random))

    is_wiped = people.scrub(sqlite_db)

    left = b"".join((tmp_path / f"kb.db{end}").read_bytes() for end in ("", "-wal"))
    assert is_wiped
    assert [name for name in gone if name.encode() in left] == []
    assert all(name.encode() in left for name in kept)


def test_votes_that_come_meanwhile_are_stored(tmp_path: Path) -> None:
    poll.begin(tmp_path / "kb.db")
    url = f"sqlite:///{tmp_path / 'kb.db'}"
    with (
        closing(database.open(url)) as db,
        closing(database.open(url)) as another,
        closing(Writer(db)) as writer,
    ):
        readers = Poll(writer)
        crowd = Thread(target=readers.vote_together, args=[range(300)])
        crowd.start()
        wiped = [people.scrub(another) for _ in range(3)]
        crowd.join()

        assert any(wiped)
        assert not readers.refused
        assert len(poll.stored(db)) == 300
        assert poll.is_whole(db)


def test_a_file_that_others_keep_busy_is_said_to_be_unwiped(sqlite_db: Database) -> None:
    with sqlite_db.write() as connection:
        connection.exec_driver_sql("PRAGMA busy_timeout = 50")
    other = sqlite3.connect(sqlite_db.place, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    busy = people.scrub(sqlite_db)
    other.close()

    assert (busy, people.scrub(sqlite_db)) == (False, True)


def test_a_person_is_exported_as_kept_and_erased_from_each_source(db: Database) -> None:
    with db.write() as connection:
        staff.add(connection, "charlie", Role.EDITOR, "correct horse battery", now=NOW)
        staff.add(connection, "dora", Role.AGENT, "correct horse battery", now=NOW)

    with db.read() as connection:
        kept = people.export(connection, people.ACCOUNT, "charlie")
    erased = db.apply(partial(people.erase, sources=people.ACCOUNT, word="charlie"))

    assert kept["account"] == [
        {"name": "charlie", "role": Role.EDITOR, "added": NOW, "deactivated": None}
    ]
    assert "argon2" not in repr(kept)
    assert erased == {
            "sessions": 0, "identities": 0, "tokens": 0, "account": 1, "traces": 0, "audit log": 0,
        }  # fmt: skip
    with db.read() as connection:
        assert [user.name for user in staff.listed(connection)] == ["dora"]


def test_of_a_person_that_nobody_knows_nothing_is_found(db: Database) -> None:
    with db.read() as connection:
        assert not any(people.export(connection, people.ACCOUNT, "nobody").values())


def test_a_rehearsal_does_and_undoes(db: Database) -> None:
    publish(db)
    cast(db, ballot(remark="Words."))

    with rehearsal.of(db) as store:
        forgotten = store.apply(lambda db: remarks.forget_before(db, NOW.replace(year=2027)))
        with store.read() as connection:
            during = count(connection, schema.remarks)

    with db.read() as connection:
        after = count(connection, schema.remarks)
    assert (forgotten, during, after) == (1, 0, 1)


def test_an_error_in_a_rehearsal_is_not_swallowed(db: Database) -> None:
    with pytest.raises(ValueError, match="oops"), rehearsal.of(db):
        raise ValueError("oops")


def erase(connection: Connection, names: list[str], random: Random) -> None:
    """Some votes go as a whole, of the others the keys and the words."""
    votes, words = schema.votes, schema.remarks
    for name in names:
        if random.random() < 0.5:
            connection.execute(delete(votes).where(votes.c.visitor == name))
            continue
        connection.execute(delete(words).where(words.c.visitor == name))
        other = f"x{random.getrandbits(128):032x}"
        connection.execute(
            update(votes).where(votes.c.visitor == name).values(visitor=other, network=other)
        )
