"""After two days nothing tells which votes came from one visitor, and all sums stay."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime
from itertools import count as numbers
from typing import TypeVar

from sqlalchemy import Connection, select

from feedback import forgetting, history, schema, tallies
from feedback.database import Database
from feedback.history import Tally, VoteEvent
from feedback.model import ArticleId, ArticleKey, Outcome, Reason
from tests.feedback.builders import DAY, FIRST, KEY, NOW, article, ballot, cast, publish

T = TypeVar("T")
TODAY = NOW.replace(hour=0)
OTHER = ArticleKey(ArticleId("delivery"), "en")


def key(name: str) -> str:
    """A keyed hash as `visitors` makes them, for this reader of the tests."""
    return name.encode().hex().zfill(32)


def say(db: Database, name: str, at: datetime, network: str = "", **fields: object) -> None:
    cast(db, ballot(key(name), network=key(network or f"of {name}"), **fields), at)  # type: ignore[arg-type]  # the fields of Ballot


def rows(db: Database) -> list[tuple[str, str]]:
    """Visitor and network of every vote, the oldest vote first."""
    votes = schema.votes.c
    with db.read() as connection:
        found = connection.execute(
            select(votes.visitor, votes.network).order_by(votes.cast, votes.article)
        )
        return [(row.visitor, row.network) for row in found]


def test_the_keys_of_the_days_before_yesterday_go_and_the_later_ones_stay(db: Database) -> None:
    publish(db)
    say(db, "old", TODAY - DAY - DAY / 1_000_000)
    say(db, "yesterday", TODAY - DAY)
    say(db, "today", NOW)

    forgotten = forgetting.forget(db, NOW)

    (old, *others) = rows(db)
    assert forgotten == 1
    assert {key("old"), key("of old")}.isdisjoint(old)
    assert [(key(name), key(f"of {name}")) for name in ("yesterday", "today")] == others


def test_what_is_forgotten_once_stays_as_it_is(db: Database) -> None:
    publish(db)
    say(db, "alice", NOW - 3 * DAY)
    forgetting.forget(db, NOW)
    before = rows(db)

    again = forgetting.forget(db, NOW + 5 * DAY)

    assert (again, rows(db)) == (0, before)


def test_a_visitor_is_another_one_on_each_article(db: Database) -> None:
    publish(db, article(), article(key=OTHER))
    for place in (KEY, OTHER):
        say(db, "alice", NOW - 3 * DAY, article=place.article)

    forgetting.forget(db, NOW)

    assert len({part for row in rows(db) for part in row}) == 4


def test_a_network_stays_one_network_of_its_day(db: Database) -> None:
    publish(db)
    for day in (4, 3):
        for name in "abc":
            say(db, f"{name}{day}", NOW - day * DAY, network=f"school {day}")
    say(db, "d", NOW - 3 * DAY)

    forgetting.forget(db, NOW)

    networks = Counter(network for _, network in rows(db))
    assert sorted(networks.values()) == [1, 3, 3]


def test_a_remark_follows_its_vote(db: Database) -> None:
    publish(db)
    say(db, "alice", NOW - 3 * DAY, remark="Step three is wrong.")

    forgetting.forget(db, NOW)

    with db.read() as connection:
        row = connection.execute(select(schema.remarks.c.visitor, schema.remarks.c.text)).one()
    assert (rows(db)[0][0], "Step three is wrong.") == (row.visitor, row.text)


def test_a_vote_changed_yesterday_is_not_forgotten_though_it_is_older(db: Database) -> None:
    publish(db)
    say(db, "alice", TODAY - DAY - DAY / 2)
    changed = ballot(
        key("alice tomorrow"), network=key("home"), helpful=True, previous_visitor=key("alice")
    )
    outcome = cast(db, changed, TODAY - DAY / 2).outcome

    forgetting.forget(db, NOW)

    assert outcome is Outcome.CHANGED
    assert rows(db) == [(key("alice"), key("home"))]


def test_the_sums_of_old_days_are_those_of_the_rows_after_as_before(db: Database) -> None:
    publish(db)
    for number in range(40):
        say(
            db,
            f"reader {number}",
            NOW - (number % 4) * DAY,
            network=f"network {number % 3}, {number % 4} days ago",
            helpful=number % 5 == 0,
            reason=[None, Reason.WRONG, Reason.OTHER][number % 3],
        )
    before = summed(db)

    forgetting.forget(db, NOW)

    assert before == summed(db) == summed_anew(db)


def test_many_votes_are_forgotten_in_several_transactions_without_tearing_a_network(
    db: Database,
) -> None:
    publish(db)
    names = numbers()
    with db.write() as connection:
        connection.execute(
            schema.votes.insert(),
            [
                {
                    "article": KEY.article, "lang": KEY.lang, "revision": FIRST,
                    "visitor": key(f"v{next(names)}"), "network": key(f"network {network}"),
                    "helpful": True, "reason": None, "weight": 1, "via": "", "search": "",
                    "cast": NOW - 3 * DAY, "changed": None,
                }
                for network in range(300)
                for _ in range(4)
            ],
        )  # fmt: skip
    portions = Counting(db)

    forgotten = forgetting.forget(portions, NOW)

    assert (forgotten, portions.transactions) == (1200, 3)
    assert set(Counter(network for _, network in rows(db)).values()) == {4}


def test_two_services_may_forget_at_once(db: Database) -> None:
    publish(db)
    for name in "abc":
        say(db, name, NOW - 3 * DAY, network="school")
    late = Late(db)

    forgetting.forget(late, NOW)

    assert rows(db) == late.first


class Counting:
    """A database that counts what is asked of it."""

    def __init__(self, db: Database) -> None:
        self.transactions = 0
        self.read = db.read
        self._db = db

    def apply(self, work: Callable[[Connection], T], /) -> T:
        self.transactions += 1
        return self._db.apply(work)


class Late(Counting):
    """A database in which another service has done it meanwhile."""

    first: list[tuple[str, str]]

    def apply(self, work: Callable[[Connection], T], /) -> T:
        forgetting.forget(self._db, NOW)
        self.first = rows(self._db)
        return super().apply(work)


def summed(db: Database) -> list[Tally]:
    with db.read() as connection:
        return sorted(tallies.read(connection, [KEY])[KEY], key=repr)


def summed_anew(db: Database) -> list[Tally]:
    votes = schema.votes.c
    with db.read() as connection:
        found = connection.execute(
            select(
                votes.cast, votes.helpful, votes.revision, votes.network, votes.reason, votes.weight
            )
        )
        return sorted(history.tallied(VoteEvent(*row) for row in found), key=repr)
