"""How much was said of an article is what its sums say now, however it was looked at before."""

from datetime import datetime

from feedback import volumes
from feedback.database import Database
from feedback.model import ArticleId, ArticleKey, Reason
from feedback.volumes import Volume
from tests.feedback.builders import DAY, KEY, NOW, article, ballot, cast, publish


def look(db: Database, now: datetime = NOW) -> Volume:
    with db.read() as connection:
        return volumes.read(connection, [KEY], now)[KEY]


def test_votes_of_four_weeks_and_all_who_did_not_understand_are_counted(db: Database) -> None:
    publish(db)
    cast(db, ballot("alice", reason=Reason.HARD_TO_UNDERSTAND), NOW - 40 * DAY)
    cast(db, ballot("ben", helpful=True), NOW - 28 * DAY)
    cast(db, ballot("cleo", reason=Reason.HARD_TO_UNDERSTAND), NOW - 27 * DAY)
    cast(db, ballot("dora", helpful=True), NOW)

    assert look(db) == Volume(lately=2, unclear=2)


def test_a_new_vote_is_counted_at_once(db: Database) -> None:
    publish(db)
    cast(db, ballot("alice", helpful=True))
    before = look(db)

    cast(db, ballot("alice", reason=Reason.HARD_TO_UNDERSTAND))
    cast(db, ballot("ben", helpful=True))

    assert before == Volume(lately=1, unclear=0)
    assert look(db) == Volume(lately=2, unclear=1)


def test_votes_grow_old_from_day_to_day(db: Database) -> None:
    publish(db)
    cast(db, ballot(helpful=True))
    before = look(db)

    assert before.lately == 1
    assert look(db, NOW + 28 * DAY).lately == 0


def test_an_article_that_nobody_voted_on_has_none(db: Database) -> None:
    other = ArticleKey(ArticleId("quiet"), "en")
    publish(db, article(), article(key=other))
    cast(db, ballot(helpful=True))

    with db.read() as connection:
        found = volumes.read(connection, [KEY, other], NOW)

    assert found == {KEY: Volume(lately=1), other: Volume()}
