"""Links to other sites, asked of real servers on this machine."""

import json
import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from answerloop import catalog, foreign_links, publish, store
from answerloop import settings as configuration
from answerloop.cli import main
from answerloop.deliveries.outgoing import Client, Limits
from answerloop.foreign_links import Answered, Asker, Verdict
from feedback import broken_links
from feedback.model import ArticleId, ArticleKey
from tests.answerloop.builders import WORDS_ONLY, loaded, repository
from tests.answerloop.builders import with_front_matter as fm
from tests.answerloop.deliveries.receivers import HERE, Received, Receiver, Reply, serve

NOW = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)


@dataclass
class Naps:
    """Notes how long was slept, and sleeps not at all."""

    taken: list[float] = field(default_factory=list)

    def __call__(self, seconds: float) -> None:
        self.taken.append(seconds)


def answer(request: Received) -> Reply:
    match request.path:
        case "/no-head" if request.method == "HEAD":
            return Reply(405)
        case "/moved" | "/for-now":
            status = 301 if request.path == "/moved" else 302
            return Reply(status, {"Location": "/there"})
        case "/round":
            return Reply(302, {"Location": "/round"})
        case "/away-to-file":
            return Reply(302, {"Location": "file:///etc/passwd"})
        case path if path[1:].isdecimal():
            return Reply(int(path[1:]))
    return Reply()


@pytest.fixture(scope="module")
def server() -> Iterator[Receiver]:
    with serve(answer) as running:
        yield running


@pytest.fixture
def asker() -> Asker:
    return Asker(Client(HERE, Limits(seconds=5)), Naps(), "https://help.example.com/")


@pytest.mark.parametrize(
    ("path", "verdict"),
    [
        ("/", Verdict.LIVES),
        ("/no-head", Verdict.LIVES),
        ("/for-now", Verdict.LIVES),
        ("/206", Verdict.LIVES),
        ("/416", Verdict.LIVES),
        ("/moved", Verdict.MOVED),
        ("/404", Verdict.BROKEN),
        ("/410", Verdict.BROKEN),
        ("/round", Verdict.BROKEN),
        ("/401", Verdict.CANNOT_TELL),
        ("/403", Verdict.CANNOT_TELL),
        ("/429", Verdict.CANNOT_TELL),
        ("/500", Verdict.CANNOT_TELL),
        ("/503", Verdict.CANNOT_TELL),
        ("/away-to-file", Verdict.CANNOT_TELL),
    ],
)
def test_what_a_server_says_is_judged(
    server: Receiver, asker: Asker, path: str, verdict: Verdict
) -> None:
    assert asker.ask(server.url + path).verdict is verdict


def test_head_comes_first_and_names_who_asks(server: Receiver, asker: Asker) -> None:
    server.received.clear()

    asker.ask(f"{server.url}/no-head")

    assert [request.method for request in server.received] == ["HEAD", "GET"]
    agents = {request.headers["user-agent"] for request in server.received}
    assert all("answerloop/" in name and "https://help.example.com/" in name for name in agents)


def test_a_server_in_trouble_is_asked_twice_and_a_page_that_is_gone_is_not(
    server: Receiver, asker: Asker
) -> None:
    server.received.clear()

    asker.ask(f"{server.url}/503")
    asker.ask(f"{server.url}/404")

    asked = [(request.method, request.path) for request in server.received]
    assert asked == [("HEAD", "/503")] * 2 + [("GET", "/503")] * 2 + [
        ("HEAD", "/404"),
        ("GET", "/404"),
    ]


def test_a_host_is_asked_one_thing_at_a_time_with_a_pause() -> None:
    busy, most = threading.Semaphore(0), []
    at_once = [0]

    def slowly(_request: Received) -> Reply:
        at_once[0] += 1
        most.append(at_once[0])
        busy.acquire(timeout=0.02)
        at_once[0] -= 1
        return Reply()

    naps = Naps()
    with serve(slowly) as server:
        urls = [f"{server.url}/{number}" for number in range(5)]
        answers = foreign_links.ask_all(urls, Asker(Client(HERE), naps))

    assert {answered.verdict for answered in answers.values()} == {Verdict.LIVES}
    assert max(most) == 1
    assert naps.taken == [1.0] * 4


def test_a_private_address_is_not_asked(server: Receiver) -> None:
    server.received.clear()

    answered = Asker(Client(), Naps()).ask(f"{server.url}/")

    assert (answered.verdict, server.received) == (Verdict.CANNOT_TELL, [])


def nobody(_host: str, _port: int) -> list[str]:
    raise OSError


def test_a_host_that_does_not_exist_is_broken_unless_nothing_answers(server: Receiver) -> None:
    def resolve(host: str, _port: int) -> list[str]:
        return ["127.0.0.1"] if host == "127.0.0.1" else nobody(host, 0)

    gone = "http://gone.example/"
    online = Asker(Client(HERE, resolve=resolve), Naps())
    offline = Asker(Client(resolve=nobody), Naps())

    assert foreign_links.ask_all([gone, server.url], online)[gone].verdict is Verdict.BROKEN
    assert foreign_links.ask_all([gone], offline)[gone].verdict is Verdict.CANNOT_TELL


