"""Personal data that is typed anywhere is found nowhere: no file, no log, no copy."""

import json
import os
import re
import sqlite3
import subprocess
import threading
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

import httpx
import pytest

from feedback import database, items
from tests.answerloop.deliveries import receivers
from tests.answerloop.deliveries.place import secret as webhook_secret
from tests.answerloop.deliveries.receivers import Received, Receiver, Reply
from tests.journeys import shop
from tests.journeys.planted import ARTICLE, COMMANDS, INPUTS, SECRETS, Planter
from tests.journeys.shop import Shop

pytestmark = pytest.mark.timeout(480)  # thousands of requests, before the first test

FORWARDED = {"X-Forwarded-For": "203.0.113.77"}
LAST = "The last word of all."
"""A remark after which nothing more is planted: what is told of the article comes in its order."""


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Planter]]:
    """A service in which all of it was typed, while it still runs."""
    place = tmp_path_factory.mktemp("planted") / "help"
    shop.kb(place.parent, "init", str(place))
    starter = (place / "kb.toml").read_text(encoding="utf-8")
    addressed = starter.replace('# url = "https://help', 'url = "http://help', 1)
    (place / "kb.toml").write_text(addressed, encoding="utf-8")
    with (place / "kb.toml").open("a", encoding="utf-8") as settings:
        settings.write("[server]\naccess_log = true\ntrusted_proxies = ['127.0.0.1/32']\n")
        settings.write("[limits]\nenabled = false\n")
        settings.write("[mail]\nhost = '127.0.0.1'\nport = 9\nsender = 'help@help.test'\n")
    heard = threading.Event()

    def hear(received: Received) -> Reply:
        if LAST.encode() in received.body:
            heard.set()
        return Reply()

    with ExitStack() as opened:
        receiver = opened.enter_context(receivers.serve(hear))
        _tell(place, receiver)
        running = opened.enter_context(_served(place))
        reader = opened.enter_context(_reader(running))
        staff = opened.enter_context(_staff(running))
        page = reader.get(f"/a/{ARTICLE}", follow_redirects=True).text
        found = re.search(r'kb:revision" content="([^"]+)"', page)
        assert found is not None
        first = Planter(running, reader, staff, item=1, revision=found[1])
        first.report("It is wrong.", "4711")
        with closing(database.open(f"sqlite:///{place / 'var/kb.db'}")) as db, db.read() as rows:
            (item,) = items.live(rows)
        planter = Planter(running, reader, staff, item=item.id, revision=found[1])
        for plant in INPUTS.values():
            for secret, _ in SECRETS.values():
                try:
                    plant(planter, secret)
                except (httpx.InvalidURL, UnicodeError, httpx.LocalProtocolError):
                    continue  # the browser would not send it
        for read in COMMANDS.values():
            read(planter)
        planter.vote(comment=LAST)
        assert heard.wait(120)
        posted = b"\n".join(received.body for received in receiver.received)
        (place / "var/posted.log").write_bytes(posted)
        made = json.loads(shop.kb(place, "backup", "--json").stdout)
        for command in (["privacy", "export", "account", "admin"], ["queue", "--json"]):
            (place / f"var/{command[0]}.json").write_text(shop.kb(place, *command).stdout)
        assert Path(made["file"]).is_file()
        yield place, planter


@pytest.mark.parametrize("kind", SECRETS)
def test_nothing_that_was_planted_is_in_any_file(planted: tuple[Path, Planter], kind: str) -> None:
    place, _ = planted
    looked_at = [file for file in _written(place) if file.is_file()]

    found = [
        (file.name, needle)
        for file in looked_at
        for needle in SECRETS[kind][1]
        if needle.lower().encode() in file.read_bytes().lower()
    ]

    assert found == []
    names = {file.name for file in looked_at}
    assert names >= {
        "kb.db", "kb.db-wal", "said.log", "printed.log", "posted.log", "privacy.json", "queue.json",
    }  # fmt: skip
    assert any(name.startswith("kb-2") for name in names)


