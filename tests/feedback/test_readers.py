"""A reader who has a private link, or left an address, is found, shown and erased."""

from functools import partial
from pathlib import Path

import pytest

from feedback import keepsakes, people, readers, receipts, schema, votes
from feedback.database import Database
from feedback.people import Source
from feedback.sealing import Seals
from tests.feedback.builders import NOW, ballot, count, draws, publish

SEALS = Seals(b"k" * 32)
ALICE = "alice@example.org"


@pytest.fixture
def published(db: Database) -> Database:
    publish(db)
    return db


def say(db: Database, name: str, words: str, address: str = "") -> str:
    """Let a reader say no with a remark; returns the token of the link."""
    prepared = votes.prepare(ballot(name, remark=words))
    said = keepsakes.prepare(prepared, address, seals=SEALS, randomness=draws)
    with db.write() as connection:
        token = keepsakes.store(connection, said, NOW).token
    assert token is not None
    return token


def export(db: Database, sources: tuple[Source, ...], word: str) -> dict[str, list[people.Row]]:
    with db.read() as connection:
        return people.export(connection, sources, word)


def erase(db: Database, sources: tuple[Source, ...], word: str) -> dict[str, int]:
    return db.apply(partial(people.erase, sources=sources, word=word))


@pytest.mark.parametrize(
    "word", ["{}", "https://help.example.org/f/{}", "/f/{}/?lang=en", "https://a.example/f/{}#top"]
)
def test_a_link_shows_what_its_reader_left(published: Database, word: str) -> None:
    token = say(published, "alice", "Step three.")
    say(published, "bob", "Step four.")

    (found,) = export(published, readers.LINK, word.format(token))["beside votes"]

    assert [row["text"] for row in found["remark"]] == ["Step three."]
    assert found["vote"]["helpful"] is False
    assert [row["purpose"] for row in found["links"]] == ["see"]
    assert found["address"] is None


def test_a_link_erases_what_its_reader_left_and_the_vote_stays(published: Database) -> None:
    token = say(published, "alice", "Step three.", ALICE)
    say(published, "bob", "Step four.")

    erased = erase(published, readers.LINK, token)

    assert erased == {"beside votes": 4}  # the remark, the address, its link and this one
    assert export(published, readers.LINK, token) == {"beside votes": []}
    with published.read() as connection:
        assert count(connection, schema.votes) == 2
        assert count(connection, schema.remarks) == 1
        assert count(connection, schema.receipts) == 1
        assert count(connection, schema.contacts) == 0


def test_an_address_is_found_however_it_is_written_and_erased(published: Database) -> None:
    say(published, "alice", "Step three.", ALICE)
    say(published, "bob", "Step four.", "bob@example.org")
    sources = readers.address(SEALS)

    found = export(published, sources, " Alice@Example.ORG ")
    erased = erase(published, sources, " Alice@Example.ORG ")

    assert found["beside votes"][0]["address"] == {"made": NOW, "confirmed": None, "told": None}
    assert len(found["confirmations"]) == 1
    assert erased == {"beside votes": 4, "confirmations": 1}
    assert not any(export(published, sources, ALICE).values())
    with published.read() as connection:
        assert count(connection, schema.contacts) == 1
        assert count(connection, schema.remarks) == 1


@pytest.mark.parametrize("word", ["", "/f/", "no-such-token", "\udcff", "a b"])
def test_for_a_word_that_nobody_has_nothing_is_found(published: Database, word: str) -> None:
    say(published, "alice", "Step three.", ALICE)

    for sources in (readers.LINK, readers.address(SEALS)):
        assert not any(export(published, sources, word).values())
        assert not any(erase(published, sources, word).values())


@pytest.mark.parametrize("kind", ["link", "address"])
def test_no_byte_of_what_is_erased_is_left_in_the_file_or_its_log(
    sqlite_db: Database, tmp_path: Path, kind: str
) -> None:
    publish(sqlite_db)
    words = "The shelf in the blue room is too high for me."
    token = say(sqlite_db, "alice", words, ALICE)
    say(sqlite_db, "bob", "Step four.")
    hashes = (receipts.digest(token), SEALS.index(ALICE))
    sources, word = (readers.LINK, token) if kind == "link" else (readers.address(SEALS), ALICE)
    before = stored(tmp_path)

    erase(sqlite_db, sources, word)
    is_wiped = people.scrub(sqlite_db)

    after = stored(tmp_path)
    assert is_wiped
    assert all(part.encode() in before for part in (words, *hashes))
    assert [part for part in (words, hashes[0]) if part.encode() in after] == []
    assert b"Step four." in after
    if kind == "address":
        assert hashes[1].encode() not in after


def stored(folder: Path) -> bytes:
    return b"".join((folder / f"kb.db{end}").read_bytes() for end in ("", "-wal"))
