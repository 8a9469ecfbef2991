from datetime import date

from feedback.database import Database
from feedback.gaps import asks, misses
from feedback.model import ArticleKey
from tests.feedback.asked import DAY, NOW, ask, search
from tests.feedback.builders import KEY, publish


def nearest(text: str, _lang: str) -> ArticleKey | None:
    return KEY if "money" in text else None


def count(db: Database, now: object = NOW) -> None:
    with db.read() as connection:
        since = misses.due(connection, NOW)
        counted = misses.count(asks.failed(connection, since, NOW), nearest)
    with db.write() as connection:
        misses.store(connection, since, counted)


def per_day(db: Database) -> dict[date, int]:
    with db.read() as connection:
        return misses.per_day(connection, KEY, NOW - 10 * DAY, NOW)


def test_each_reader_who_missed_an_article_counts_once_a_day(db: Database) -> None:
    publish(db)
    search(db, "money back", "alice")
    search(db, "my money", "alice")
    ask(db, "When do I get my money?", "bob", NOW)
    search(db, "gift card", "carol")

    count(db)
    count(db)

    assert per_day(db) == {date(2026, 11, 21): 1, date(2026, 11, 22): 1}


def test_an_article_that_no_build_told_of_is_not_counted(db: Database) -> None:
    search(db, "money back", "alice")

    count(db)

    assert per_day(db) == {}


def test_only_the_days_that_were_asked_for_are_told(db: Database) -> None:
    publish(db)
    search(db, "money back", "alice")
    count(db)

    with db.read() as connection:
        found = misses.per_day(connection, KEY, NOW, NOW)

    assert found == {}
