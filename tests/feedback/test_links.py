from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import select

from feedback import links, schema
from feedback.database import Database
from tests.feedback.builders import DAY, KEY, NOW, publish


def follow(db: Database, via: str = "", *, days: int = 0) -> None:
    with db.write() as connection:
        links.count(connection, KEY, via, NOW + days * DAY)


def test_uses_are_summed_by_day_and_by_where_they_came_from(db: Database) -> None:
    publish(db)

    for via, days in (("reply", 0), ("reply", 0), ("", 0), ("reply", 1)):
        follow(db, via, days=days)

    columns = schema.links.c
    with db.read() as connection:
        rows = connection.execute(
            select(columns.day, columns.via, columns.uses).order_by(columns.day, columns.via)
        )
        assert [((row.day - NOW.date()).days, row.via, row.uses) for row in rows] == [
            (0, "", 1),
            (0, "reply", 2),
            (1, "reply", 1),
        ]
        assert links.uses(connection, KEY) == 4


def test_an_article_whose_link_nobody_followed_has_no_uses(db: Database) -> None:
    with db.read() as connection:
        assert links.uses(connection, KEY) == 0


def test_a_link_to_an_article_that_was_never_built_is_not_counted(db: Database) -> None:
    follow(db, "reply")

    with db.read() as connection:
        assert links.uses(connection, KEY) == 0


def test_no_use_is_lost_when_many_follow_a_link_at_once(db: Database) -> None:
    publish(db)

    with ThreadPoolExecutor(16) as readers:
        list(readers.map(lambda _: follow(db, "reply"), range(64)))

    with db.read() as connection:
        assert links.uses(connection, KEY) == 64
