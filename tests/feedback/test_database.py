import sqlite3
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
import sqlalchemy as sa
from sqlalchemy import select, update

from feedback import database, schema
from feedback.database import Database
from feedback.errors import (
    DatabaseDamaged,
    DatabaseMisnamed,
    DatabaseUnavailable,
    DatabaseUnwritable,
)
from tests.feedback.builders import DAY, NOW, count, publish

NOBODY = 65534


def test_what_is_written_is_rolled_back_when_the_block_fails(db: Database) -> None:
    def write_and_fail() -> None:
        with db.write() as connection:
            connection.execute(sa.insert(schema.meta).values(name="a", value="1", computed=NOW))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write_and_fail()

    with db.read() as connection:
        assert count(connection, schema.meta) == 0


def test_a_reading_connection_cannot_write(db: Database) -> None:
    with pytest.raises(sa.exc.DBAPIError, match=r"(?i)read-?only"), db.read() as connection:
        connection.execute(sa.insert(schema.meta).values(name="a", value="1", computed=NOW))

    with db.read() as connection:
        assert count(connection, schema.meta) == 0


def test_a_writing_connection_writes_after_one_that_read(db: Database) -> None:
    """The two doors share connections on PostgreSQL; being read-only must not stick to one."""
    for _ in range(20):
        with db.read() as connection:
            count(connection, schema.meta)
        db.beat(NOW)


def test_a_reader_sees_one_state_however_often_it_looks(db: Database) -> None:
    publish(db)

    with db.read() as connection:
        before = count(connection, schema.articles)
        with db.write() as writer:
            writer.execute(update(schema.articles).values(gone=NOW))
        gone = connection.execute(select(schema.articles.c.gone)).scalar_one()

    assert before == 1
    assert gone is None


def test_no_update_is_lost_among_sixteen_who_read_before_they_write(db: Database) -> None:
    publish(db)
    with db.write() as connection:
        connection.execute(update(schema.articles).values(owner="0"))
    barrier = Barrier(16)

    def add_one(_: int) -> None:
        barrier.wait()
        with db.write() as connection:
            owner = connection.execute(
                select(schema.articles.c.owner).with_for_update()
            ).scalar_one()
            connection.execute(update(schema.articles).values(owner=str(int(owner) + 1)))

    with ThreadPoolExecutor(16) as writers:
        list(writers.map(add_one, range(16)))

    with db.read() as connection:
        assert connection.execute(select(schema.articles.c.owner)).scalar_one() == "16"


def test_the_heartbeat_is_one_row(db: Database) -> None:
    db.beat(NOW)
    db.beat(NOW + DAY)

    with db.read() as connection:
        assert list(connection.execute(select(schema.heartbeat.c.beat)).scalars()) == [NOW + DAY]


def test_a_bug_in_a_statement_is_not_called_an_unavailable_database(db: Database) -> None:
    with pytest.raises(sa.exc.DBAPIError), db.write() as connection:
        connection.exec_driver_sql("SELECT nothing FROM nowhere")


def test_the_pragmas_are_those_that_lose_nothing(sqlite_db: Database) -> None:
    asked = ("journal_mode", "synchronous", "foreign_keys", "secure_delete", "trusted_schema")

    with sqlite_db.write() as connection:
        values = [connection.exec_driver_sql(f"PRAGMA {name}").scalar_one() for name in asked]
        timeout = connection.exec_driver_sql("PRAGMA busy_timeout").scalar_one()

    assert values == ["wal", 2, 1, 1, 0]
    assert timeout == 10_000


def test_only_its_owner_reads_the_file(tmp_path: Path) -> None:
    opened = database.open(f"sqlite:///{tmp_path / 'kb.db'}")
    opened.upgrade()
    opened.beat(NOW)

    modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in tmp_path.iterdir()}
    opened.close()

    assert modes == {"kb.db": 0o600, "kb.db-wal": 0o600, "kb.db-shm": 0o600}


def test_closing_leaves_one_file(sqlite_db: Database) -> None:
    sqlite_db.beat(NOW)

    sqlite_db.close()

    assert [file.name for file in Path(sqlite_db.place).parent.iterdir()] == ["kb.db"]


def test_a_missing_folder_is_named_with_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "missing" / "kb.db"

    with pytest.raises(DatabaseUnwritable, match=r"missing/kb\.db: the folder .* Create it"):
        database.open(f"sqlite:///{path}")


def test_a_place_where_no_file_can_be_is_named_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "kb.db").mkdir()

    with pytest.raises(DatabaseUnwritable, match=r"kb\.db: the database cannot be written\. Give"):
        database.open(f"sqlite:///{tmp_path / 'kb.db'}")