def test_addresses_are_gathered_with_every_place_and_without_our_own(tmp_path: Path) -> None:
    catalog = loaded(
        tmp_path,
        {
            "a.md": "[x](https://one.example/p#part) [y](https://help.example.com/a/)\n\n"
            '<https://two.example/> <a href="https://one.example/p">\n',
            "b.md": fm("audience: internal", "[x](//one.example/p) [y](b.md)"),
            "c.md": fm("state: archived", "[x](https://old.example/)"),
        },
    )

    places = foreign_links.gather(catalog, "https://help.example.com/")

    named = {url: [(str(path), line) for path, line in at] for url, at in places.items()}
    assert named == {
        "https://one.example/p": [("a.md", 1), ("a.md", 3), ("b.md", 4)],
        "https://two.example/": [("a.md", 3)],
    }


def test_findings_say_where_and_what_to_do(tmp_path: Path) -> None:
    places = foreign_links.gather(
        loaded(tmp_path, {"a.md": "[x](https://a.example/) [y](https://b.example/)"}), ""
    )
    answers = {
        "https://a.example/": Answered(Verdict.BROKEN, "the server says 404."),
        "https://b.example/": Answered(Verdict.MOVED, "https://c.example/"),
    }

    assert [str(found) for found in foreign_links.findings(places, answers)] == [
        (
            "a.md:1: error: the link `https://a.example/` is broken: the server says 404. "
            "Mend or remove it."
        ),
        (
            "a.md:1: warning: the link `https://b.example/` has moved for good. "
            "Write `https://c.example/`."
        ),
    ]


def test_what_answered_is_remembered_for_a_day_and_what_is_broken_is_not(tmp_path: Path) -> None:
    file = tmp_path / "var" / "links.json"
    learned = {
        "https://a.example/": Answered(Verdict.LIVES),
        "https://b.example/": Answered(Verdict.BROKEN, "the server says 404."),
        "https://c.example/": Answered(Verdict.CANNOT_TELL, "no answer.", is_answer=False),
    }

    foreign_links.remember(file, learned, NOW)

    assert foreign_links.recall(file, NOW + timedelta(hours=23)) == {
        "https://a.example/": Answered(Verdict.LIVES)
    }
    assert foreign_links.recall(file, NOW + timedelta(hours=25)) == {}


def test_a_memory_that_cannot_be_read_is_none(tmp_path: Path) -> None:
    file = tmp_path / "links.json"
    file.write_text("[1]", encoding="utf-8")

    assert foreign_links.recall(file, NOW) == {}
    foreign_links.remember(file, {}, NOW)


def test_the_command_asks_only_when_told_and_private_hosts_only_when_allowed(
    server: Receiver, tmp_path: Path
) -> None:
    body = f"[x]({server.url}/404)\n\n[y]({server.url}/)"
    repository(
        tmp_path,
        {"a.md": fm("id: a", body)},
        kb_toml='[outgoing]\nprivate_networks = ["127.0.0.0/8"]\n',
    )
    server.received.clear()

    def run(*options: str) -> tuple[int, int, str]:
        done = CliRunner().invoke(main, ["-C", str(tmp_path), "check", "--json", *options])
        return done.exit_code, len(server.received), done.stdout

    assert run()[:2] == (0, 0)
    assert run("--external")[:2] == (0, 0)
    code, asked, printed = run("--external", "--allow-private")
    assert (code, asked) == (1, 3)
    [row] = json.loads(printed)
    assert (row["path"], row["line"], row["level"]) == ("a.md", 4, "error")
    assert "/404` is broken" in row["message"]
    again = run("--external", "--allow-private")
    assert again == (1, 5, printed)  # the page that lived is remembered


def test_the_command_keeps_what_is_broken_for_the_desk_until_it_is_whole(
    server: Receiver, tmp_path: Path
) -> None:
    body = f"[x]({server.url}/404)"
    repository(
        tmp_path,
        {"a.md": fm("id: a", body)},
        kb_toml='[outgoing]\nprivate_networks = ["127.0.0.0/8"]\n',
    )
    settings = configuration.load(tmp_path, WORDS_ONLY)
    publish.tell(catalog.load(settings), settings, publish.Known(), NOW)

    def kept(*options: str) -> list[tuple[int, str]]:
        CliRunner().invoke(main, ["-C", str(tmp_path), "check", "--external", *options])
        with closing(store.open(settings)) as database, database.read() as db:
            found = broken_links.of(db, [ArticleKey(ArticleId("a"), "en")])
        return [(link.line, link.said) for links in found.values() for link in links]

    once = kept("--allow-private")
    cannot_tell = kept()
    (tmp_path / "kb/a.md").write_text(fm("id: a", f"[x]({server.url}/)"), encoding="utf-8")

    assert [(4, "the server says 404.")] == once == cannot_tell
    assert kept("--allow-private") == []
