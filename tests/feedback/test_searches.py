from datetime import timedelta

import pytest
from sqlalchemy import select

from feedback import arrivals, schema, searches
from feedback.database import Database
from feedback.errors import UnknownHit, UnknownSearch
from feedback.gaps import asks
from feedback.model import Opened, Search
from feedback.visitors import Visitor
from tests.feedback.asked import DAY, NOW, opened, search, teller, token
from tests.feedback.builders import KEY, ballot, cast, count, publish

SECOND = timedelta(seconds=1)


def wide(text: str) -> str:
    """The same in full-width letters."""
    return "".join(chr(ord(each) + 0xFEE0) if each > " " else each for each in text)


def logged(db: Database) -> tuple[Search, ...]:
    with db.read() as connection:
        return searches.log(connection, NOW - 10 * DAY)


def weights(db: Database) -> dict[str, float]:
    with db.read() as connection:
        failed = asks.failed(connection, NOW - 10 * DAY, NOW)
    return {ask.text: ask.weight for ask in failed}


def test_what_is_kept_of_a_query_is_masked_and_in_small_letters() -> None:
    kept = searches.prepare("  Refund to ALICE@example.com\n" + wide("BITTE "))

    assert kept.text == "refund to [e-mail] bitte"


@pytest.mark.parametrize(
    "query",
    [
        wide("alice@example.com"),
        "card 4111\u20031111\u20031111\u20031111",
        "card " + wide("4111111111111111"),
        "de89 3704 0044 0532 0130 00",
    ],
)
def test_personal_data_in_other_letters_is_masked_too(query: str) -> None:
    assert searches.prepare(query).kinds


def test_a_search_that_is_told_twice_is_kept_once(db: Database) -> None:
    for _ in range(2):
        search(db, "gift card", "alice")

    assert [one.query for one in logged(db)] == ["gift card"]


def test_what_was_only_on_the_way_to_a_query_is_no_search(db: Database) -> None:
    at = NOW - DAY
    search(db, "gif", "alice", at)
    search(db, "gift", "bob", at)
    search(db, "gift card", "alice", at + 9 * SECOND)

    assert {(one.query, one.reader) for one in logged(db)} == {
        ("gift card", "alice"),
        ("gift", "bob"),
    }


def test_a_short_query_that_stood_for_a_while_stays(db: Database) -> None:
    search(db, "gift", "alice", NOW - DAY)
    search(db, "gift card", "alice", NOW - DAY + 11 * SECOND)

    assert len(logged(db)) == 2


def test_the_log_has_what_was_opened_refined_and_helped(db: Database) -> None:
    publish(db)
    at = NOW - DAY
    first = search(db, "cash back", "alice", at, hits=2)
    second = search(db, "refund", "alice", at + 50 * SECOND, hits=3, refines=first)
    opened(db, second, "alice", at=at + 60 * SECOND)
    cast(db, ballot("alice", helpful=True, search=second), at + 70 * SECOND)

    assert logged(db) == (
        Search(at, "en", "cash back", "alice", (), "refund"),
        Search(at + 50 * SECOND, "en", "refund", "alice", (Opened(KEY.article, 1, True),)),  # noqa: FBT003 -- helpful
    )
    assert arrivals.of(logged(db))[0].article == KEY.article


def test_a_results_page_that_is_there_already_may_still_be_told_to_refine_another(
    db: Database,
) -> None:
    at = NOW - DAY
    first = search(db, "cash back", "alice", at, hits=2)
    page = {"token": token("page"), "hits": 3}
    search(db, "refund", "alice", at + 20 * SECOND, watched=False, **page)
    search(db, "refund", "alice", at + 21 * SECOND, refines=first, **page)

    assert [(one.query, one.refined_to) for one in logged(db)] == [
        ("cash back", "refund"),
        ("refund", None),
    ]


