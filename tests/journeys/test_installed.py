"""The wheel in a fresh environment: what a user installs does everything by itself."""

import subprocess
import sys
from pathlib import Path

import pytest


@pytest.fixture(scope="module")
def installed(root: Path, wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The `kb` of an environment that holds the locked dependencies and the wheel alone."""
    place = tmp_path_factory.mktemp("installed")
    uv = [sys.executable, "-m", "uv", "--quiet"]
    lock = root / "requirements" / "runtime.txt"
    for command in (
        ["venv", str(place / "env"), "--python", sys.executable],
        ["pip", "install", "--python", str(place / "env"), "--require-hashes", "-r", str(lock)],
        ["pip", "install", "--python", str(place / "env"), "--no-deps", str(wheel)],
    ):
        subprocess.run([*uv, *command], check=True, cwd=place)  # noqa: S603 -- our own arguments
    return place / "env" / "bin" / "kb"


def run(kb: Path, *arguments: str) -> str:
    done = subprocess.run(  # noqa: S603 -- the program under test
        [kb, *arguments], check=True, capture_output=True, text=True, cwd=kb.parent
    )
    return done.stdout


def test_init_build_and_search_work_from_the_wheel(installed: Path, tmp_path: Path) -> None:
    place = str(tmp_path / "help")

    run(installed, "init", place)
    built = run(installed, "-C", place, "build", "--strict")
    found = run(installed, "-C", place, "search", "search finds nothing")

    assert built.startswith("Published ")
    assert "The search does not find my article" in found
    assert (tmp_path / "help" / "site" / "en" / "index.html").is_file()
    assert (tmp_path / "help" / "site" / "assets" / "answerloop" / "widget.js").is_file()


def test_every_command_answers_in_a_fresh_repository(installed: Path, tmp_path: Path) -> None:
    place = str(tmp_path / "help")
    run(installed, "init", place)
    run(installed, "-C", place, "build")

    said = {
        command: run(installed, "-C", place, *command.split())
        for command in (
            "new faq en/getting-started/one-more",
            "check",
            "index",
            "queue --json",
            "user add charlie --role editor",
            "user list --json",
        )
    }

    assert all(said.values())
