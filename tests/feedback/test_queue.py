from datetime import datetime

import pytest

from feedback import actions, links, queue, reports, waiting, yardsticks
from feedback.database import Database
from feedback.evidence import Level
from feedback.model import ArticleId, ArticleKey, Lane, Reason, Severity
from feedback.queue import Entry
from feedback.remarks import Heard
from feedback.reports import Report
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


def lanes(
    db: Database, now: datetime = NOW, *, reviews_per_week: int = 2
) -> dict[Lane, list[Entry]]:
    with db.read() as connection:
        return queue.lanes(connection, now, reviews_per_week=reviews_per_week)


def key(name: str) -> ArticleKey:
    return ArticleKey(ArticleId(name), "en")


def report(db: Database, about: ArticleKey = KEY, **fields: object) -> None:
    said = {"agent": "bob", "reason": Reason.OUTDATED} | fields
    with db.write() as connection:
        reports.report(connection, Report(about, **said), NOW)  # type: ignore[arg-type]  # the fields of Report


def suspect(db: Database, about: ArticleKey, *, readers: int) -> None:
    for day in (2, 1):
        for number in range(readers):
            vote = ballot(f"reader {day} {number}", article=about.article)
            cast(db, vote, NOW - day * DAY)
    reassess(db, key=about)


def suspected(db: Database) -> list[ArticleKey]:
    return [entry.key for entry in lanes(db)[Lane.SUSPECTED]]


def test_an_empty_queue_has_all_four_lanes_in_their_order(db: Database) -> None:
    assert lanes(db) == {Lane.REPORTED: [], Lane.SUSPECTED: [], Lane.STALE: [], Lane.CLARITY: []}
    assert list(Lane) == list(lanes(db))


def test_a_suspect_shows_probability_words_remarks_and_steps(db: Database) -> None:
    publish(db)
    cast(db, ballot("alice", reason=Reason.WRONG, remark="Step three is wrong."), NOW - DAY)
    flag(db)

    (entry,) = lanes(db)[Lane.SUSPECTED]

    assert entry.key == KEY
    assert Level.HIGH is entry.assessment.level
    assert 0.9 < entry.assessment.probability < 1
    assert "7 of 7 said no since 2 May" in entry.because
    assert Heard(total=1, open=1) == entry.remarks
    assert [taken.step for taken in entry.steps] == ["opened"]


def test_suspects_are_sorted_by_urgency(db: Database) -> None:
    publish(
        db,
        article(key=key("wording"), severity=Severity.WORDING),
        article(key=key("usual")),
        article(key=key("money"), severity=Severity.MONEY),
    )
    for name in ("wording", "usual", "money"):
        suspect(db, key(name), readers=3)

    entries = lanes(db)[Lane.SUSPECTED]

    assert [key("money"), key("usual"), key("wording")] == [entry.key for entry in entries]


def test_what_is_read_more_comes_first(db: Database) -> None:
    publish(db, article(key=key("read")), article(key=key("unread")))
    suspect(db, key("unread"), readers=4)
    suspect(db, key("read"), readers=3)
    assert [key("unread"), key("read")] == suspected(db)

    with db.write() as connection:
        for _ in range(100):
            links.count(connection, key("read"), "reply", NOW - DAY)

    assert [key("read"), key("unread")] == suspected(db)


def test_what_was_read_long_ago_does_not_weigh(db: Database) -> None:
    publish(db, article(key=key("once")), article(key=key("now")))
    suspect(db, key("now"), readers=4)
    suspect(db, key("once"), readers=3)

    with db.write() as connection:
        for _ in range(100):
            links.count(connection, key("once"), "reply", NOW - 28 * DAY)

    assert [key("now"), key("once")] == suspected(db)


