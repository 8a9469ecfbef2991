"""After two days nothing tells which searches of two days came from one reader; gaps stay."""

from random import Random

import pytest
from sqlalchemy import select

from feedback import schema, searchers
from feedback.database import Database
from feedback.gaps import asks, gathering
from feedback.gaps.gathering import Plan
from tests.feedback.asked import DAY, NOW, ask, judge, search, words

TODAY = NOW.replace(hour=0)
QUERIES = ("gift cards", "card for a gift", "gift wrapping", "sofa delivery", "deliver my sofa")


def key(name: str) -> str:
    return name.encode().hex().zfill(32)


def keys(db: Database) -> list[tuple[str, str]]:
    """Reader and network of every search, then of every question, the oldest first."""
    with db.read() as connection:
        return [
            (row.visitor, row.network)
            for table in (schema.searches, schema.questions)
            for row in connection.execute(
                select(table.c.visitor, table.c.network).order_by(table.c.at, table.c.id)
            )
        ]


def test_the_keys_of_the_days_before_yesterday_go_and_the_later_ones_stay(db: Database) -> None:
    for name, days in (("old", DAY + DAY / 1_000_000), ("new", DAY)):
        search(db, "gift cards", key(name), TODAY - days, network=key(f"home {name}"))
        ask(db, "Where are they?", key(f"{name} asks"), TODAY - days, network=key(f"home {name}"))
    before = keys(db)

    forgotten = searchers.forget(db, NOW)
    after = keys(db)

    assert forgotten == 2
    assert [all(part[0] == "x" for part in row) for row in after] == [True, False, True, False]
    assert before[1::2] == after[1::2]


def test_who_searched_through_midnight_stays_one_reader(db: Database) -> None:
    """What is told after midnight may have been asked before, with the key of the new day."""
    for at in (TODAY - DAY - DAY / 86_400, TODAY - DAY):
        search(db, "gift cards", key("alice"), at)

    forgotten = [searchers.forget(db, NOW), searchers.forget(db, NOW + DAY)]

    assert forgotten == [0, 1]
    assert len(set(keys(db))) == 1


def test_what_is_forgotten_once_stays_as_it_is(db: Database) -> None:
    search(db, "gift cards", key("alice"), NOW - 3 * DAY)
    searchers.forget(db, NOW)
    before = keys(db)

    again = searchers.forget(db, NOW + 5 * DAY)

    assert (again, keys(db)) == (0, before)


def test_a_reader_and_a_network_stay_the_same_in_all_that_they_asked(db: Database) -> None:
    at = NOW - 3 * DAY
    for reader in ("alice", "bob"):
        for query in ("gift cards", "gift wrapping"):
            search(db, query, key(reader), at, network=key("home"))
        ask(db, "Where are gift cards?", key(reader), at, network=key("home"))

    searchers.forget(db, NOW)

    alice, alice_too, bob, bob_too, *asked = keys(db)
    assert alice == alice_too != bob == bob_too
    assert asked == [alice, bob]
    assert alice[1] == bob[1]


@pytest.mark.parametrize("seed", range(5))
def test_gaps_count_the_same_before_and_after(db: Database, seed: int) -> None:
    random = Random(seed)  # noqa: S311 -- a crowd, no secret
    for number in range(60):
        days = random.randrange(1, 12)
        reader, network = key(f"{number % 23} {days}"), key(f"{number % 23 % 3} {days}")
        at = NOW - days * DAY - random.randrange(600) * DAY / 86_400
        query = random.choice(QUERIES)
        search(db, query, reader, at, network=network, hits=random.choice((0, 3)))
        if number % 7 == 0:
            ask(db, query, reader, at, network=network)
    before, counted = plan(db), summed(db)

    forgotten = searchers.forget(db, NOW)

    assert forgotten > 0
    assert before == plan(db)
    assert counted == summed(db)


def plan(db: Database) -> Plan:
    with db.read() as connection:
        return gathering.plan(connection, words, judge, NOW)


def summed(db: Database) -> list[tuple[str, str, int, float]]:
    with db.read() as connection:
        asked = asks.failed(connection, NOW - 90 * DAY, NOW)
    return [(w.digest, w.text, w.readers, w.volume) for w in asks.group(asked, words)]
