"""What befalls an operator: each failure is said with its remedy, and nothing stored is lost."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Timer

import httpx
import pytest

from tests import postgresql as private_postgresql
from tests import programs
from tests.journeys import shop
from tests.postgresql import Server
from tests.soak import crowd
from tests.soak.crowd import Served

if sys.platform != "win32":
    import resource

ARTICLE = "nothing-found"
FILE = Path("kb/en/getting-started/nothing-found.md")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new content repository after its first build; copied, never changed."""
    place = tmp_path_factory.mktemp("made") / "help"
    done = programs.run(programs.KB, "init", str(place))
    assert done.returncode == 0
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
    process = programs.start(programs.KB, "-C", str(place), "serve", "--port", "0")
    try:
        assert process.stdout is not None
        address = process.stdout.readline().split(" on ")[1].strip()
        with shop.client(address) as client:
            yield client
    finally:
        if kill:
            process.kill()
        else:
            process.terminate()
        process.communicate(timeout=30)


def vote(client: httpx.Client, reader: str = "Alice") -> httpx.Response:
    said = {"article": ARTICLE, "lang": "en", "revision": revision(client), "helpful": False}
    return client.post("/api/v1/votes", json=said, headers={"User-Agent": reader})


def revision(client: httpx.Client) -> str:
    page = client.get(f"/a/{ARTICLE}", follow_redirects=True).text
    return page.split('name="kb:revision" content="')[1].split('"')[0]


def http_client(served: Served) -> httpx.Client:
    return shop.client(f"http://127.0.0.1:{served.port}")


@pytest.fixture(scope="module")
def server(postgresql: Path) -> Iterator[Server]:
    with private_postgresql.serve(postgresql) as server:
        yield server


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


def test_two_builds_beside_a_service_show_the_new_article(place: Path) -> None:
    with shop.served(place) as running, running.client() as client:
        (place / "kb/en/zebra.md").write_text("---\nid: zebra\n---\n# How do zebras vote?\n\nSo.\n")
        builds = [programs.start(programs.KB, "-C", str(place), "build") for _ in range(2)]
        for build in builds:
            build.communicate(timeout=60)
        codes = [build.returncode for build in builds]
        found = client.get("/api/v1/search", params={"q": "zebra"}).json()["total"]
        page = client.get("/en/zebra/").status_code

    assert (codes, found, page) == ([0, 0], 1, 200)


def test_a_second_service_is_refused_with_the_first_ones_process(place: Path) -> None:
    with started(place) as client:
        holder = (place / "var/lock").read_text().strip()
        said = refused(place, "serve", "--port", "0")
        beside = shop.kb(place, "user", "add", "dora", "--role", "editor").returncode
        cast = vote(client).status_code

    assert f"another `kb serve` (process {holder}) serves it already" in said
    assert "use PostgreSQL" in said
    assert (beside, cast) == (0, 200)


def test_a_killed_service_leaves_no_lock_behind(place: Path) -> None:
    with started(place, kill=True):
        pass

    with started(place) as client:
        assert vote(client).status_code == 200


def test_two_services_share_a_postgresql(place: Path, server: Server) -> None:
    address = {"KB_DATABASE_URL": server.new_database()}
    assert shop.kb(place, "build", environment=address).returncode == 0
    with crowd.serve(place, address) as one, crowd.serve(place, address) as other:
        statuses = [
            httpx.get(f"http://127.0.0.1:{served.port}/readyz").status_code
            for served in (one, other)
        ]

    assert statuses == [200, 200]


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux limits another process")
def test_on_a_full_disk_votes_are_refused_pages_go_on_and_room_mends_it(place: Path) -> None:
    with crowd.serve(place, {}) as served, http_client(served) as client:
        room = (place / "var/kb.db-wal").stat().st_size + 100_000
        _, most = resource.prlimit(served.process.pid, resource.RLIMIT_FSIZE)
        resource.prlimit(served.process.pid, resource.RLIMIT_FSIZE, (room, most))
        answers = [vote(client, f"reader {number}").status_code for number in range(60)]
        pages = {client.get(path).status_code for path in ("/en/", "/api/v1/search?q=x")}
        link = client.get(f"/a/{ARTICLE}").status_code
        # What is too little for a vote may do for what `/readyz` writes.
        resource.prlimit(served.process.pid, resource.RLIMIT_FSIZE, (0, most))
        readiness = client.get("/readyz").status_code
        resource.prlimit(served.process.pid, resource.RLIMIT_FSIZE, (most, most))
        after = vote(client, "the last reader").status_code

    assert set(answers) == {200, 503}
    assert (pages, link, readiness, after) == ({200}, 302, 503, 200)
    assert stored(place) == answers.count(200) + 1


def test_a_lock_held_for_four_seconds_delays_votes_and_nothing_else(place: Path) -> None:
    with crowd.serve(place, {}) as served, ThreadPoolExecutor(8) as pool:
        other = sqlite3.connect(place / "var/kb.db", isolation_level=None, check_same_thread=False)
        other.execute("BEGIN IMMEDIATE")
        released = Timer(4, other.close)

        def one(number: int) -> int:
            with http_client(served) as client:
                return vote(client, f"reader {number}").status_code

        with http_client(served) as client:
            revision(client)
            answers = [pool.submit(one, number) for number in range(8)]
            meanwhile = [
                client.get(path).status_code for path in ("/en/", f"/a/{ARTICLE}", "/livez")
            ]
            waiting = not any(answer.done() for answer in answers)
            released.start()
            codes = [answer.result() for answer in answers]

    assert meanwhile == [200, 302, 200]
    assert waiting
    assert codes == [200] * 8
    assert stored(place) == 8


def test_a_service_that_is_killed_keeps_its_votes_and_a_build_that_is_killed_leaves_no_trace(
    place: Path,
) -> None:
    builds = place / "var/builds"
    with started(place, kill=True) as client:
        cast = vote(client).status_code
    (place / FILE).write_text((place / FILE).read_text() + "\nMore.\n")
    build = programs.start(programs.KB, "-C", str(place), "build")
    wait_for(lambda: any(builds.glob(".tmp-*")))
    build.kill()
    build.communicate(timeout=10)

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
