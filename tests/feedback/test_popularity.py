"""What is popular follows from readers who count, not from how often one of them asks."""

from feedback import popularity
from feedback.database import Database
from feedback.model import ArticleKey
from tests.feedback.asked import DAY, NOW, opened, search
from tests.feedback.builders import KEY, ballot, cast, publish


def read(db: Database) -> dict[ArticleKey, int]:
    with db.read() as connection:
        return popularity.read(connection)


def help_readers(db: Database, *names: str, days_ago: int = 0) -> None:
    for name in names:
        cast(db, ballot(name, helpful=True), NOW - days_ago * DAY)


def test_before_anybody_was_heard_nothing_is_popular(db: Database) -> None:
    publish(db)

    assert read(db) == {}


def test_readers_who_were_helped_and_readers_who_came_from_a_search_count(db: Database) -> None:
    publish(db)
    help_readers(db, "alice", "bob")
    opened(db, search(db, "money back", "carol", hits=1), "carol", KEY.article)

    assert read(db) == {KEY: 3}


def test_a_no_makes_nothing_popular(db: Database) -> None:
    publish(db)
    help_readers(db, "alice", "bob", "carol")
    cast(db, ballot("dave", helpful=False), NOW)

    assert read(db) == {KEY: 3}


def test_what_fewer_than_three_did_is_not_told(db: Database) -> None:
    publish(db)
    help_readers(db, "alice", "bob")

    assert read(db) == {}


def test_one_reader_who_opens_it_again_and_again_counts_once(db: Database) -> None:
    publish(db)
    help_readers(db, "alice", "bob")
    for query in ("money back", "refund", "return"):
        opened(db, search(db, query, "mallory", hits=1), "mallory", KEY.article)

    assert read(db) == {KEY: 3}


def test_what_was_longer_ago_than_the_window_counts_no_more(db: Database) -> None:
    publish(db)
    help_readers(db, "old", "older", "oldest", days_ago=30)
    help_readers(db, "alice", "bob", "carol")

    assert read(db) == {KEY: 3}


def test_the_window_ends_with_what_is_known_not_with_the_hour(db: Database) -> None:
    publish(db)
    help_readers(db, "alice", "bob", "carol", days_ago=60)

    assert read(db) == {KEY: 3}
