"""`kb learn` runs by itself each night, in a process of its own."""

import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from answerloop import learned, store
from answerloop.errors import ServiceError
from answerloop.learned import Learned
from answerloop.settings import Settings
from answerloop.web.learning import FIRST, Nightly
from feedback import searches
from feedback.database import Database
from feedback.searches import Settled, Teller
from feedback.visitors import Visitor
from tests.answerloop.builders import built, repository, with_front_matter

NOW = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
NIGHT = datetime(2026, 5, 4, 3, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return repository(tmp_path, {"refund.md": with_front_matter("title: Refund")})


@pytest.fixture
def database(settings: Settings) -> Iterator[Database]:
    with closing(store.open(settings)) as opened:
        yield opened


@pytest.fixture
def nightly(settings: Settings, database: Database) -> Iterator[Nightly]:
    nightly = Nightly(settings, database)
    nightly.keep_up(NOW - FIRST)
    yield nightly
    nightly.stop()


def search(database: Database, at: datetime) -> None:
    visitor = Visitor("a" * 64, None, "network", None)
    told = Settled("a" * 32, searches.prepare("refund"), "en", hits=0)
    with database.write() as db:
        searches.settle(db, Teller(visitor, trusted=True), told, at)


def learn(settings: Settings, at: datetime) -> None:
    """Let somebody have run `kb learn` then."""
    learned.write(settings.state_dir / learned.FILE_NAME, Learned(), at)


def finish(nightly: Nightly) -> None:
    patience = 600
    while nightly.is_learning and patience:
        patience -= 1
        time.sleep(0.1)


def test_the_desk_has_what_was_learned_at_night(
    settings: Settings, database: Database, nightly: Nightly
) -> None:
    built(settings)
    search(database, NOW - SECOND)

    nightly.keep_up(NOW)
    finish(nightly)
    nightly.keep_up(NOW)

    assert learned.read(settings.state_dir / learned.FILE_NAME).at is not None


def test_a_failure_is_told_once_and_tried_again_the_next_night(
    database: Database, nightly: Nightly
) -> None:
    search(database, NOW - SECOND)  # and nothing was ever built
    nightly.keep_up(NOW)
    finish(nightly)

    with pytest.raises(ServiceError, match="`kb learn` ended with status 1"):
        nightly.keep_up(NOW)

    nightly.keep_up(NOW + timedelta(hours=17))
    assert not nightly.is_learning
    nightly.keep_up(NOW + timedelta(hours=19))
    assert nightly.is_learning


def test_it_waits_for_the_night(settings: Settings, database: Database, nightly: Nightly) -> None:
    learn(settings, NIGHT - timedelta(hours=12))
    search(database, NIGHT - timedelta(hours=6))

    nightly.keep_up(NIGHT - SECOND)
    assert not nightly.is_learning
    nightly.keep_up(NIGHT)
    assert nightly.is_learning


def test_where_nothing_was_ever_learned_it_waits_for_what_a_start_has_to_do(
    settings: Settings, database: Database
) -> None:
    search(database, NOW - SECOND)
    nightly = Nightly(settings, database)

    nightly.keep_up(NOW)
    nightly.keep_up(NOW + FIRST - SECOND)

    assert not nightly.is_learning


def test_it_is_done_once_a_night(settings: Settings, database: Database, nightly: Nightly) -> None:
    learn(settings, NIGHT + SECOND)
    search(database, NIGHT + 2 * SECOND)

    nightly.keep_up(NOW)

    assert not nightly.is_learning


def test_where_nobody_has_searched_since_there_is_nothing_to_learn(
    settings: Settings, database: Database, nightly: Nightly
) -> None:
    nightly.keep_up(NOW)
    assert not nightly.is_learning

    search(database, NIGHT - timedelta(hours=12))
    learn(settings, NIGHT - timedelta(hours=11))

    nightly.keep_up(NOW)
    assert not nightly.is_learning


def test_a_setting_switches_it_off(settings: Settings, database: Database) -> None:
    search(database, NOW - SECOND)
    off = replace(settings, search=replace(settings.search, learn_nightly=False))
    nightly = Nightly(off, database)

    nightly.keep_up(NOW)

    assert not nightly.is_learning