def test_the_words_around_it_are_there(planted: tuple[Path, Planter]) -> None:
    """The control: what was typed did arrive, and was masked."""
    place, _ = planted
    copy = next((place / "var/backups").glob("kb-*.db")).read_bytes()

    masks = ("[e-mail]", "[card number]", "[IBAN]", "[phone number]", "[IP address]")
    typed = (
        "Ask [e-mail]", "Said [e-mail]", "Asked [e-mail]", "See [e-mail]",
        "lost [e-mail]", "Who is [e-mail]?",
    )  # fmt: skip
    assert [words for words in (*masks, *typed) if words.encode() not in copy] == []
    posted = (place / "var/posted.log").read_bytes()
    assert [mask for mask in masks if mask.encode() not in posted] == []
    assert {json.loads(line)["type"] for line in posted.splitlines()} >= {
        "item.opened", "item.dismissed", "comment.created",
    }  # fmt: skip


def test_an_address_is_kept_sealed_and_its_key_is_in_no_copy(
    planted: tuple[Path, Planter],
) -> None:
    place, _ = planted
    key = (place / "var/contacts.key").read_bytes()
    copies = [file for file in (place / "var/backups").rglob("*") if file.is_file()]

    with closing(sqlite3.connect(copies[0])) as copy:
        sealed = copy.execute("SELECT sealed FROM contacts").fetchall()

    assert sealed
    assert {file.suffix for file in copies} == {".db"}
    assert not any(key in file.read_bytes() for file in copies)


def test_the_access_log_says_who_asked_for_what_and_no_more(
    planted: tuple[Path, Planter],
) -> None:
    place, planter = planted
    session = planter.staff.cookies["kb_session"]
    log = (place.parent / "said.log").read_text("utf-8")

    lines = log.splitlines()

    assert all(re.fullmatch(_LINE, line) for line in lines), lines[:3]
    assert any(line.startswith("203.0.113.0 - - [") for line in lines)
    assert any('"GET /api/v1/search HTTP/1.1" 200 ' in line for line in lines)
    assert any('"GET /f/- HTTP/1.1" 404 ' in line for line in lines)
    assert session not in log
    assert planter.shop.password not in log
    assert "?" not in log


_LINE = r'[0-9a-f.:-]+ - - \[[^\]]+\] "[A-Z]+ \S+ HTTP/1\.[01]" \d{3} (\d+|-)'


def _written(place: Path) -> Iterator[Path]:
    """All that the service and the commands have written, and said."""
    yield from (place / "var").rglob("*")
    yield place.parent / "said.log"


def _tell(place: Path, receiver: Receiver) -> None:
    """Have every event posted there."""
    with (place / "kb.toml").open("a", encoding="utf-8") as settings:
        settings.write(
            '[outgoing]\nprivate_networks = ["127.0.0.0/8"]\n'
            f'[webhooks.all]\nurl = "{receiver.url}"\nallow_private = true\n'
            f'secrets = ["{webhook_secret("a")}"]\n'
        )


@contextmanager
def _served(place: Path) -> Iterator[Shop]:
    """`kb serve`, with all that it says on standard error in a file."""
    with (place.parent / "said.log").open("w") as log:
        process = subprocess.Popen(  # noqa: S603 -- our own program
            [*shop.KB, "-C", str(place), "serve", "--port", "0"],
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            env=os.environ | {"PYTHONWARNINGS": "ignore"},
        )
        try:
            assert process.stdout is not None
            said = [process.stdout.readline() for _ in range(4)]
            address, password = said[0].split(" on ")[1].strip(), said[3].split()[1]
            yield Shop(place, address.rstrip("/"), password, process.pid)
        finally:
            process.terminate()
            process.communicate(timeout=30)


def _reader(at: Shop) -> httpx.Client:
    return shop.client(at.address, **FORWARDED)


@contextmanager
def _staff(at: Shop) -> Iterator[httpx.Client]:
    with _reader(at) as client:
        client.post("/desk/login", data={"name": "admin", "password": at.password})
        yield client
