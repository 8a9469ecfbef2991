from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, Engine, event

from feedback import database, fixes, history, migrations, schema, tallies
from feedback.database import Database
from feedback.errors import DatabaseTooNew
from feedback.fixes import Fix
from feedback.history import VoteEvent
from feedback.model import Reason, Severity, Step
from tests.feedback.builders import FIRST, KEY, SECOND, digest_of

START = datetime(2026, 3, 1, tzinfo=UTC)
FIXED = START + timedelta(days=1, hours=1)


@contextmanager
def raw(url: str) -> Iterator[Engine]:
    """The same database through an engine without our hooks."""
    engine = sa.create_engine(url)
    yield engine
    engine.dispose()


def tables(url: str) -> set[str]:
    with raw(url) as engine:
        return set(sa.inspect(engine).get_table_names()) - {"alembic_version"}


@pytest.fixture
def empty(database_url: str) -> Iterator[Database]:
    opened = database.open(database_url)
    yield opened
    opened.close()


def test_up_down_and_up_again_ends_where_it_began(empty: Database, database_url: str) -> None:
    empty.upgrade()
    after_first = tables(database_url)
    with empty.migrating() as connection:
        migrations.downgrade(connection, to="base")
    after_down = tables(database_url)
    empty.upgrade()

    assert set(schema.metadata.tables) == after_first
    assert set() == after_down
    assert after_first == tables(database_url)


def test_the_highest_number_is_the_newest_migration(empty: Database) -> None:
    # Whether a database is up to date is told by the number, without Alembic.
    empty.upgrade()

    with empty.migrating() as connection:
        assert migrations._is_newest(connection)  # noqa: SLF001  what `upgrade` asks first
        migrations.downgrade(connection, to="0006")
        assert not migrations._is_newest(connection)  # noqa: SLF001  the same


def test_migrations_and_tables_of_the_code_agree(empty: Database, database_url: str) -> None:
    empty.upgrade()

    with raw(database_url) as engine, engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        differences = compare_metadata(context, schema.metadata)

    assert not differences


def test_a_schema_of_a_newer_program_is_refused(empty: Database, database_url: str) -> None:
    empty.upgrade()
    with raw(database_url) as engine, engine.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))

    with pytest.raises(DatabaseTooNew, match=r"version 9999.*versions up to \d{4}.*newer program"):
        empty.upgrade()


@pytest.mark.parametrize(
    ("before", "to"),
    [
        (None, "0001"),
        ("0001", "0002"),
        ("0002", "0003"),
        ("0003", "0004"),
        ("0004", "0005"),
        ("0005", "0006"),
        ("0006", "0007"),
        ("0007", "0008"),
        ("0008", "0009"),
        ("0009", "0010"),
        ("0010", "0011"),
        ("0011", "0012"),
        ("0012", "0013"),
    ],
)
def test_a_migration_that_crashes_at_any_statement_leaves_nothing(
    empty: Database, database_url: str, before: str | None, to: str
) -> None:
    if before:
        upgrade(empty, before)
    there = tables(database_url)
    crashes = 0

    while upgrade_crashing(empty, to=to, after=crashes):
        crashes += 1
        assert there == tables(database_url)

    assert crashes > len(tables(database_url) - there)


def test_the_votes_of_before_are_summed_as_the_rule_counts_them(
    empty: Database, database_url: str
) -> None:
    upgrade(empty, "0001")
    random = Random(7)  # noqa: S311 -- made-up votes
    events = [
        VoteEvent(
            at=START + timedelta(hours=random.randrange(24 * 5)),
            helpful=random.random() < 0.4,
            revision=random.choice([FIRST, SECOND]),
            network=random.choice("abc"),
            reason=random.choice([None, *Reason]),
            weight=random.choice([0, 1, 1, 1]),
        )
        for _ in range(200)
    ]
    with empty.write() as connection:
        connection.execute(sa.insert(schema.articles), [first_article()])
        connection.execute(sa.insert(schema.votes), [row(*one) for one in enumerate(events)])

    empty.upgrade()

    with empty.read() as connection:
        summed = tallies.read(connection, [KEY])[KEY]
        digest = tallies.digests(connection, [KEY])[KEY]
    assert digest == digest_of(summed)
    assert sorted(map(repr, history.tallied(events))) == sorted(map(repr, summed))


