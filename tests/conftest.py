"""Fixtures for every kind of test: this checkout, its wheel, a browser, a database server."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from playwright.sync_api import Browser, sync_playwright

from tests import machine, programs

# A busy machine is slow, not wrong; and a change is judged by the same examples each time in CI,
# while everybody's own runs go on looking for new ones.
settings.register_profile("everywhere", deadline=None, derandomize=bool(os.environ.get("CI")))
settings.load_profile("everywhere")

# The model of the extra `semantic` takes a tenth of a second for each passage; what is about it
# asks for it.
os.environ["KB_SEMANTIC"] = "off"

# Programs that tests start write there, too.
tempfile.tempdir = os.environ["TMPDIR"] = str(machine.temporary_files())

programs.stay_loaded()

# A process takes the next module when it has done with one. These take longest, so they come first:
# at the end nobody is left alone with one of them.
LONGEST = (
    "tests/soak/", "tests/journeys/test_planted.py", "tests/desk/test_browser.py",
    "tests/journeys/", "tests/letters/test_browser.py", "tests/feedback/test_migrations.py",
    "tests/benchmarks/", "tests/desk/", "tests/letters/",
)  # fmt: skip


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let the longest modules come first, and all the others as they are."""
    items.sort(key=lambda item: _turn(item.nodeid))


def _turn(name: str) -> int:
    turns = (turn for turn, start in enumerate(LONGEST) if name.startswith(start))
    return next(turns, len(LONGEST))


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--pictures", help="write the pictures of the manual into this folder")


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout under test."""
    return Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of this run, the same for all processes that share its tests."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


@pytest.fixture(scope="session")
def wheel(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel as a user installs it, built from this checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(  # noqa: S603 -- the build backend of this very environment
        [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", folder],
        check=True,
        cwd=root,
        capture_output=True,
    )
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="session")
def chromium() -> Path:
    """The browser's program. Its absence fails the test: a skipped check would look passed."""
    program = machine.chromium()
    if program is None:
        pytest.fail("no Chromium here; `make test` installs it or says how")
    return program


@pytest.fixture(scope="session")
def browser(chromium: Path) -> Iterator[Browser]:
    """One browser for all tests: a process can drive only one at a time. Open contexts in it."""
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium)
        yield launched
        launched.close()


@pytest.fixture(autouse=True)
def closed_again(request: pytest.FixtureRequest) -> Iterator[None]:
    """What a test opens in the browser does not run on beside the tests after it."""
    if "browser" not in request.fixturenames:
        yield
        return
    opened: Browser = request.getfixturevalue("browser")
    before = opened.contexts
    yield
    for context in opened.contexts:
        if context not in before:
            context.close()


@pytest.fixture(scope="session")
def postgresql() -> Path:
    """The folder of PostgreSQL's server programs (`initdb`, `postgres`, `pg_ctl`)."""
    folder = machine.postgresql()
    if folder is None:
        pytest.fail("no PostgreSQL server here; `make test` installs it or says how")
    return folder
