"""What was seen in a file counts for files that hold the same, and for no other."""

from pathlib import Path

import pytest

from answerloop import cache as caches
from answerloop import catalog as catalogs
from answerloop import inspection
from answerloop.inspection import Inspected
from answerloop.inspection.leaks import Canary
from answerloop.settings import Settings
from tests.answerloop.builders import repository

SCRIPT = "<script>a()</script>"


@pytest.fixture
def known(tmp_path: Path) -> Settings:
    return repository(tmp_path / "help", {})


def look(known: Settings, site: Path) -> Inspected:
    with caches.opened(known) as cache:
        seen = inspection.inspect(site, catalogs.load(known), known, Canary("kb0"), cache=cache)
        cache.keep()
    return seen


def test_a_second_look_at_the_same_pages_gives_the_same_policy(
    known: Settings, tmp_path: Path
) -> None:
    (tmp_path / "index.html").write_text(f"{SCRIPT}<p style='color:red'><style>p</style>")
    first = look(known, tmp_path)

    again = look(known, tmp_path)

    assert first == again
    assert len(again.policy.directives["script-src"]) == 2


def test_a_page_that_asks_another_host_is_found_each_time(known: Settings, tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text('<img src="https://else.example/a.png">')

    found = [len(look(known, tmp_path).findings) for _ in range(2)]

    assert found == [1, 1]


def test_scripts_of_pages_that_are_gone_are_forgotten(known: Settings, tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text(SCRIPT)
    look(known, tmp_path)
    (tmp_path / "index.html").write_text("<p>")

    found = look(known, tmp_path)

    assert found.policy.directives["script-src"] == ("'self'",)
