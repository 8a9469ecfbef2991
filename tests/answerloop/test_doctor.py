"""`kb doctor`: each part of an installation with what is wrong with it."""

import json
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from answerloop.cli import main
from tests.answerloop.builders import built, repository

ARTICLE = {"en/a.md": "# A\n\nText."}


def examined(root: Path, *, broken: bool = False) -> dict[str, tuple[str, str]]:
    """The state of each part and what is said of it."""
    done = CliRunner().invoke(main, ["-C", str(root), "doctor", "--json"], catch_exceptions=False)
    assert done.exit_code == int(broken)
    return {part["name"]: (part["state"], part["says"]) for part in json.loads(done.stdout)}


def test_a_whole_installation_has_nothing_wrong(tmp_path: Path) -> None:
    known = repository(
        tmp_path,
        ARTICLE,
        kb_toml='[site]\nurl = "https://help.example.com/"\n'
        '[server]\ntrusted_proxies = ["127.0.0.1/32"]\n',
    )
    built(known)
    CliRunner().invoke(main, ["-C", str(tmp_path), "backup"], catch_exceptions=False)

    found = examined(tmp_path)

    assert [name for name, (state, _) in found.items() if state == "broken"] == []
    assert found["copies"][1].startswith(f"the newest is of {datetime.now(UTC):%Y-%m-}")
    assert found["address"] == ("ok", "readers come to https://help.example.com/.")


def test_what_is_missing_is_a_warning_with_its_remedy(tmp_path: Path) -> None:
    repository(tmp_path, ARTICLE)

    found = examined(tmp_path)

    assert found["site"] == (
        "warning",
        "never built. Run `kb build`; `kb serve` does it, too.",
    )
    assert "Let `kb backup` run each night" in found["copies"][1]
    assert "`site.url` is not set" in found["address"][1]


def test_what_only_the_service_reads_is_read_here_too(tmp_path: Path) -> None:
    repository(tmp_path, ARTICLE, kb_toml='[webhooks.a]\nurl = "https://x.example"\n')

    state, says = examined(tmp_path, broken=True)["settings"]

    assert state == "broken"
    assert "webhooks.a.secrets: missing" in says


def test_a_damaged_database_is_broken(tmp_path: Path) -> None:
    repository(tmp_path, ARTICLE)
    (tmp_path / "var").mkdir()
    (tmp_path / "var" / "kb.db").write_bytes(b"no database at all, but long enough" * 100)

    state, says = examined(tmp_path, broken=True)["database"]

    assert state == "broken"
    assert "kb.db" in says


def test_a_repository_that_git_refuses_is_a_warning(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository(tmp_path, ARTICLE)
    subprocess.run(["git", "init", "--quiet", tmp_path], check=True)  # noqa: S603, S607  our own
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    monkeypatch.setenv("HOME", str(tmp_path))

    state, says = examined(tmp_path)["git"]

    assert state == "warning"
    assert "dubious ownership" in says
