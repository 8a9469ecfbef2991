"""A prepared statement says what SQLAlchemy's own execution says, on both databases."""

from sqlalchemy import bindparam, insert, select

from feedback import schema
from feedback.database import Database
from feedback.prepared import Prepared
from tests.feedback.builders import DAY, KEY, NOW, article, ballot, cast, publish

_NAMED = schema.articles.c.article == bindparam("article")
_PUBLISHED = select(
    schema.articles.c.article,
    schema.articles.c.severity,
    schema.articles.c.public,
    schema.articles.c.published,
    schema.articles.c.gone,
).where(_NAMED, schema.articles.c.lang == "en")


def test_values_come_out_as_they_went_in(db: Database) -> None:
    publish(db, article(public=False), now=NOW)

    with db.read() as connection:
        plain = connection.execute(_PUBLISHED, {"article": KEY.article}).one()
        (prepared,) = Prepared(_PUBLISHED).run(connection, {"article": KEY.article})

    assert tuple(prepared) == tuple(plain)
    assert prepared[3] == NOW


def test_the_same_statement_takes_other_values(db: Database) -> None:
    publish(db)
    statement = Prepared(_PUBLISHED)

    with db.read() as connection:
        found = [len(statement.run(connection, {"article": one})) for one in (KEY.article, "x")]

    assert found == [1, 0]


def test_what_is_written_is_read_by_others(db: Database) -> None:
    statement = Prepared(insert(schema.meta), ["name", "value", "computed"])
    with db.write() as connection:
        statement.run(connection, {"name": "a", "value": "1", "computed": NOW + DAY})

    with db.read() as connection:
        kept = connection.execute(select(schema.meta.c.computed)).scalar_one()
    assert kept == NOW + DAY


def test_votes_are_found_by_either_execution(db: Database) -> None:
    publish(db)
    cast(db, ballot("alice"))
    votes = select(schema.votes.c.visitor, schema.votes.c.helpful, schema.votes.c.cast)

    with db.read() as connection:
        plain = [tuple(row) for row in connection.execute(votes)]
        prepared = [tuple(row) for row in Prepared(votes).run(connection, {})]

    assert plain == prepared
