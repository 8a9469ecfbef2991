"""What befalls an operator: each failure is said with its remedy, and nothing stored is lost."""

import json
import os
import shutil
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from tests.journeys import shop

ARTICLE = "nothing-found"
FILE = Path("kb/en/getting-started/nothing-found.md")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new content repository after its first build; copied, never changed."""
    place = tmp_path_factory.mktemp("made") / "help"
    done = subprocess.run(  # noqa: S603 -- our own program
        [*shop.KB, "init", str(place)], capture_output=True, text=True, check=True
    )
    assert done.stdout.endswith(f"kb -C {place} serve\n")
    assert shop.kb(place, "build").returncode == 0
    return place


@pytest.fixture
def place(built: Path, tmp_path: Path) -> Path:
    """A content repository of its own, with a space and an umlaut in its path."""
    return Path(shutil.copytree(built, tmp_path / "Hilfe für alle", symlinks=True))


@contextmanager
def started(place: Path, *, kill: bool = False) -> Iterator[httpx.Client]:
    """`kb serve` at any start, the first or a later one; ended by SIGTERM or killed."""
    process = subprocess.Popen(  # noqa: S603 -- our own program
        [*shop.KB, "-C", str(place), "serve", "--port", "0"], stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        address = process.stdout.readline().split(" on ")[1].strip()
        with httpx.Client(base_url=address, headers=shop.BROWSER, timeout=30) as client:
            yield client
    finally:
        if kill:
            process.kill()
        else:
            process.terminate()
        process.communicate(timeout=30)


def vote(client: httpx.Client) -> httpx.Response:
    page = client.get(f"/a/{ARTICLE}", follow_redirects=True).text
    revision = page.split('name="kb:revision" content="')[1].split('"')[0]
    said = {"article": ARTICLE, "lang": "en", "revision": revision, "helpful": False}
    return client.post("/api/v1/votes", json=said)


def stored(place: Path) -> int:
    database = sqlite3.connect(place / "var/kb.db")
    try:
        return int(database.execute("SELECT count(*) FROM votes").fetchone()[0])
    finally:
        database.close()


def refused(place: Path, *arguments: str) -> str:
    """The complaint of a command that must fail as expected failures do."""
    done = shop.kb(place, *arguments)
    assert done.returncode == 1
    assert done.stderr.startswith("kb: ")
    assert "Traceback" not in done.stderr
    return done.stderr


def wait_for(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def _spoil_database(place: Path) -> None:
    (place / "var/kb.db").write_bytes(b"no database " * 500)


def _borrow_database(place: Path) -> None:
    (place / "var/kb.db").unlink()
    database = sqlite3.connect(place / "var/kb.db")
    database.execute("CREATE TABLE votes (of_another_program)")
    database.commit()
    database.close()


def _empty_secret(place: Path) -> None:
    (place / "var/secret").write_bytes(b"")


def _inherit_itself(place: Path) -> None:
    (place / "mkdocs.yml").write_text("INHERIT: mkdocs.yml\n")


def _break_article(place: Path) -> None:
    (place / FILE).write_text("---\ntitle: a: b\n---\n")


@pytest.mark.parametrize(
    ("happen", "command", "remedy"),
    [
        (_spoil_database, "queue", "Put the last backup in its place."),
        (_borrow_database, "queue", "Name an empty database."),
        (_empty_secret, "build", "Delete it and run `kb build`"),
        (_inherit_itself, "build", "Remove it."),
        (_break_article, "build", "Put the value in quotes"),
    ],
)
def test_what_stops_a_command_is_said_with_its_remedy_and_the_version_stays(
    place: Path, happen: Callable[[Path], None], command: str, remedy: str
) -> None:
    current = (place / "var/builds/CURRENT").read_text()
    happen(place)

    said = refused(place, command)

    assert remedy in said
    assert current == (place / "var/builds/CURRENT").read_text()


def test_a_named_pipe_among_the_articles_does_not_stop_a_build_for_ever(place: Path) -> None:
    os.mkfifo(place / "kb" / "pipe.md")

    said = refused(place, "build")

    assert "pipe.md: error: no file" in said


def test_no_vote_is_acknowledged_once_the_database_file_is_gone(place: Path) -> None:
    with shop.served(place) as running, running.client() as client:
        first = vote(client)
        (place / "var/kb.db").rename(place / "moved.db")
        lost = vote(client)
        readiness = client.get("/readyz").status_code
        (place / "moved.db").rename(place / "var/kb.db")
        again = client.get("/readyz").status_code

    assert [first.status_code, lost.status_code, readiness, again] == [200, 503, 503, 200]
    assert stored(place) == 1


def test_a_service_whose_pages_have_gone_says_so_and_the_next_start_builds(place: Path) -> None:
    with shop.served(place) as running, running.client() as client:
        for version in (place / "var/builds").glob("v-*"):
            shutil.rmtree(version / "site")
        answers = [client.get(path).status_code for path in ("/readyz", "/en/", "/en/search/?q=x")]

    assert answers == [503, 503, 503]
    with started(place) as client:
        assert client.get("/en/").status_code == 200


def test_two_services_and_a_build_beside_them_show_the_new_article(place: Path) -> None:
    with shop.served(place) as running, started(place) as other, running.client() as client:
        (place / "kb/en/zebra.md").write_text("---\nid: zebra\n---\n# How do zebras vote?\n\nSo.\n")
        builds = [
            subprocess.Popen([*shop.KB, "-C", str(place), "build"])  # noqa: S603 -- our own program
            for _ in range(2)
        ]
        codes = [build.wait(timeout=60) for build in builds]
        found = [
            one.get("/api/v1/search", params={"q": "zebra"}).json()["total"]
            for one in (client, other)
        ]
        page = client.get("/en/zebra/").status_code

    assert codes == [0, 0]
    assert found == [1, 1]
    assert page == 200


def test_a_service_that_is_killed_keeps_its_votes_and_a_build_that_is_killed_leaves_no_trace(
    place: Path,
) -> None:
    builds = place / "var/builds"
    with started(place, kill=True) as client:
        cast = vote(client).status_code
    (place / FILE).write_text((place / FILE).read_text() + "\nMore.\n")
    build = subprocess.Popen([*shop.KB, "-C", str(place), "build"])  # noqa: S603 -- our own program
    wait_for(lambda: any(builds.glob(".tmp-*")))
    build.kill()
    build.wait(timeout=10)

    rebuilt = shop.kb(place, "build")

    assert cast == 200
    assert rebuilt.returncode == 0
    assert list(builds.glob(".tmp-*")) == []
    assert stored(place) == 1


def test_an_empty_folder_is_served_and_says_that_it_is_empty(tmp_path: Path) -> None:
    (tmp_path / "articles").mkdir()
    (tmp_path / "mkdocs.yml").write_text("site_name: Ours\ndocs_dir: articles\n")

    with shop.served(tmp_path) as running, running.client() as client:
        home = client.get("/")
        missing = client.get("/no-such-page/").status_code
        found = client.get("/api/v1/search", params={"q": "x"}).json()["total"]

    assert "There is no article here yet." in home.text
    assert (home.status_code, missing, found) == (200, 404, 0)


def test_a_shallow_clone_of_a_foreign_folder_is_read_as_its_own_tool_reads_it(
    tmp_path: Path,
) -> None:
    source, clone = tmp_path / "source", tmp_path / "clone"
    for name, text in {
        "mkdocs.yml": "site_name: Ours\ndocs_dir: content\n",
        "content/returns/_index.md": "+++\ntitle = 'Sending things back'\n+++\n",
        "content/returns/label.md": "# Where is my label?\n\nIn the parcel.\n",
        "content/_drafts/secret.md": "# Not yet\n\nA secret.\n",
    }.items():
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        (source / name).write_text(text)
    identity = ("-c", "user.name=Charlie", "-c", "user.email=charlie@example.com")
    for command in (
        ("-C", str(source), "init", "--quiet"),
        ("-C", str(source), "add", "--all"),
        ("-C", str(source), *identity, "commit", "--quiet", "--message", "Write"),
        ("clone", "--quiet", "--depth", "1", source.as_uri(), str(clone)),
    ):
        subprocess.run(["git", *command], check=True)  # noqa: S603, S607 -- our own arguments

    built = shop.kb(clone, "build")
    entries = json.loads(next(clone.glob("var/builds/v-*/catalog.json")).read_text())["entries"]

    assert built.returncode == 0
    assert {(entry["url"], entry["updated"]) for entry in entries} == {
        ("/returns/", ""),
        ("/returns/label/", ""),
    }