def test_a_search_of_an_untrusted_sender_is_kept_and_counts_nowhere(db: Database) -> None:
    search(db, "gift card", "mallory", trusted=False)

    with db.read() as connection:
        assert count(connection, schema.searches) == 1
    assert logged(db) == ()
    assert weights(db) == {}


def test_a_click_needs_its_search_and_an_article_that_readers_see(db: Database) -> None:
    publish(db)
    asked = search(db, "gift card", "alice", hits=1)

    with pytest.raises(UnknownSearch):
        opened(db, token("nothing"), "alice")
    with pytest.raises(UnknownSearch):
        opened(db, asked, "mallory")
    with pytest.raises(UnknownHit):
        opened(db, asked, "alice", "alice@example.com")


def test_a_click_after_midnight_belongs_to_the_search_before(db: Database) -> None:
    publish(db)
    asked = search(db, "gift card", "alice", hits=1)
    tomorrow = searches.Teller(Visitor("alice2", "alice", "n2", "n"), trusted=True)

    with db.write() as connection:
        searches.click(connection, tomorrow, searches.Click(asked, "refund", 1), NOW - DAY)

    assert [len(one.opened) for one in logged(db)] == [1]


def test_each_way_to_fail_has_its_weight(db: Database) -> None:
    publish(db)
    search(db, "nothing found", "alice")
    first = search(db, "asked again", "bob", hits=4)
    search(db, "other words", "bob", NOW - DAY + 90 * SECOND, hits=4, refines=first)
    search(db, "not watched", "carol", hits=4, watched=False)
    late = search(db, "too late", "dora", hits=4)
    opened(db, late, "dora", at=NOW - DAY + 61 * SECOND)
    found = search(db, "found", "erin", hits=4)
    opened(db, found, "erin", at=NOW - DAY + 60 * SECOND)
    search(db, "just now", "frank", NOW - 59 * SECOND, hits=4)

    assert weights(db) == {
        "nothing found": 1.0,
        "asked again": 0.6,
        "other words": 0.4,
        "too late": 0.4,
    }


def test_asked_again_after_two_minutes_is_another_search(db: Database) -> None:
    first = search(db, "slow reader", "alice", hits=4)
    search(db, "other", "alice", NOW - DAY + 121 * SECOND, hits=4, refines=first)

    assert weights(db)["slow reader"] == 0.4


def test_who_got_there_in_the_end_did_not_fail(db: Database) -> None:
    publish(db)
    search(db, "refund", "alice", hits=2)
    again = search(db, "refund", "alice", NOW - DAY + 60 * SECOND, hits=2)
    opened(db, again, "alice", at=NOW - DAY + 70 * SECOND)
    helped = search(db, "money back", "bob", hits=2)
    cast(db, ballot("bob", helpful=True, search=helped), NOW)

    assert weights(db) == {}


def test_a_results_page_without_a_script_counts_clicks_once_one_watches(db: Database) -> None:
    search(db, "no script", "alice", hits=3, watched=False)
    for watched in (False, True):
        search(db, "with script", "bob", hits=3, watched=watched)

    assert weights(db) == {"with script": 0.4}


def test_what_is_old_is_forgotten(db: Database) -> None:
    publish(db)
    old = search(db, "old", "alice", NOW - 5 * DAY, hits=1)
    opened(db, old, "alice", at=NOW - 5 * DAY)
    search(db, "new", "alice", NOW - DAY)

    with db.write() as connection:
        gone = searches.forget_before(connection, NOW - 2 * DAY)

    with db.read() as connection:
        assert count(connection, schema.clicks) == 0
        left = connection.execute(select(schema.searches.c.query)).scalars().all()
    assert gone == 1
    assert left == ["new"]


def test_a_query_without_a_word_is_no_search(db: Database) -> None:
    search(db, " \u200b ", "alice")
    with db.write() as connection:
        empty = searches.Settled(token("x"), searches.prepare("  "), "en", 0)
        searches.settle(connection, teller("bob"), empty, NOW)

    assert "" not in {one.query for one in logged(db)}