def row(number: int, event: VoteEvent) -> dict[str, object]:
    """A vote as a row; of every second one it was the visitor's second word."""
    is_second = number % 2
    return {
        "article": KEY.article,
        "lang": KEY.lang,
        "revision": event.revision,
        "visitor": f"v{number}",
        "network": event.network,
        "helpful": event.helpful,
        "reason": event.reason,
        "weight": event.weight,
        "via": "",
        "search": "",
        "cast": event.at - timedelta(days=is_second),
        "changed": event.at if is_second else None,
    }


def first_article() -> dict[str, object]:
    return {
        "article": KEY.article,
        "lang": KEY.lang,
        "revision": FIRST,
        "text": "",
        "severity": Severity.DEFAULT,
        "owner": "",
        "public": True,
        "published": START,
    }


def test_what_is_watched_already_has_the_edit_that_mended_it(
    empty: Database, database_url: str
) -> None:
    upgrade(empty, "0002")
    with raw(database_url) as engine, engine.begin() as connection:
        connection.execute(sa.insert(schema.articles), [first_article()])
        for number, revision in enumerate([FIRST, SECOND, FIRST]):
            connection.execute(
                sa.text(
                    "INSERT INTO revisions "
                    '(article, lang, revision, published, "commit", substantive) '
                    "VALUES (:article, :lang, :revision, :published, 'c0ffee', :yes)"
                ),
                {
                    "article": KEY.article,
                    "lang": KEY.lang,
                    "revision": revision,
                    "published": START + timedelta(days=number),
                    "yes": True,
                },
            )
        for number, state in enumerate(["watching", "closed"], start=1):
            name = {"article": KEY.article, "lang": KEY.lang, "lane": "suspected"}
            item = {"id": number, "state": state, "version": 3, "opened": START} | name
            connection.execute(sa.insert(schema.items), [item])
            connection.execute(
                sa.insert(schema.item_steps),
                [
                    {"item": number, "version": 2, "step": Step.WATCHING, "words": "", "at": FIXED},
                    {"item": number, "version": 3, "step": Step.NOTED, "words": "", "at": FIXED},
                ],
            )

    empty.upgrade()

    with empty.read() as connection:
        assert fixes.latest(connection, [1, 2]) == {
            1: Fix(1, 2, SECOND, "c0ffee", "", named=False, onset=None, at=FIXED)
        }


def upgrade(db: Database, to: str) -> None:
    with db.migrating() as connection:
        migrations.upgrade(connection, place=db.place, to=to)


class Crash(Exception):  # noqa: N818 -- stands for the machine, not for an error of ours
    pass


def upgrade_crashing(db: Database, *, after: int, to: str = "head") -> bool:
    """Upgrade over a connection that dies once it has changed `after` things; did it?"""
    changes = 0

    def count(connection: Connection, cursor: object, statement: str, *_: object) -> None:
        nonlocal changes
        if statement.lstrip().upper().startswith(("CREATE", "ALTER", "INSERT", "UPDATE")):
            changes += 1
            if changes > after:
                raise Crash

    with db.migrating() as connection:
        event.listen(connection, "before_cursor_execute", count)
        try:
            migrations.upgrade(connection, place=db.place, to=to)
        except Crash:
            return True
        finally:
            event.remove(connection, "before_cursor_execute", count)
    return False


def test_foreign_keys_are_enforced_again_after_a_crashed_migration(empty: Database) -> None:
    upgrade_crashing(empty, after=3)

    empty.upgrade()

    with pytest.raises(sa.exc.IntegrityError), empty.write() as connection:
        connection.execute(
            sa.insert(schema.item_steps).values(
                item=1, version=1, step=Step.NOTED, words="", at=datetime(2026, 1, 1, tzinfo=UTC)
            )
        )