@pytest.fixture
def read_only(sqlite_template: Path) -> Iterator[Path]:
    """A folder with a database, which an account without rights can read and not write.

    Not in pytest's folder, which other accounts cannot enter.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = folder / "kb.db"
        path.write_bytes(sqlite_template.read_bytes())
        path.chmod(0o444)
        folder.chmod(0o555)
        yield path
        folder.chmod(0o755)


def as_anybody(read_only: Path) -> str:
    """What `Database.upgrade` says there to an account without rights."""
    script = (
        "import os, sys\n"
        "from feedback import database, errors\n"
        "import feedback.migrations\n"
        f"os.geteuid() == 0 and os.setuid({NOBODY})\n"
        "try:\n"
        "    opened = database.open(f'sqlite:///{sys.argv[1]}')\n"
        "    opened.upgrade()\n"
        "except errors.DatabaseUnwritable as error:\n"
        "    print(error)\n"
    )
    finished = subprocess.run(  # noqa: S603 -- our own interpreter
        [sys.executable, "-c", script, read_only],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[2],
    )
    return finished.stdout


def test_a_read_only_folder_is_named_with_what_to_do(read_only: Path) -> None:
    said = as_anybody(read_only)

    assert said.startswith(f"{read_only}: the database cannot be written. Give this account")


def test_damage_is_found_when_the_service_starts(sqlite_db: Database) -> None:
    publish(sqlite_db)
    sqlite_db.check()
    path = Path(sqlite_db.place)
    sqlite_db.close()
    content = bytearray(path.read_bytes())
    for page in range(3, len(content) // 4096):
        content[page * 4096 + 8 : page * 4096 + 400] = bytes(392)
    path.write_bytes(content)
    opened = database.open(f"sqlite:///{path}")

    with pytest.raises(DatabaseDamaged, match="or it is damaged"):
        opened.check()

    opened.close()


def test_a_file_that_is_no_database_is_named_with_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "kb.db"
    path.write_text("These are not the rows you are looking for. " * 50)
    opened = database.open(f"sqlite:///{path}")

    with pytest.raises(DatabaseDamaged, match=r"kb\.db: this is no SQLite database.*backup"):
        opened.upgrade()

    opened.close()


@pytest.mark.parametrize(
    "url",
    ["", "kb.db", "sqlite://", "sqlite:///:memory:", "mysql://root:secret@host/kb"],
)
def test_an_address_of_no_use_is_refused_with_an_example_and_without_its_password(
    url: str,
) -> None:
    with pytest.raises(DatabaseMisnamed, match=r"Expected .*sqlite:///path/to/file") as refusal:
        database.open(url)

    assert "secret" not in str(refusal.value)


@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+psycopg"])
def test_every_way_to_write_postgresql_means_the_same_driver(scheme: str) -> None:
    opened = database.open(f"{scheme}://kb:secret@127.0.0.1:1/kb")

    assert opened.place == "postgresql+psycopg://kb:***@127.0.0.1:1/kb"
    with pytest.raises(DatabaseUnavailable, match="does not take this now") as refusal:
        opened.upgrade()
    opened.close()
    assert "secret" not in str(refusal.value)


def test_a_locked_database_is_unavailable_and_not_a_success(sqlite_db: Database) -> None:
    with sqlite_db.write() as connection:
        connection.exec_driver_sql("PRAGMA busy_timeout = 50")
    other = sqlite3.connect(sqlite_db.place, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    with pytest.raises(DatabaseUnavailable, match=r"locked.*Nothing was stored; try again"):
        sqlite_db.beat(NOW)

    other.close()
    sqlite_db.beat(NOW)


def test_a_full_disk_is_unavailable_and_works_again_with_room(sqlite_db: Database) -> None:
    publish(sqlite_db)
    with sqlite_db.write() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")

    with pytest.raises(DatabaseUnavailable, match="full"), sqlite_db.write() as connection:
        connection.execute(update(schema.articles).values(text="x" * 1_000_000))

    with sqlite_db.write() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count = 1000000")
        connection.execute(update(schema.articles).values(text="x" * 1_000_000))


def test_an_error_of_a_statement_does_not_repeat_what_somebody_wrote(db: Database) -> None:
    row = {"name": "figures", "value": "words of a reader", "computed": NOW}

    with pytest.raises(sa.exc.IntegrityError) as caught, db.write() as connection:
        connection.execute(sa.insert(schema.meta), [row, row])

    assert "words of a reader" not in str(caught.value)