def test_what_is_watched_stands_after_what_is_open(db: Database) -> None:
    publish(db, article(key=key("edited"), severity=Severity.MONEY), article(key=key("open")))
    for name in ("edited", "open"):
        suspect(db, key(name), readers=3)
    publish(
        db,
        article(SECOND, key=key("edited"), severity=Severity.MONEY, text=OTHER_TEXT),
        article(key=key("open")),
        now=NOW,
    )

    entries = lanes(db)[Lane.SUSPECTED]

    assert [key("open"), key("edited")] == [entry.key for entry in entries]
    assert [entry.is_watching for entry in entries] == [False, True]
    assert entries[1].because == "Revision bbbbbbbbbbbb was published."


def test_a_note_does_not_hide_which_revision_mended_an_article(db: Database) -> None:
    publish(db)
    flag(db)
    publish(db, article(SECOND, text=OTHER_TEXT), now=NOW)
    (watched,) = lanes(db)[Lane.SUSPECTED]
    assert watched.item is not None
    with db.write() as connection:
        actions.note(
            connection, watched.item.id, actor="charlie", text="Let us see.",
            version=watched.item.version, now=NOW,
        )  # fmt: skip

    (noted,) = lanes(db)[Lane.SUSPECTED]

    assert noted.because == "Revision bbbbbbbbbbbb was published."


def test_a_report_stands_in_its_lane_with_the_agents_words(db: Database) -> None:
    publish(db)

    report(db, words="The form is gone.", ticket="SUP-4711")
    reassess(db)

    found = lanes(db)
    (entry,) = found[Lane.REPORTED]
    assert entry.because == "bob: outdated; The form is gone; ticket SUP-4711"
    assert not found[Lane.SUSPECTED]


def test_an_article_that_is_gone_is_not_in_the_queue(db: Database) -> None:
    publish(db)
    flag(db)
    publish(db, article(key=key("other")), now=NOW)

    assert not any(lanes(db).values())


def test_an_article_unread_for_half_a_year_is_stale(db: Database) -> None:
    publish(db, now=NOW - 181 * DAY)

    (entry,) = lanes(db)[Lane.STALE]

    assert (entry.key, entry.item) == (KEY, None)
    assert entry.since == NOW - 181 * DAY
    assert entry.because == "nobody has read it through for 181 days"


def test_a_review_in_the_article_makes_it_fresh(db: Database) -> None:
    publish(db, now=NOW - 181 * DAY)
    publish(db, article(reviewed=NOW - 30 * DAY), now=NOW - 30 * DAY)

    assert not lanes(db)[Lane.STALE]


def test_an_edit_does_not_make_an_article_fresh(db: Database) -> None:
    publish(db, now=NOW - 300 * DAY)
    publish(db, article(SECOND, text=OTHER_TEXT), now=NOW - DAY)

    assert [entry.key for entry in lanes(db)[Lane.STALE]] == [KEY]


def test_the_oldest_stale_articles_fill_what_is_left_of_the_week(db: Database) -> None:
    ages = {"one": 300, "two": 250, "three": 200, "fresh": 100}
    build = []
    for name, age in sorted(ages.items(), key=lambda each: -each[1]):
        build.append(article(key=key(name)))
        publish(db, *build, now=NOW - age * DAY)

    found = lanes(db, reviews_per_week=2)[Lane.STALE]

    assert [key("one"), key("two")] == [entry.key for entry in found]


def test_an_article_that_asks_for_it_is_stale_sooner(db: Database) -> None:
    publish(db, article(review_every=30), now=NOW - 31 * DAY)

    (entry,) = lanes(db)[Lane.STALE]

    assert entry.because == ("nobody has read it through for 31 days, and it asks to be every 30")


def test_an_article_that_may_wait_longer_is_not_stale_yet(db: Database) -> None:
    publish(db, article(review_every=730), now=NOW - 400 * DAY)

    assert not lanes(db)[Lane.STALE]


