"""An operator copies, restores, exports and erases, beside a service that goes on."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import postgresql as private_postgresql
from tests.journeys import shop
from tests.journeys.shop import Shop
from tests.journeys.test_operator import refused, stored, vote
from tests.postgresql import Server


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("made") / "help"
    assert shop.kb(place.parent, "init", str(place)).returncode == 0
    assert shop.kb(place, "build").returncode == 0
    return place


@pytest.fixture
def place(built: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(built, tmp_path / "help", symlinks=True))


@pytest.fixture
def running(place: Path) -> Iterator[Shop]:
    with shop.served(place) as served:
        yield served


@pytest.fixture(scope="module")
def server(postgresql: Path) -> Iterator[Server]:
    with private_postgresql.serve(postgresql) as server:
        yield server


def test_a_service_is_copied_while_it_runs_and_restored_once_it_stands(place: Path) -> None:
    with shop.served(place) as running, running.client() as client:
        first = vote(client, "Alice").status_code
        made = json.loads(shop.kb(place, "backup", "--json").stdout)
        second = vote(client, "Bob").status_code
        said = refused(place, "restore", made["file"])
    in_all = stored(place)

    restored = shop.kb(place, "restore", made["file"])

    assert [first, second, in_all, stored(place)] == [200, 200, 2, 1]
    assert "another `kb serve`" in said
    assert "erase it again" in restored.stdout
    assert "kb-before-" in restored.stdout
    assert shop.kb(place, "queue").returncode == 0


@pytest.mark.parametrize("folder", ["kb/en/copies", "site", "site/en", "var/builds/copies"])
def test_no_copy_is_written_where_readers_could_fetch_it(running: Shop, folder: str) -> None:
    said = refused(running.root, "backup", str(running.root / folder))

    assert "which everybody may read on the site" in said
    assert list(running.root.rglob("kb-*.db")) == []


def test_without_a_database_there_is_nothing_to_copy(tmp_path: Path) -> None:
    shop.kb(tmp_path, "init", str(tmp_path / "help"))

    said = refused(tmp_path / "help", "backup")

    assert "no database yet" in said
    assert not (tmp_path / "help/var/kb.db").exists()


@pytest.mark.parametrize("command", [["backup"], ["restore", "kb.toml"]])
def test_of_postgresql_the_tools_are_named_that_copy_it(place: Path, command: list[str]) -> None:
    address = {"KB_DATABASE_URL": "postgresql+psycopg://u:secret@db/kb"}

    done = shop.kb(place, *command, environment=address)

    assert done.returncode == 1
    assert "pg_restore" in done.stderr
    assert "secret" not in done.stderr


def test_nothing_is_left_of_an_account_that_is_erased_beside_a_service(running: Shop) -> None:
    place, name = running.root, "charlotte-9"
    shop.kb(place, "user", "add", name, "--role", "editor")
    kept = json.loads(shop.kb(place, "privacy", "export", "account", name).stdout)
    trial = shop.kb(place, "privacy", "erase", "account", name, "--dry-run")
    still = shop.kb(place, "user", "list").stdout

    erased = shop.kb(place, "privacy", "erase", "account", name)
    after = json.loads(shop.kb(place, "privacy", "export", "account", name).stdout)

    assert [one["name"] for one in kept["account"]["account"]] == [name]
    assert name in still
    rows = {
        "sessions": 0,
        "identities": 0,
        "tokens": 0,
        "account": 1,
        "traces": 0,
        "audit log": 1,
    }
    assert json.loads(trial.stdout) == {"erased": rows, "dry_run": True, "wiped": False}
    assert json.loads(erased.stdout) == {"erased": rows, "dry_run": False, "wiped": True}
    assert "35 days" in erased.stderr
    assert not any(after["account"].values())
    for file in ("kb.db", "kb.db-wal"):
        assert name.encode() not in (place / "var" / file).read_bytes()


def test_on_postgresql_it_is_said_what_vacuum_and_dumps_still_hold(
    place: Path, server: Server
) -> None:
    address = {"KB_DATABASE_URL": server.new_database()}

    done = shop.kb(place, "privacy", "erase", "account", "nobody", environment=address)

    assert done.returncode == 0
    assert json.loads(done.stdout)["wiped"] is False
    assert "VACUUM FULL" in done.stderr
    assert "pg_dump" in done.stderr


def test_a_purge_in_rehearsal_changes_nothing(place: Path) -> None:
    shop.kb(place, "queue")  # makes the database
    before = (place / "var/kb.db").read_bytes()

    done = shop.kb(place, "privacy", "purge", "--dry-run")

    assert json.loads(done.stdout)["dry_run"] is True
    assert before == (place / "var/kb.db").read_bytes()
    assert not (place / "var/salts").exists()
