"""Did the edit help? From the first no to the verdict, over HTTP, with a clock that is turned.

Readers vote, an agent says what customers tell, an editor decides and mends. `kb build` runs at
the real time of day; what came before lies in its past, and the readers of the new text come after.
"""

import html
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner

from answerloop.cli import main
from benchmarks import journey
from benchmarks.journey import Running, Target
from tests.journeys import shop

DAY = timedelta(days=1)
PASSWORD = "a long enough password"
REWRITTEN = "\n\nThis was written anew, in words that say where to look and what to do next. " * 3


@dataclass(slots=True)
class Help:
    """The help centre that runs, and the article that the journey is about."""

    running: Running
    now: datetime
    readers: Iterator[int] = field(default_factory=count)

    def wait(self, days: float = 1) -> None:
        self.now += days * DAY
        self.running.turn(self.now)

    @property
    def article(self) -> Target:
        return next(one for one in journey.listed(self.running.root) if one.lang == "en")

    def vote(self, *, helpful: bool, reason: str | None = None) -> None:
        """Somebody nobody has heard of before says yes or no."""
        number = next(self.readers)
        said = {
            "article": self.article.id,
            "lang": self.article.lang,
            "revision": self.article.revision,
            "helpful": helpful,
            "reason": reason,
        }
        forwarded = {"X-Forwarded-For": f"198.51.{number}.7"}
        answer = self.running.client.post("/api/v1/votes", json=said, headers=forwarded)
        assert answer.json()["outcome"] == "counted", answer.text

    def mend(self) -> str:
        """Let the editor rewrite the article and build; returns what `kb build` says."""
        self.now = datetime.now(UTC)
        self.running.turn(self.now)
        file = next(self.running.root.rglob(self.article.path))
        file.write_text(file.read_text(encoding="utf-8") + REWRITTEN, encoding="utf-8")
        done = shop.kb(self.running.root, "build")
        assert done.returncode == 0, done.stderr
        return done.stdout

    @contextmanager
    def desk(self, name: str) -> Iterator[httpx.Client]:
        """The desk as one person of the staff has it before them."""
        headers = {"Sec-Fetch-Site": "same-origin"}
        with httpx.Client(base_url=self.running.client.base_url, headers=headers) as client:
            signed = client.post("/desk/login", data={"name": name, "password": PASSWORD})
            assert signed.status_code == 303, signed.text
            yield client

    def queue(self) -> str:
        with self.desk("charlie") as charlie:
            return words(charlie.get("/desk/queue").text)

    def page(self, item: str) -> str:
        with self.desk("charlie") as charlie:
            return words(charlie.get(item).text)


def words(page: str) -> str:
    """What a page says, with single spaces; links by their address."""
    shown = re.sub(r'<a [^>]*href="(/desk/items/\d+)"[^>]*>', r" [\1] ", page)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", shown)).split())


@pytest.fixture
def help_centre(built_shop: Path, tmp_path: Path) -> Iterator[Help]:
    place = shop.copy_prepared(built_shop, tmp_path / "help")
    start = datetime.now(UTC) - 20 * DAY
    with journey.served(place, start) as running:
        for name, role in (("bob", "agent"), ("charlie", "editor")):
            add(place, name, role)
        yield Help(running, start)


def add(place: Path, name: str, role: str) -> None:
    options = ["-C", str(place), "user", "add", name, "--role", role, "--password-stdin"]
    assert CliRunner().invoke(main, options, input=PASSWORD + "\n").exit_code == 0


def test_from_the_first_no_to_helped(help_centre: Help) -> None:
    for _ in range(3):
        help_centre.wait()
        for _ in range(2):
            help_centre.vote(helpful=False, reason="outdated")
    (item,) = re.findall(r"\[(/desk/items/\d+)\]", help_centre.queue())
    with help_centre.desk("bob") as bob:
        note = {"version": "1", "text": "Three customers asked me the same today."}
        assert bob.post(f"{item}/note", data=note).status_code == 303
    said = help_centre.mend()
    assert "Watched for effect from now on: 1 item of the queue." in said
    assert "since the edit nobody voted: not known yet" in help_centre.page(item)

    for _ in range(3):
        help_centre.wait()
        for _ in range(2):
            help_centre.vote(helpful=True)
    queue = help_centre.queue()

    assert "0 open, 0 mended and being watched" in queue
    page = help_centre.page(item)
    assert "Closed" in page
    assert "Before 0 of 6 helpful" in page
    assert re.search(r"since the edit \d of \d \(\d+\N{EN DASH}\d+ %\): helped, 9\d % sure", page)
    assert page.index("Three customers asked me") < page.index("saw it mended")


def test_from_an_unclear_text_to_a_worse_one_and_back_to_its_editor(help_centre: Help) -> None:
    for day in range(4):
        help_centre.wait()
        for _ in range(4):
            help_centre.vote(helpful=True)
        if day:
            help_centre.vote(helpful=False, reason="hard-to-understand")
    (item,) = re.findall(r"\[(/desk/items/\d+)\]", help_centre.queue())
    with help_centre.desk("bob") as bob:
        note = {"version": "1", "text": "Customers stumble over the second step."}
        assert bob.post(f"{item}/note", data=note).status_code == 303
    help_centre.mend()
    assert "1 mended and being watched" in help_centre.queue()

    for _ in range(2):
        help_centre.wait()
        for _ in range(2):
            help_centre.vote(helpful=False)
    queue = help_centre.queue()

    assert "0 mended and being watched" in queue
    page = help_centre.page(item)
    assert "opened it again, for the edit did not help" in page
    assert re.search(
        r"before 16 of 19 helpful \(66\N{EN DASH}93 %\), since the edit 0 of \d "
        r"\(\d+\N{EN DASH}\d+ %\): worse, 9\d % sure",
        page,
        re.IGNORECASE,
    )
    assert "What speaks against it" in page
