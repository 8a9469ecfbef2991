"""What every article is measured with: counted from the days' sums, learned and kept."""

import json
from datetime import datetime, timedelta
from itertools import count as numbers

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from feedback import actions, articles, flags, items, labels, schema, yardsticks
from feedback.actions import Read
from feedback.baseline import Prior, prior_of
from feedback.database import Database
from feedback.evidence import Yardstick
from feedback.history import counted, utc_day
from feedback.labels import Found
from feedback.model import ArticleId, ArticleKey, Reason
from feedback.weights import SHIPPED, Label
from tests.feedback.builders import (
    DAY,
    KEY,
    NOW,
    OTHER_TEXT,
    SECOND,
    article,
    ballot,
    cast,
    flag,
    publish,
    reassess,
)
from tests.feedback.test_tallies import events

_articles = numbers()
_MIDNIGHT = NOW.replace(hour=0, minute=0, second=0)


def current(db: Database, now: datetime = NOW) -> Yardstick:
    with db.read() as connection:
        return yardsticks.current(connection, now, false_flags=2.0)


def keep(db: Database, now: datetime) -> None:
    with db.write() as connection:
        yardsticks.keep(connection, yardsticks.figures(connection, now, false_flags=2.0), now)


def key(number: int) -> ArticleKey:
    return ArticleKey(ArticleId(f"article-{number}"), "en")


def edit(db: Database, *keys: ArticleKey, now: datetime = NOW) -> None:
    publish(db, *(article(SECOND, key=each, text=OTHER_TEXT) for each in keys), now=now)


def dismiss(db: Database, now: datetime = NOW) -> None:
    with db.write() as connection:
        (item,) = items.live(connection)
        revision = articles.find(connection, [item.key])[item.key].revision
        actions.dismiss(
            connection,
            Read(item.id, item.version, revision),
            actor="charlie",
            reason="All is well.",
            now=now,
        )


# --- The sums instead of the votes ---


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(
            st.sampled_from("abcdefgh"),
            st.sampled_from("xyz"),
            st.booleans(),
            st.integers(min_value=-100 * 24, max_value=48),
            st.booleans(),
        ),
        max_size=30,
    ),
)
def test_volume_and_prior_are_those_of_the_votes_that_count(
    sqlite_db: Database, said: list[tuple[str, str, bool, int, bool]]
) -> None:
    about = ArticleKey(ArticleId(f"article {next(_articles)}"), "en")
    publish(sqlite_db, article(key=about), now=NOW - 400 * DAY)
    before = current(sqlite_db).votes_a_month
    for visitor, network, helpful, hours, trusted in said:
        vote = ballot(
            visitor, network=network, helpful=helpful, article=about.article, trusted=trusted
        )
        cast(sqlite_db, vote, NOW + timedelta(hours=hours))

    with sqlite_db.read() as connection:
        votes = counted(events(connection, about))
    today = utc_day(NOW)
    within = [one for one in votes if today - timedelta(days=90) < utc_day(one.at) <= today]
    assert current(sqlite_db).votes_a_month - before == pytest.approx(len(within) / 90 * 30.4)


@pytest.mark.parametrize(
    ("at", "votes"),
    [
        (_MIDNIGHT - 89 * DAY, 1),
        (_MIDNIGHT - 89 * DAY - timedelta(seconds=1), 0),
        (_MIDNIGHT + DAY - timedelta(seconds=1), 1),
        (_MIDNIGHT + DAY, 0),
    ],
)
def test_the_window_is_ninety_whole_days_with_today(db: Database, at: datetime, votes: int) -> None:
    publish(db)
    cast(db, ballot(), at)

    assert current(db).votes_a_month == pytest.approx(votes / 90 * 30.4)


def test_held_votes_have_no_part_in_volume_or_prior(db: Database) -> None:
    publish(db)
    for number in range(5):
        cast(db, ballot(f"mallory {number}", trusted=False))

    assert current(db).votes_a_month == 0


def test_the_prior_is_that_of_each_articles_year(db: Database) -> None:
    keys = [key(number) for number in range(60)]
    publish(db, *(article(key=each) for each in keys), now=NOW - 500 * DAY)
    counts = []
    for number, each in enumerate(keys):
        for reader in range(1 + number % 5):
            vote = ballot(f"reader {reader}", helpful=reader % 3 > 0, article=each.article)
            cast(db, vote, NOW - DAY)
        cast(db, ballot("long ago", article=each.article), NOW - 366 * DAY)
        readers = range(1 + number % 5)
        counts.append((sum(reader % 3 > 0 for reader in readers), len(readers)))

    assert current(db).prior == prior_of(counts)


# --- Verdicts ---


def test_an_edit_says_that_an_article_was_bad_and_a_dismissal_that_it_was_not(db: Database) -> None:
    publish(db)
    flag(db)
    dismiss(db)
    publish(db, now=NOW + DAY)
    flag(db, NOW + 10 * DAY)
    edit(db, KEY, now=NOW + 11 * DAY)

    with db.read() as connection:
        found = labels.found(connection)
        read = labels.read(connection, found, Prior())

    assert found == [Found(KEY, NOW, is_bad=False), Found(KEY, NOW + 11 * DAY, is_bad=True)]
    assert read == [Label(is_bad, defects=6, not_defects=0, agents=0) for is_bad in (False, True)]


def test_a_suspicion_that_faded_says_nothing(db: Database) -> None:
    publish(db)
    flag(db)
    for number in range(30):
        cast(db, ballot(f"content {number}", helpful=True), NOW + DAY)
    assert reassess(db, NOW + DAY).cleared

    with db.read() as connection:
        assert not labels.found(connection)


def test_after_thirty_verdicts_the_weights_are_learned_and_kept_a_month(db: Database) -> None:
    keys = [key(number) for number in range(30)]
    publish(db, *(article(key=each) for each in keys))
    for each in keys:
        for day in (2, 1):
            for number in range(3):
                vote = ballot(f"r {day} {number}", article=each.article, reason=Reason.WRONG)
                cast(db, vote, NOW - day * DAY)
    flags.refresh(db, NOW, false_flags=2.0)
    assert current(db).weights == SHIPPED
    edit(db, *keys)

    soon = current(db, NOW + timedelta(minutes=30)).weights
    later = current(db, NOW + timedelta(hours=2)).weights
    keep(db, NOW + timedelta(hours=2))

    assert soon == SHIPPED
    assert later.verdicts == 30
    assert later.defect > 0
    assert current(db, NOW + 20 * DAY).weights == later


# --- The self-check ---


def test_the_self_check_begins_at_nothing_and_moves_once_a_month(db: Database) -> None:
    publish(db)
    cast(db, ballot("long ago", helpful=True), NOW - 95 * DAY)
    keep(db, NOW - 31 * DAY)
    with db.write() as connection:
        rows = [
            {
                "article": KEY.article, "lang": KEY.lang, "raised": NOW - number * DAY,
                "raised_evidence": 5.0, "raised_threshold": 4.0, "cleared": NOW,
                "cleared_by": "reviewed",
            }
            for number in range(1, 30)
        ]  # fmt: skip
        connection.execute(schema.flags.insert(), rows)

    with db.read() as connection:
        found = yardsticks.figures(connection, NOW, false_flags=2.0)
    keep(db, NOW)

    assert found.shift == pytest.approx(0.5 / 3)
    assert current(db, NOW + 20 * DAY).shift == found.shift
    with db.read() as connection:
        kept = connection.execute(select(schema.meta.c.value).where(schema.meta.c.name == "shift"))
        assert json.loads(kept.scalar_one()) == [found.shift]