def test_another_pace_of_review_is_kept_without_a_new_revision(db: Database) -> None:
    publish(db, now=NOW - 60 * DAY)
    publish(db, article(review_every=30), now=NOW - DAY)

    assert [entry.key for entry in lanes(db)[Lane.STALE]] == [KEY]


def test_waits_are_compared_by_what_each_article_may_wait(db: Database) -> None:
    publish(
        db,
        article(key=key("monthly"), review_every=30),
        article(key=key("half-yearly")),
        now=NOW - 200 * DAY,
    )

    found = lanes(db, reviews_per_week=2)[Lane.STALE]

    assert [key("monthly"), key("half-yearly")] == [entry.key for entry in found]


def test_reviews_of_the_last_week_leave_less_for_the_stale(db: Database) -> None:
    first, second, third = (article(key=key(name)) for name in ("one", "two", "three"))
    publish(db, first, second, third, now=NOW - 300 * DAY)
    reviewed = article(key=key("one"), reviewed=NOW - DAY)
    publish(db, reviewed, second, third, now=NOW)

    assert len(lanes(db, reviews_per_week=2)[Lane.STALE]) == 1


def test_an_article_with_an_item_is_not_stale_besides(db: Database) -> None:
    publish(db, now=NOW - 300 * DAY)
    flag(db)

    found = lanes(db)

    assert [entry.key for entry in found[Lane.SUSPECTED]] == [KEY]
    assert not found[Lane.STALE]


def test_the_clarity_lane_says_how_many_did_not_understand(db: Database) -> None:
    publish(db)
    for number, day in enumerate((2, 2, 1)):
        vote = ballot(f"reader {number}", reason=Reason.HARD_TO_UNDERSTAND)
        cast(db, vote, NOW - day * DAY)
    reassess(db)

    (entry,) = lanes(db)[Lane.CLARITY]

    assert entry.because == "3 readers found it hard to understand."
    assert entry.urgency == 6


@pytest.mark.parametrize("most", [1, 2, 4, 9])
def test_the_first_of_a_list_are_its_most_urgent(db: Database, most: int) -> None:
    named = {"wording": Severity.WORDING, "usual": Severity.DEFAULT, "money": Severity.MONEY}
    publish(db, *(article(key=key(name), severity=each) for name, each in named.items()))
    for name, readers in {"wording": 9, "usual": 4, "money": 3}.items():
        suspect(db, key(name), readers=readers)
        report(db, key(name), reason=Reason.HARD_TO_UNDERSTAND)

    with db.read() as connection:
        waits = waiting.read(connection, NOW, reviews_per_week=0)
        lists = {str(lane): [one for one in waits if one.lane is lane] for lane in Lane}
        yardstick = yardsticks.current(connection, NOW, false_flags=2.0)
        found = queue.first(connection, lists, yardstick, NOW, most=most)

    whole = lanes(db)
    assert {lane: entries[:most] for lane, entries in whole.items()} == found
    assert len(whole[Lane.SUSPECTED]) == 3


@pytest.mark.parametrize("most", [1, 9])
def test_the_first_unclear_ones_are_those_of_most_readers(db: Database, most: int) -> None:
    publish(db, article(key=key("few")), article(key=key("many")))
    for name, readers in {"few": 3, "many": 6}.items():
        for number in range(readers):
            vote = ballot(
                f"reader {number}", article=key(name).article, reason=Reason.HARD_TO_UNDERSTAND
            )
            cast(db, vote, NOW - (1 + number % 2) * DAY)
        reassess(db, key=key(name))

    with db.read() as connection:
        unclear = waiting.read(connection, NOW, reviews_per_week=0)
        lists = {"clarity": [one for one in unclear if one.lane is Lane.CLARITY]}
        yardstick = yardsticks.current(connection, NOW, false_flags=2.0)
        found = queue.first(connection, lists, yardstick, NOW, most=most)

    assert [entry.key for entry in found["clarity"]] == [key("many"), key("few")][:most]
