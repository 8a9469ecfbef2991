"""What readers say of an article's present text moves it in a ranking, slowly and by little."""

import pytest

from feedback import helpfulness
from feedback.database import Database
from feedback.model import ArticleId, ArticleKey, PublishedArticle
from tests.feedback.builders import (
    DAY,
    KEY,
    NOW,
    OTHER_TEXT,
    SECOND,
    TEXT,
    article,
    ballot,
    cast,
    publish,
)

OTHER = ArticleKey(ArticleId("other"), "en")


def read(db: Database, *build: PublishedArticle) -> dict[ArticleKey, float]:
    with db.read() as connection:
        return helpfulness.read(connection, build or [article()])


def vote(db: Database, *, yes: int = 0, no: int = 0) -> None:
    for number in range(yes + no):
        cast(db, ballot(f"reader {number}", helpful=number < yes), NOW - number % 9 * DAY)


def test_without_votes_nothing_is_known(db: Database) -> None:
    publish(db)

    assert read(db) == {}


@pytest.mark.parametrize(
    ("yes", "no", "expected"),
    [
        (1, 0, 1 / 11),
        (0, 1, -1 / 11),
        (7, 3, 0.0),
        (30, 0, 30 / 40),
        (0, 30, -30 / 40),
    ],
)
def test_few_votes_hardly_move_it(db: Database, yes: int, no: int, expected: float) -> None:
    publish(db)
    vote(db, yes=yes, no=no)

    assert read(db) == {KEY: pytest.approx(expected, abs=1e-9)}


def test_held_votes_and_the_fourth_of_a_network_do_not_count(db: Database) -> None:
    publish(db)
    cast(db, ballot("script", helpful=True, trusted=False))
    for number in range(8):
        cast(db, ballot(f"stuffer {number}", helpful=True, network="one"))

    assert read(db) == {KEY: pytest.approx(3 / 13)}


def test_a_rewritten_article_begins_anew_with_the_build_that_publishes_it(db: Database) -> None:
    publish(db)
    vote(db, no=20)
    rewritten = article(SECOND, text=OTHER_TEXT)
    before = read(db, rewritten)

    publish(db, rewritten, now=NOW)

    assert before == read(db, rewritten) == {}


def test_a_small_edit_keeps_what_was_said(db: Database) -> None:
    publish(db)
    vote(db, no=5)
    before = read(db)
    edited = article(SECOND, text=f"{TEXT}!")
    meanwhile = read(db, edited)

    publish(db, edited, now=NOW)

    assert before == meanwhile == read(db, edited)


def test_an_article_that_is_not_built_does_not_count(db: Database) -> None:
    publish(db, article(), article(key=OTHER))
    vote(db, no=5)

    assert read(db, article(key=OTHER)) == {}
