from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier

import pytest
from sqlalchemy import select, update

from feedback import flags, items, schema, yardsticks
from feedback.baseline import Prior
from feedback.database import Database
from feedback.errors import UnknownArticle
from feedback.flags import Judged
from feedback.items import Item
from feedback.model import ArticleId, ArticleKey, ItemState, Lane, Reason, Step
from tests.feedback.builders import (
    DAY,
    FIRST,
    KEY,
    NOW,
    OTHER_TEXT,
    SECOND,
    TEXT,
    article,
    ballot,
    cast,
    count,
    flag,
    publish,
    reassess,
)


def live(db: Database) -> list[Item]:
    with db.read() as connection:
        return items.live(connection)


def episodes(db: Database) -> list[tuple[datetime, datetime | None, str | None]]:
    """When each flag was raised, when cleared, and by what."""
    columns = schema.flags.c
    with db.read() as connection:
        rows = connection.execute(
            select(columns.raised, columns.cleared, columns.cleared_by).order_by(columns.id)
        )
        return [(row.raised, row.cleared, row.cleared_by) for row in rows]


def refresh(db: Database, now: datetime = NOW) -> list[Judged]:
    return flags.refresh(db, now, false_flags=2.0)


def content(db: Database, *, readers: int, day: datetime) -> None:
    for number in range(readers):
        cast(db, ballot(f"content {number} {day}", helpful=True), day)


def test_one_no_raises_no_flag(db: Database) -> None:
    publish(db)
    cast(db, ballot(reason=Reason.WRONG))

    judged = reassess(db)

    assert not judged.raised
    assert not live(db)


def test_enough_evidence_raises_a_flag_and_opens_an_item_that_says_why(db: Database) -> None:
    publish(db)

    judged = flag(db)

    (item,) = live(db)
    assert judged.raised
    assert (item.lane, item.state, item.version) == (Lane.SUSPECTED, ItemState.OPEN, 1)
    assert episodes(db) == [(NOW, None, None)]
    with db.read() as connection:
        (opened,) = items.steps(connection, [item.id])[item.id]
    assert Step.OPENED is opened.step
    assert opened.act.actor is None
    assert "6 of 6 said no since 2 May" in opened.act.words


def test_judging_again_changes_nothing(db: Database) -> None:
    publish(db)
    flag(db)

    again = reassess(db)

    assert again.assessment.flagged
    assert not again.raised
    assert len(episodes(db)) == 1
    assert len(live(db)) == 1


def test_a_hundred_noes_in_a_day_raise_no_flag(db: Database) -> None:
    publish(db)
    for number in range(100):
        cast(db, ballot(f"mallory {number}"))

    assert not reassess(db).raised


def test_a_flag_whose_evidence_fades_is_cleared_and_its_item_closed(db: Database) -> None:
    publish(db)
    flag(db)
    (item,) = live(db)
    content(db, readers=20, day=NOW + DAY)

    judged = reassess(db, NOW + DAY)

    assert judged.cleared
    assert not live(db)
    assert episodes(db) == [(NOW, NOW + DAY, "faded")]
    with db.read() as connection:
        assert Step.CLOSED is items.steps(connection, [item.id])[item.id][-1].step


def test_a_flag_after_a_faded_one_is_a_new_episode_and_a_new_item(db: Database) -> None:
    publish(db)
    flag(db)
    (first,) = live(db)
    content(db, readers=20, day=NOW + DAY)
    reassess(db, NOW + DAY)

    flag(db, NOW + 10 * DAY)

    (second,) = live(db)
    assert first.id != second.id
    assert [raised for raised, *_ in episodes(db)] == [NOW, NOW + 10 * DAY]


def test_held_votes_are_no_evidence(db: Database) -> None:
    publish(db)
    for day in (2, 1):
        for number in range(9):
            cast(db, ballot(f"mallory {day} {number}", trusted=False), NOW - day * DAY)

    assert reassess(db).assessment.evidence == 0


def test_an_unknown_article_cannot_be_judged(db: Database) -> None:
    with pytest.raises(UnknownArticle):
        reassess(db)


def test_the_hourly_run_judges_every_article_that_anybody_spoke_of(db: Database) -> None:
    other = ArticleKey(ArticleId("other"), "de")
    publish(db, article(), article(key=other))
    for day in (2, 1):
        for number in range(3):
            reader = f"reader {day} {number}"
            cast(db, ballot(reader, reason=Reason.OUTDATED), NOW - day * DAY)
            cast(db, ballot(reader, article=other.article, lang=other.lang), NOW - day * DAY)

    judged = refresh(db)

    assert {KEY, other} == {one.key for one in judged}
    assert not refresh(db)


