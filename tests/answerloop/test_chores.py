"""Chores are done at the start, in their interval and when something is there for them."""

import threading
from datetime import UTC, datetime, timedelta

import pytest

from answerloop.web.chores import Chore, Round
from feedback.errors import DatabaseError
from search.errors import NoIndex

NOW = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def test_each_chore_is_done_at_the_start_with_the_present_moment() -> None:
    done: list[tuple[str, datetime]] = []
    chores = [Chore(name, HOUR, lambda now, name=name: done.append((name, now))) for name in "ab"]  # type: ignore[misc]  # mypy knows no defaults of lambdas

    Round(chores, lambda: NOW).turn()

    assert done == [("a", NOW), ("b", NOW)]


def test_a_chore_waits_for_its_interval() -> None:
    done: list[datetime] = []
    chores = Round([Chore("a", HOUR, done.append)], lambda: NOW)

    chores.turn()
    chores.turn()

    assert done == [NOW]


def test_a_chore_that_is_woken_does_not_wait() -> None:
    done: list[datetime] = []
    chores = Round([Chore("a", HOUR, done.append)], lambda: NOW)

    chores.turn()
    chores.wake("a")
    chores.turn()

    assert done == [NOW, NOW]


@pytest.mark.parametrize(
    "problem", [DatabaseError("kb.db: is full."), NoIndex("no version."), ValueError("oops")]
)
def test_a_chore_that_fails_leaves_the_others_alone(
    problem: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    done: list[datetime] = []

    def fail(_now: datetime) -> None:
        raise problem

    Round([Chore("sweeping", HOUR, fail), Chore("b", HOUR, done.append)], lambda: NOW).turn()

    assert done == [NOW]
    assert "sweeping" in caplog.text


def test_a_chore_that_was_woken_runs_in_its_thread_until_the_end() -> None:
    twice = threading.Semaphore(0)
    chores = Round([Chore("a", HOUR, lambda _now: twice.release())], lambda: NOW)

    with chores.running():
        assert twice.acquire(timeout=10)
        chores.wake("a")
        assert twice.acquire(timeout=10)

    assert not [thread for thread in threading.enumerate() if thread.name == "chores"]
