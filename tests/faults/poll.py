"""Votes by the hundred, each of another reader, and who of them was told that theirs is stored."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from sqlalchemy import select

from feedback import database, schema, votes
from feedback.database import Database
from feedback.errors import DatabaseError
from feedback.model import ArticleId, Ballot, PublishedArticle, Reason, Revision
from feedback.model import ArticleKey as Key
from feedback.revisions import publish
from feedback.writer import Writer

NOW = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
KEY = Key(ArticleId("refund"), "en")
FIRST = Revision("aaaaaaaaaaaa")


@dataclass(slots=True)
class Poll:
    """Readers named by numbers vote through the product's own writer."""

    writer: Writer
    acknowledged: set[str] = field(default_factory=set)
    refused: set[str] = field(default_factory=set)

    def vote(self, reader: int) -> bool:
        """Let a reader vote; whether they were told that it is stored."""
        name = f"reader {reader}"
        ballot = Ballot(
            KEY.article,
            KEY.lang,
            FIRST,
            helpful=reader % 3 == 0,
            visitor=name,
            network=f"network of {reader}",
            reason=[None, *Reason][reader % 9],
            remark=f"A remark of {name}, as long as most. " * (reader % 4),
        )
        try:
            self.writer.apply(partial(votes.cast, ballot=ballot, now=NOW))
        except DatabaseError:
            self.refused.add(name)
            return False
        self.acknowledged.add(name)
        return True

    def vote_together(self, readers: range, together: int = 4) -> None:
        with ThreadPoolExecutor(together) as pool:
            list(pool.map(self.vote, readers))


def begin(path: Path) -> None:
    """Make a database with one article to vote on; its write-ahead log is folded in."""
    with closing(database.open(f"sqlite:///{path}")) as db:
        db.upgrade()
        with db.write() as connection:
            publish(connection, [PublishedArticle(KEY, FIRST, "words " * 50)], NOW)


def stored(db: Database) -> set[str]:
    """The readers whose votes are there."""
    with db.read() as connection:
        return set(connection.execute(select(schema.votes.c.visitor)).scalars())


def is_whole(db: Database) -> bool:
    """Whether SQLite finds no fault in its file, and the sums are those of the votes."""
    with db.read() as connection:
        counted = connection.exec_driver_sql("SELECT sum(weight) FROM votes").scalar_one()
        summed = connection.exec_driver_sql("SELECT sum(count) FROM tallies").scalar_one()
        if connection.dialect.name != "sqlite":
            return bool(counted == summed)
        said = connection.exec_driver_sql("PRAGMA integrity_check").scalar_one()
        orphans = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    return (said, orphans, counted) == ("ok", [], summed)
