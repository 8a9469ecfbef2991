"""What one build keeps for the next: found again, or made again, never wrong."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from answerloop import cache
from answerloop.settings import Settings
from tests.answerloop.builders import repository

KEY = cache.digest("text", "title")


@pytest.fixture
def known(tmp_path: Path) -> Settings:
    return repository(tmp_path, {})


def kept(known: Settings, key: bytes = KEY, result: object = "made") -> None:
    with cache.opened(known) as opened:
        opened.put("kind", key, result)
        opened.keep()


def found(known: Settings, key: bytes = KEY) -> object:
    with cache.opened(known) as opened:
        return opened.get("kind", key)


def test_a_result_is_found_under_its_key_alone(known: Settings) -> None:
    kept(known, result=["á\ud800", 1, None])

    assert found(known) == ["á\ud800", 1, None]
    assert found(known, cache.digest("texttitle")) is None


def test_what_was_not_kept_is_gone(known: Settings) -> None:
    with cache.opened(known) as opened:
        opened.put("kind", KEY, "made")

    assert found(known) is None


def test_what_the_last_build_did_not_ask_for_is_forgotten_unless_spared(known: Settings) -> None:
    kept(known)
    with cache.opened(known) as opened:
        opened.put("spared", KEY, "made")
        opened.put("kind", b"other", "made")
        opened.keep()

    with cache.opened(known) as opened:
        opened.spare("spared")
        opened.keep()

    with cache.opened(known) as opened:
        assert [opened.get(kind, KEY) for kind in ("kind", "spared")] == [None, "made"]


def test_a_damaged_result_is_none(known: Settings) -> None:
    kept(known)

    with closing(sqlite3.connect(known.state_dir / cache.FILE_NAME)) as db, db:
        db.execute("UPDATE results SET result = substr(result, 1, 16) || '\"mean\"'")

    assert found(known) is None


@pytest.mark.parametrize("content", [b"", b"no database", b"SQLite format 3\0" + b"x" * 4000])
def test_a_file_that_is_no_cache_is_made_anew(known: Settings, content: bytes) -> None:
    known.state_dir.mkdir()
    (known.state_dir / cache.FILE_NAME).write_bytes(content)

    kept(known)

    assert found(known) == "made"


def test_a_cache_of_another_release_is_made_anew(known: Settings) -> None:
    kept(known)
    with closing(sqlite3.connect(known.state_dir / cache.FILE_NAME)) as db, db:
        db.execute("PRAGMA user_version = 999")

    assert found(known) is None


def test_one_that_another_program_holds_is_done_without(known: Settings) -> None:
    kept(known)

    with closing(sqlite3.connect(known.state_dir / cache.FILE_NAME)) as db:
        db.execute("BEGIN EXCLUSIVE")

        assert found(known) is None


def test_only_its_owner_may_read_it(known: Settings) -> None:
    kept(known)

    assert (known.state_dir / cache.FILE_NAME).stat().st_mode & 0o077 == 0
