"""Which articles wait longest: a ranking that is kept, and what becomes of it."""

from collections.abc import Collection
from datetime import datetime, timedelta

from feedback import actions, staleness
from feedback.database import Database
from feedback.model import ArticleId, ArticleKey
from feedback.staleness import LASTS
from tests.feedback.builders import DAY, FIRST, NOW, article, publish


def key(name: str) -> ArticleKey:
    return ArticleKey(ArticleId(name), "en")


def publish_in_turn(db: Database, **ages: int) -> None:
    """Articles that were published so many days ago, the oldest named first."""
    build = []
    for name, age in ages.items():
        build.append(article(key=key(name)))
        publish(db, *build, now=NOW - age * DAY)


def keep(db: Database, now: datetime = NOW) -> None:
    with db.write() as connection:
        staleness.keep(connection, staleness.rank(connection, now), now)


def first(
    db: Database, count: int = 9, now: datetime = NOW, besides: Collection[ArticleKey] = ()
) -> list[str]:
    with db.read() as connection:
        found = staleness.first(connection, count, now, besides=besides)
    return [each.article for each in found]


def review(db: Database, name: str) -> None:
    with db.write() as connection:
        actions.review(
            connection, key(name), actor="charlie", evidence="Read.", revision=FIRST, now=NOW
        )


def test_the_kept_order_is_the_order_of_now(db: Database) -> None:
    publish_in_turn(db, one=300, two=250, three=200, fresh=100)
    at_once = first(db)

    keep(db)

    assert ["one", "two", "three"] == at_once == first(db)


def test_so_many_are_told_and_none_that_is_busy(db: Database) -> None:
    publish_in_turn(db, one=300, two=250, three=200)
    keep(db)

    assert first(db, 1, besides={key("one")}) == ["two"]


def test_what_was_reviewed_since_is_left_out(db: Database) -> None:
    publish_in_turn(db, one=300, two=250)
    keep(db)

    review(db, "one")

    assert first(db) == ["two"]


def test_a_whole_order_is_believed_for_a_while(db: Database) -> None:
    publish_in_turn(db, one=300, two=179)
    with db.write() as connection:
        staleness.keep(connection, staleness.Ranking((key("two"), key("one")), is_whole=True), NOW)

    assert first(db, 1, now=NOW + LASTS - timedelta(seconds=1)) == ["one"]


def test_an_old_order_is_not_believed(db: Database) -> None:
    publish_in_turn(db, one=300, two=179)
    keep(db)

    assert first(db, now=NOW + 2 * DAY) == ["one", "two"]


def test_an_order_of_a_clock_that_was_ahead_is_not_believed(db: Database) -> None:
    publish_in_turn(db, one=300, two=250)
    keep(db, NOW + DAY)
    with db.write() as connection:
        staleness.keep(connection, staleness.Ranking((), is_whole=True), NOW + DAY)

    assert first(db) == ["one", "two"]


def test_a_short_order_of_many_is_completed(db: Database) -> None:
    publish_in_turn(db, one=300, two=250)
    with db.write() as connection:
        staleness.keep(connection, staleness.Ranking((key("one"),), is_whole=False), NOW)

    assert first(db) == ["one", "two"]
