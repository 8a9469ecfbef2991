from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from threading import Barrier

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from feedback import schema, tallies, votes
from feedback.database import Database
from feedback.errors import RemarkTooLong, UnknownArticle, UnknownRevision
from feedback.model import ArticleId, Outcome, Reason, Revision
from tests.feedback.builders import (
    DAY,
    FIRST,
    KEY,
    NOW,
    OTHER_TEXT,
    SECOND,
    article,
    ballot,
    cast,
    count,
    publish,
)


def stored(db: Database) -> list[tuple[str, bool, str | None, int]]:
    """Visitor, answer, reason and weight of every vote."""
    votes = schema.votes.c
    with db.read() as connection:
        rows = connection.execute(
            select(votes.visitor, votes.helpful, votes.reason, votes.weight).order_by(votes.visitor)
        )
        return [(row.visitor, row.helpful, row.reason, row.weight) for row in rows]


def remarks(db: Database) -> list[str]:
    with db.read() as connection:
        return list(connection.execute(select(schema.remarks.c.text)).scalars())


def test_a_first_vote_counts(db: Database) -> None:
    publish(db)

    outcome = cast(db, ballot("alice", helpful=True)).outcome

    assert outcome is Outcome.COUNTED
    assert stored(db) == [("alice", True, None, 1)]


def test_a_second_vote_replaces_the_first(db: Database) -> None:
    publish(db)
    cast(db, ballot("alice", helpful=False, reason=Reason.WRONG, remark="Step three is wrong."))

    outcome = cast(db, ballot("alice", helpful=True)).outcome

    assert outcome is Outcome.CHANGED
    assert stored(db) == [("alice", True, None, 1)]
    assert not remarks(db)


def test_the_same_vote_again_is_already_counted(db: Database) -> None:
    publish(db)
    cast(db, ballot("alice", reason=Reason.WRONG, remark="Step three."))

    outcome = cast(db, ballot("alice", reason=Reason.WRONG, remark="Step three.")).outcome

    assert outcome is Outcome.ALREADY_COUNTED
    assert stored(db) == [("alice", False, Reason.WRONG, 1)]


def test_a_reason_given_later_joins_the_same_vote(db: Database) -> None:
    publish(db)
    cast(db, ballot("alice"))

    outcome = cast(db, ballot("alice", reason=Reason.OUTDATED, remark="It moved.")).outcome

    assert outcome is Outcome.CHANGED
    assert stored(db) == [("alice", False, Reason.OUTDATED, 1)]
    assert remarks(db) == ["It moved."]


def test_a_new_remark_replaces_the_earlier_one_of_the_same_vote(db: Database) -> None:
    publish(db)
    cast(db, ballot("alice", remark="It moved."))

    outcome = cast(db, ballot("alice", remark="It moved to the cellar.")).outcome

    assert outcome is Outcome.CHANGED
    assert remarks(db) == ["It moved to the cellar."]


def test_repeating_the_answer_does_not_take_back_reason_and_remark(db: Database) -> None:
    publish(db)
    cast(db, ballot("alice", reason=Reason.OUTDATED, remark="It moved."))

    cast(db, ballot("alice"))

    assert stored(db) == [("alice", False, Reason.OUTDATED, 1)]
    assert remarks(db) == ["It moved."]


def test_a_vote_is_found_again_under_yesterdays_salt(db: Database) -> None:
    publish(db)
    cast(db, ballot("alice yesterday"), NOW - DAY)

    outcome = cast(
        db, ballot("alice today", helpful=True, previous_visitor="alice yesterday")
    ).outcome

    assert outcome is Outcome.CHANGED
    assert stored(db) == [("alice yesterday", True, None, 1)]


def test_an_untrusted_vote_is_held(db: Database) -> None:
    publish(db)

    outcome = cast(db, ballot("mallory", trusted=False)).outcome

    assert outcome is Outcome.HELD
    assert stored(db) == [("mallory", False, None, 0)]


def test_a_held_vote_counts_once_it_comes_from_a_browser(db: Database) -> None:
    publish(db)
    cast(db, ballot("alice", trusted=False))

    outcome = cast(db, ballot("alice")).outcome

    assert outcome is Outcome.COUNTED
    assert stored(db) == [("alice", False, None, 1)]