def test_readers_who_do_not_understand_open_an_item_of_their_own_lane(db: Database) -> None:
    publish(db)
    unclear = Reason.HARD_TO_UNDERSTAND
    content(db, readers=9, day=NOW - 2 * DAY)
    for number, day in enumerate((2, 2, 1)):
        cast(db, ballot(f"reader {number}", reason=unclear), NOW - day * DAY)

    reassess(db)

    assert [(item.lane, item.state) for item in live(db)] == [(Lane.CLARITY, ItemState.OPEN)]


def test_readers_of_one_day_who_do_not_understand_are_a_class_and_open_nothing(
    db: Database,
) -> None:
    publish(db)
    content(db, readers=30, day=NOW)
    for number in range(9):
        cast(db, ballot(f"pupil {number}", reason=Reason.HARD_TO_UNDERSTAND))

    reassess(db)

    assert not live(db)


def test_the_yardstick_is_computed_once_an_hour(db: Database) -> None:
    publish(db)
    with db.write() as connection:
        before = yardsticks.figures(connection, NOW, false_flags=2.0)
        yardsticks.keep(connection, before, NOW)
    for number in range(3):
        cast(db, ballot(f"reader {number}"))

    with db.read() as connection:
        soon = yardsticks.current(connection, NOW + DAY / 48, false_flags=2.0)
        later = yardsticks.current(connection, NOW + DAY / 12, false_flags=2.0)

    assert 0 == before.volume == soon.votes_a_month
    assert pytest.approx(later.votes_a_month) == 3 / 90 * 30.4


def test_a_yardstick_of_a_clock_that_was_ahead_is_not_believed(db: Database) -> None:
    publish(db)
    with db.write() as connection:
        ahead = NOW + 400 * DAY
        yardsticks.keep(connection, yardsticks.figures(connection, ahead, false_flags=2.0), ahead)
    cast(db, ballot())

    with db.read() as connection:
        now = yardsticks.current(connection, NOW, false_flags=2.0)

    assert now.votes_a_month > 0


def test_the_prior_is_learned_once_enough_articles_have_votes(db: Database) -> None:
    keys = [ArticleKey(ArticleId(f"article-{number}"), "en") for number in range(60)]
    publish(db, *(article(key=key) for key in keys))
    for number, key in enumerate(keys):
        for reader in range(6):
            vote = ballot(
                f"reader {reader}", helpful=(number + reader) % 6 > 0, article=key.article
            )
            cast(db, vote, NOW - DAY)

    with db.read() as connection:
        learned = yardsticks.current(connection, NOW, false_flags=2.0).prior

    assert Prior() != learned
    assert pytest.approx(learned.a / (learned.a + learned.b), abs=0.02) == 5 / 6


def test_moments_are_read_back_in_utc(db: Database) -> None:
    publish(db)
    flag(db)

    ((raised, *_),) = episodes(db)

    assert raised.tzinfo == UTC
    with pytest.raises(Exception, match="no time zone"), db.write() as connection:
        connection.execute(update(schema.flags).values(raised=NOW.replace(tzinfo=None)))


def test_sixteen_who_judge_at_once_raise_one_flag(db: Database) -> None:
    publish(db)
    for day in (2, 1):
        for number in range(3):
            vote = ballot(f"reader {day} {number}", reason=Reason.OUTDATED)
            cast(db, vote, NOW - day * DAY)
    barrier = Barrier(16)

    def judge(_: int) -> bool:
        barrier.wait()
        return reassess(db).raised

    with ThreadPoolExecutor(16) as judges:
        raised = list(judges.map(judge, range(16)))

    assert raised.count(True) == 1
    assert len(episodes(db)) == 1
    assert len(live(db)) == 1


def test_votes_builds_and_hourly_runs_at_once_end_well(db: Database) -> None:
    """Nobody waits for another in a circle, and nothing that was said is lost."""
    keys = [ArticleKey(ArticleId(f"article-{number}"), "en") for number in range(8)]
    publish(db, *(article(key=key) for key in keys))

    def read(number: int) -> None:
        key = keys[number % 8]
        cast(db, ballot(f"reader {number}", article=key.article))
        reassess(db, key=key)

    def build(number: int) -> None:
        text = TEXT if number % 2 else OTHER_TEXT
        revision = FIRST if number % 2 else SECOND
        publish(db, *(article(revision, key=key, text=text) for key in reversed(keys)), now=NOW)

    with ThreadPoolExecutor(12) as everybody:
        done: list[Future[object]] = [everybody.submit(read, number) for number in range(64)]
        done += [everybody.submit(build, number) for number in range(8)]
        done += [everybody.submit(refresh, db) for _ in range(8)]
        for one in done:
            one.result()

    with db.read() as connection:
        assert count(connection, schema.votes) == 64
