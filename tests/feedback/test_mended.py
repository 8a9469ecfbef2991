"""What was mended is what somebody had complained of, and what held."""

from datetime import datetime

from feedback import mended
from feedback.database import Database
from feedback.model import ArticleKey, PublishedArticle
from tests.feedback.builders import DAY, KEY, NOW, OTHER_TEXT, SECOND, article, flag, publish

REWRITTEN = article(SECOND, text=OTHER_TEXT)


def read(db: Database, *build: PublishedArticle) -> dict[ArticleKey, datetime | None]:
    with db.read() as connection:
        return mended.read(connection, build)


def test_an_article_in_trouble_is_not_mended(db: Database) -> None:
    publish(db)
    flag(db)

    assert read(db, article()) == {}


def test_an_edit_of_an_article_that_nobody_complained_of_mends_nothing(db: Database) -> None:
    publish(db)

    assert read(db, REWRITTEN) == {}


def test_the_build_that_mends_an_article_says_so_already(db: Database) -> None:
    publish(db)
    flag(db)

    assert read(db, REWRITTEN) == {KEY: None}


def test_later_builds_say_when_it_was(db: Database) -> None:
    publish(db)
    flag(db)
    publish(db, REWRITTEN, now=NOW + DAY)

    assert read(db, REWRITTEN) == {KEY: NOW + DAY}


def test_an_article_that_is_not_in_the_build_is_not_told(db: Database) -> None:
    publish(db)
    flag(db)
    publish(db, REWRITTEN, now=NOW + DAY)

    assert read(db) == {}


def test_a_repair_that_did_not_hold_is_none(db: Database) -> None:
    publish(db)
    flag(db)
    publish(db, REWRITTEN, now=NOW + DAY)
    flag(db, NOW + 6 * DAY, SECOND)

    assert read(db, REWRITTEN) == {}