def test_an_untrusted_repetition_changes_nothing_of_a_counted_vote(db: Database) -> None:
    publish(db)
    cast(db, ballot("alice"))

    outcome = cast(db, ballot("alice", trusted=False)).outcome

    assert outcome is Outcome.ALREADY_COUNTED
    assert stored(db) == [("alice", False, None, 1)]


def test_an_untrusted_change_of_mind_is_held(db: Database) -> None:
    publish(db)
    cast(db, ballot("alice"))

    outcome = cast(db, ballot("alice", helpful=True, trusted=False)).outcome

    assert outcome is Outcome.HELD
    assert stored(db) == [("alice", True, None, 0)]


def test_of_one_network_three_votes_a_day_count(db: Database) -> None:
    publish(db)

    outcomes = [cast(db, ballot(f"pupil {n}", network="school")).outcome for n in range(5)]

    assert outcomes == [Outcome.COUNTED] * 3 + [Outcome.HELD] * 2
    assert [weight for *_, weight in stored(db)] == [1, 1, 1, 0, 0]


def test_a_vote_sent_again_from_another_network_is_one_vote(db: Database) -> None:
    publish(db)
    cast(db, ballot("alice", network="home"))

    outcome = cast(db, ballot("alice", network="train")).outcome

    assert outcome is Outcome.ALREADY_COUNTED
    assert stored(db) == [("alice", False, None, 1)]


def test_roaming_brings_no_network_more_than_its_three_votes(db: Database) -> None:
    publish(db)
    for number in range(9):
        cast(db, ballot(f"mallory {number}", network=f"network {number % 3}", helpful=True))

    outcomes = [cast(db, ballot(f"mallory {n}", network="network 0")).outcome for n in range(9)]

    assert outcomes == [Outcome.CHANGED] * 9
    with db.read() as connection:
        networks = connection.execute(select(schema.votes.c.network)).scalars()
        assert Counter(networks) == {"network 0": 3, "network 1": 3, "network 2": 3}
        assert sum(tally.count for tally in tallies.read(connection, [KEY])[KEY]) == 9


def test_the_next_day_the_network_may_vote_again(db: Database) -> None:
    publish(db)
    for number in range(4):
        cast(db, ballot(f"pupil {number}", network="school"))

    outcome = cast(db, ballot("pupil 9", network="school"), NOW + DAY).outcome

    assert outcome is Outcome.COUNTED


def test_votes_held_yesterday_find_only_the_room_of_today(db: Database) -> None:
    publish(db)
    for number in range(8):
        cast(db, ballot(f"pupil {number}", network="school"))

    outcomes = [
        cast(db, ballot(f"pupil {number}", network="school today"), NOW + DAY).outcome
        for number in range(3, 8)
    ]

    assert outcomes == [Outcome.COUNTED] * 3 + [Outcome.HELD] * 2


def test_a_vote_for_an_unknown_article_is_refused_with_what_to_do(db: Database) -> None:
    publish(db)

    with pytest.raises(UnknownArticle, match=r"no article 'shipping'.*Send the id"):
        cast(db, ballot(article=ArticleId("shipping")))

    with db.read() as connection:
        assert count(connection, schema.votes) == 0


def test_a_vote_for_an_unknown_revision_is_refused_with_what_to_do(db: Database) -> None:
    publish(db)

    with pytest.raises(UnknownRevision, match=r"'ffff'.*Reload the page"):
        cast(db, ballot(revision=Revision("ffff")))

    with db.read() as connection:
        assert count(connection, schema.votes) == 0


def test_an_internal_article_takes_no_public_votes(db: Database) -> None:
    publish(db, article(public=False))

    with pytest.raises(UnknownArticle):
        cast(db, ballot())


def test_an_article_that_is_gone_takes_no_votes(db: Database) -> None:
    publish(db)
    publish(db, article(key=type(KEY)(ArticleId("other"), "en")))

    with pytest.raises(UnknownArticle):
        cast(db, ballot())


def test_a_vote_on_an_older_revision_belongs_to_that_revision(db: Database) -> None:
    publish(db)
    publish(db, article(SECOND, text=OTHER_TEXT))

    old = cast(db, ballot("alice", revision=FIRST))
    new = cast(db, ballot("alice", revision=SECOND))

    assert [old.outcome, new.outcome] == [Outcome.COUNTED, Outcome.COUNTED]
    assert [old.vote.revision, new.vote.revision] == [FIRST, SECOND]


