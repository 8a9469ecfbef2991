"""Articles are judged after their votes are answered, each once, and none is forgotten."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from answerloop.web.judging import Judge
from feedback import database, flags, revisions, votes
from feedback.database import Database
from feedback.errors import DatabaseError
from feedback.model import ArticleId, ArticleKey, Ballot, PublishedArticle, Reason, Revision
from feedback.writer import Writer

NOW = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)
KEY = ArticleKey(ArticleId("refund"), "en")
FIRST = Revision("aaaaaaaaaaaa")


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    """A database in which readers of two days have found an article outdated."""
    with closing(database.open(f"sqlite:///{tmp_path / 'kb.db'}")) as opened:
        opened.upgrade()
        with opened.write() as connection:
            revisions.publish(connection, [PublishedArticle(KEY, FIRST, "words " * 50)], NOW)
            for number in range(6):
                vote = Ballot(
                    KEY.article, KEY.lang, FIRST, helpful=False, reason=Reason.OUTDATED,
                    visitor=f"v{number}", network=f"n{number}",
                )  # fmt: skip
                votes.cast(connection, vote, NOW + (1 + number % 2) * DAY)
        yield opened


@pytest.fixture
def writer(db: Database) -> Iterator[Writer]:
    with closing(Writer(db)) as writer:
        yield writer


@pytest.fixture
def judge(writer: Writer) -> Judge:
    return Judge(writer, lambda: NOW + 3 * DAY, false_flags=2)


def flagged(db: Database) -> set[ArticleKey]:
    with db.read() as connection:
        return set(flags.standing(connection))


def wait_for(true: Callable[[], bool]) -> None:
    until = time.monotonic() + 30
    while not true():
        assert time.monotonic() < until
        time.sleep(0.02)


def test_a_noted_article_is_judged_when_it_is_settled(db: Database, judge: Judge) -> None:
    judge.note(KEY)
    before = flagged(db)

    judge.settle()

    assert (before, flagged(db)) == (set(), {KEY})


def test_nothing_is_judged_that_nobody_noted(db: Database, judge: Judge) -> None:
    judge.settle()

    assert not flagged(db)


def test_what_could_not_be_judged_waits_on(db: Database, judge: Judge) -> None:
    judge.note(KEY)
    path = Path(db.place)
    path.rename(path.with_name("moved.db"))
    with pytest.raises(DatabaseError):
        judge.settle()
    path.with_name("moved.db").rename(path)

    judge.settle()

    assert flagged(db) == {KEY}


def test_at_the_start_all_are_judged_whatever_was_forgotten(db: Database, judge: Judge) -> None:
    with judge.running():
        wait_for(lambda: flagged(db) == {KEY})


def test_a_running_judge_judges_what_is_noted_soon(db: Database, writer: Writer) -> None:
    day = NOW + DAY  # on which the evidence is not enough
    judge = Judge(writer, lambda: day, false_flags=2)
    with judge.running():
        wait_for(lambda: "volume" in kept(db))
        before = flagged(db)
        day = NOW + 3 * DAY
        judge.note(KEY)
        wait_for(lambda: flagged(db) == {KEY})

    assert before == set()


def test_what_was_noted_is_judged_at_the_end(db: Database, writer: Writer) -> None:
    day = NOW + DAY
    judge = Judge(writer, lambda: day, false_flags=2)
    with judge.running():
        wait_for(lambda: "volume" in kept(db))
        day = NOW + 3 * DAY
        judge.note(KEY)

    assert flagged(db) == {KEY}


def test_who_opens_the_queue_does_not_wait_for_ever(judge: Judge) -> None:
    judge.note(KEY)
    held = judge._turn  # noqa: SLF001 -- stands for a judgement that takes long
    with held:
        assert not judge.settle(patience=0.05)
    assert judge.settle(patience=0.05)


def kept(db: Database) -> set[str]:
    """The figures that the first judgement computes and keeps."""
    with db.read() as connection:
        return set(connection.exec_driver_sql("SELECT name FROM meta").scalars())


def test_no_thread_is_left(judge: Judge) -> None:
    with judge.running():
        pass

    assert "judge" not in {thread.name for thread in threading.enumerate()}
