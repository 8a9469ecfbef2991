"""The sums of a day say what the votes themselves say, to the last digit of the evidence."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from itertools import count as numbers

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, select

from feedback import eventlog, evidence, history, keyed, schema, tallies
from feedback.baseline import Prior
from feedback.database import Database
from feedback.evidence import Assessment, Yardstick
from feedback.history import History, Tally, VoteEvent
from feedback.model import ArticleId, ArticleKey, Reason
from tests.feedback.builders import (
    DAY,
    FIRST,
    KEY,
    NOW,
    SECOND,
    article,
    ballot,
    cast,
    digest_of,
    publish,
)
from tests.feedback.golden import reference
from tests.feedback.golden.reference import Case, Expected
from tests.feedback.golden.test_evidence import history_of, judge_case

YARDSTICK = Yardstick(Prior(7, 3), votes_a_month=400)
_articles = numbers()


@dataclass(frozen=True, slots=True)
class Word:
    """A visitor's word; whoever votes again changes their vote."""

    visitor: str
    network: str
    helpful: bool
    reason: Reason | None
    hours: int
    revision: str
    trusted: bool


words = st.builds(
    Word,
    visitor=st.sampled_from("abcdefgh"),
    network=st.sampled_from("xyz"),
    helpful=st.booleans(),
    reason=st.none() | st.sampled_from(Reason),
    hours=st.integers(min_value=0, max_value=100),
    revision=st.sampled_from([FIRST, SECOND]),
    trusted=st.sampled_from([True, True, True, False]),
)


def events(db: Connection, key: ArticleKey) -> list[VoteEvent]:
    """The rows as the rule takes them."""
    votes = schema.votes.c
    rows = db.execute(
        select(
            votes.cast, votes.changed, votes.helpful, votes.revision, votes.network, votes.reason,
            votes.weight,
        ).where(keyed.by(schema.votes, key))
    )  # fmt: skip
    return [VoteEvent(row.changed or row.cast, *row[2:]) for row in rows]


def summed(found: Iterable[Tally]) -> dict[str, int]:
    return {f"{one.day} {one.revision} {one.helpful} {one.reason}": one.count for one in found}


def assess(past: History) -> Assessment:
    return evidence.assess(past, YARDSTICK, now=NOW + 60 * DAY)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(words, max_size=30))
def test_whatever_is_said_the_sums_follow(sqlite_db: Database, said: list[Word]) -> None:
    _check(sqlite_db, said)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(words, max_size=30))
def test_whatever_is_said_the_sums_follow_on_postgresql(
    postgresql_db: Database, said: list[Word]
) -> None:
    _check(postgresql_db, said)


def _check(db: Database, said: list[Word]) -> None:
    key = ArticleKey(ArticleId(f"article {next(_articles)}"), "en")
    publish(db, article(FIRST, key=key), now=NOW - 9 * DAY)
    publish(db, article(SECOND, key=key, minor=True), now=NOW - 8 * DAY)
    for word in said:
        vote = ballot(
            word.visitor, helpful=word.helpful, article=key.article, network=word.network,
            revision=word.revision, reason=word.reason, trusted=word.trusted,
        )  # fmt: skip
        cast(db, vote, NOW + timedelta(hours=word.hours))

    with db.read() as connection:
        found = tallies.read(connection, [key]).get(key, [])
        told = tallies.digests(connection, [key])[key]
        log = eventlog.read(connection, [key])[key]
        votes = events(connection, key)

    assert summed(history.tallied(votes)) == summed(found)
    assert digest_of(found) == told
    plain = assess(History(votes=tuple(votes), publications=tuple(log.publications)))
    assert plain.evidence == pytest.approx(assess(log.history).evidence, rel=0, abs=1e-9)
    assert plain == assess(log.history)


days = st.integers(min_value=1, max_value=28).map(lambda day: f"2026-05-{day:02}")
rows = st.tuples(
    days,
    st.sampled_from(["yes", "no"]),
    st.sampled_from(["", *(str(reason) for reason in Reason)]),
    st.integers(min_value=1, max_value=9),
    st.sampled_from(["1-1", "1-2", "1-5", "3-9"]),
    st.sampled_from(["r1", "r2"]),
    st.sampled_from([0, 1, 1, 1]),
)


@settings(max_examples=150)
@given(
    st.lists(rows, max_size=12),
    st.lists(st.tuples(days, st.sampled_from(["r1", "r2"]), st.booleans()), max_size=2,
             unique_by=lambda published: published[0]),
    st.lists(st.tuples(days, st.sampled_from(["r1", "r2"])), max_size=1),
    st.booleans(),
)  # fmt: skip
def test_the_rule_over_sums_agrees_with_its_slow_reference(
    votes: list[tuple[str, str, str, int, str, str, int]],
    publications: list[tuple[str, str, bool]],
    reviews: list[tuple[str, str]],
    was_flagged: bool,  # noqa: FBT001 -- hypothesis fills it in
) -> None:
    case = Case(
        name="any", now="2026-06-20", prior=(7, 3), votes_a_month=400, false_flags=2,
        was_flagged=was_flagged, publications=publications, reviews=reviews, faults=[],
        votes=votes, flags=[], expected=Expected(E=0, h=0, flagged=False, words=""),
    )  # fmt: skip
    past = history_of(case)
    sums = History(
        publications=past.publications,
        reviews=past.reviews,
        tallies=tuple(history.tallied(past.votes)),
    )

    expected, actual = reference.judge(case), judge_case(case, sums)

    assert expected["E"] == pytest.approx(actual.evidence, rel=0, abs=1e-9)
    assert expected["flagged"] == actual.flagged
    assert judge_case(case, past) == actual


def test_two_networks_of_one_visitor_are_followed_from_the_one_to_the_other(db: Database) -> None:
    publish(db)
    for number in range(3):
        cast(db, ballot(f"neighbour {number}", network="home"))
    cast(db, ballot("alice", network="office", helpful=True))

    cast(db, ballot("alice", network="home", helpful=False, reason=Reason.WRONG), NOW + DAY)

    with db.read() as connection:
        found = tallies.read(connection, [KEY])[KEY]
    assert summed(found) == {
        f"{NOW.date()} {FIRST} False None": 3,
        f"{(NOW + DAY).date()} {FIRST} False wrong": 1,
    }


def test_a_mind_changed_in_a_crowded_network_is_followed_in_the_one_it_counts_for(
    db: Database,
) -> None:
    publish(db)
    for number in range(3):
        cast(db, ballot(f"neighbour {number}", network="home"))
    cast(db, ballot("alice", network="office"))

    cast(db, ballot("alice", network="home", helpful=True))

    with db.read() as connection:
        found = tallies.read(connection, [KEY])[KEY]
    day = NOW.date()
    assert summed(found) == {f"{day} {FIRST} False None": 3, f"{day} {FIRST} True None": 1}


def test_an_article_nobody_voted_on_has_no_sums(db: Database) -> None:
    publish(db)
    cast(db, ballot(trusted=False))

    with db.read() as connection:
        assert not tallies.read(connection, [KEY])