def test_a_remark_of_a_thousand_characters_is_taken_and_one_more_is_not(db: Database) -> None:
    publish(db)
    cast(db, ballot("alice", remark="é" * 1_000))

    with pytest.raises(RemarkTooLong, match=r"1,001 characters; at most 1,000"):
        cast(db, ballot("bob", remark="é" * 1_001))

    assert remarks(db) == ["é" * 1_000]
    assert [visitor for visitor, *_ in stored(db)] == ["alice"]


def test_the_length_of_a_remark_is_that_of_its_normal_form(db: Database) -> None:
    publish(db)
    lines = "\r\n".join(["e\u0301" * 9] * 100)

    cast(db, ballot("alice", remark=f"  {lines}\x00\r\n"))

    assert ["\n".join(["é" * 9] * 100)] == remarks(db)


def test_a_remark_with_half_a_letter_is_stored_without_it(db: Database) -> None:
    publish(db)

    cast(db, ballot("alice", remark="broken \ud83d letter"))

    assert remarks(db) == ["broken ? letter"]


def test_personal_data_is_masked_and_the_remark_marked(db: Database) -> None:
    publish(db)

    cast(db, ballot("alice", remark="Write to alice@example.org about it."))

    with db.read() as connection:
        (row,) = connection.execute(select(schema.remarks.c.text, schema.remarks.c.pii))
    assert "alice@example.org" not in row.text
    assert row.text.startswith("Write to [")
    assert row.pii == "suspected"


def test_nothing_of_a_masked_remark_reaches_the_disk(sqlite_db: Database) -> None:
    publish(sqlite_db)

    cast(sqlite_db, ballot("alice", remark="Write to alice.planted@example.org about it."))

    written = {file.name: file.read_bytes() for file in Path(sqlite_db.place).parent.iterdir()}
    assert {"kb.db", "kb.db-wal"} <= written.keys()
    assert b"Write to [" in written["kb.db-wal"]
    assert not [name for name, content in written.items() if b"alice.planted" in content]


def test_sixteen_votes_of_one_visitor_at_once_are_one_row(db: Database) -> None:
    publish(db)
    barrier = Barrier(16)

    def vote(_: int) -> Outcome:
        barrier.wait()
        return cast(db, ballot("alice")).outcome

    with ThreadPoolExecutor(16) as readers:
        outcomes = list(readers.map(vote, range(16)))

    assert sorted(outcomes) == [Outcome.ALREADY_COUNTED] * 15 + [Outcome.COUNTED]
    assert stored(db) == [("alice", False, None, 1)]


def test_sixteen_votes_of_one_network_at_once_count_three_times(db: Database) -> None:
    publish(db)
    barrier = Barrier(16)

    def vote(number: int) -> Outcome:
        barrier.wait()
        return cast(db, ballot(f"pupil {number}", network="school")).outcome

    with ThreadPoolExecutor(16) as readers:
        outcomes = list(readers.map(vote, range(16)))

    assert outcomes.count(Outcome.COUNTED) == 3
    assert outcomes.count(Outcome.HELD) == 13


def test_a_vote_near_midnight_elsewhere_counts_on_its_utc_day(db: Database) -> None:
    publish(db)
    late = NOW.replace(hour=23, minute=59)
    for number in range(3):
        cast(db, ballot(f"pupil {number}", network="school"), late)

    outcome = cast(db, ballot("pupil 9", network="school"), late + timedelta(minutes=2)).outcome

    assert outcome is Outcome.COUNTED


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["alice", "bob", "kim"]),
            st.booleans(),
            st.sampled_from([None, *Reason]),
            st.booleans(),
        ),
        max_size=12,
    )
)
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_the_order_each_visitor_has_one_vote_and_the_last_word(
    sqlite_db: Database, ballots: list[tuple[str, bool, Reason | None, bool]]
) -> None:
    last: dict[str, bool] = {}
    publish(sqlite_db)

    with suppress(Undo), sqlite_db.write() as connection:
        for visitor, helpful, reason, trusted in ballots:
            vote = ballot(visitor, helpful=helpful, reason=reason, trusted=trusted)
            done = votes.cast(connection, vote, NOW)
            last[visitor] = helpful
            assert (done.outcome is Outcome.HELD) == (done.vote.weight == 0)
        columns = schema.votes.c
        rows = connection.execute(select(columns.visitor, columns.helpful)).all()
        assert last == {row.visitor: row.helpful for row in rows}
        assert len(last) == len(rows)
        raise Undo


class Undo(Exception):  # noqa: N818 -- rolls the example back, no error
    pass
