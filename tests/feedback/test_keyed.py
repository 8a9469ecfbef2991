"""Rows by the articles that they belong to."""

from sqlalchemy import select
from sqlalchemy.dialects import sqlite

from feedback import keyed, schema
from feedback.database import Database
from feedback.model import ArticleId, ArticleKey
from tests.feedback.builders import DAY, KEY, NOW, article, ballot, cast, publish

OTHER = ArticleKey(KEY.article, "de")


def test_an_article_in_another_language_is_another(db: Database) -> None:
    publish(db, article(), article(key=OTHER), article(key=ArticleKey(ArticleId("other"), "de")))
    cast(db, ballot(), NOW - DAY)
    cast(db, ballot(lang="de"), NOW - DAY)
    cast(db, ballot(article=ArticleId("other"), lang="de"), NOW - DAY)

    with db.read() as connection:
        votes = schema.votes
        rows = connection.execute(
            select(votes.c.article, votes.c.lang).where(keyed.among(votes, [OTHER]))
        ).all()

    assert [tuple(row) for row in rows] == [(KEY.article, "de")]


def test_a_few_articles_are_found_without_reading_all(sqlite_db: Database) -> None:
    asked = select(schema.tallies.c.count).where(keyed.among(schema.tallies, [KEY, OTHER]))
    written = asked.compile(
        dialect=sqlite.dialect(), compile_kwargs={"literal_binds": True, "render_postcompile": True}
    )

    with sqlite_db.read() as connection:
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {written}").all()

    steps = [step.detail for step in plan]
    assert [step for step in steps if step.startswith("SEARCH tallies USING")]
    assert not [step for step in steps if step.startswith("SCAN")]
