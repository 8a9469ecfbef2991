"""Figures of a period: whole days, shares with their certainty, nothing that cannot be known."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import insert

from feedback import chances, links, reports, schema, searches, tallies
from feedback.database import Database
from feedback.history import utc_day
from feedback.measures import kcs, search_days, shares, summary, trends, troubles
from feedback.measures.kcs import Name
from feedback.measures.periods import Period
from feedback.measures.repairs import Times
from feedback.measures.search_days import Sums
from feedback.measures.shares import Change, Share
from feedback.measures.summary import Summary
from feedback.measures.troubles import Trouble
from feedback.model import Reason, Verdict
from feedback.reports import Report
from feedback.searches import Click, Settled, Teller
from feedback.visitors import Visitor
from tests.feedback.builders import (
    DAY,
    FIRST,
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

TODAY = NOW.date()
WEEK = Period.ending(TODAY, 7)


def search(db: Database, name: str, *, hits: int = 3, opened: bool = False, ago: int = 0) -> None:
    """Let a reader of that name search, and open the first hit."""
    teller = Teller(Visitor(name, None, f"network of {name}", None), trusted=True)
    told = Settled(f"{name:0>32}", searches.prepare(f"words of {name}"), "en", hits=hits)
    at = NOW - ago * DAY
    with db.write() as connection:
        searches.settle(connection, teller, told, at)
        if opened:
            searches.click(connection, teller, Click(told.token, KEY.article, 1), at)


def read(db: Database, period: Period = WEEK) -> Summary:
    with db.read() as connection:
        return summary.read(connection, period, lambda key: [f"about {key.article}"])


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(-5, 5000))
def test_the_parts_of_a_period_are_the_period(last: date, days: int) -> None:
    period = Period.ending(last, days)

    parts = period.parts

    assert (period.first, period.last) == (parts[0].first, parts[-1].last)
    assert period.days == sum(part.days for part in parts)
    assert all(one.last + DAY == other.first for one, other in pairwise(parts))
    assert period.before.last + DAY == period.first


@given(st.integers(0, 400), st.integers(0, 400))
def test_an_interval_holds_its_share_and_is_near_the_exact_one(part: int, others: int) -> None:
    share = Share(part, part + others)

    low, high = share.interval

    assert 0 <= low <= (share.value or 0.0) or not share.total
    assert (share.value or 0.0) <= high <= 1
    exact = chances.interval(share.part, share.total)
    assert max(abs(low - exact[0]), abs(high - exact[1])) < 0.06


def test_the_interval_is_the_one_of_the_formula() -> None:
    low, high = Share(9, 10).interval

    assert pytest.approx((low, high), abs=1e-4) == (0.65228, 0.97737)


def test_a_change_is_only_told_where_it_is_none_of_chance() -> None:
    found = [shares.changed(now, before) for now, before in ((12, 3), (3, 12), (6, 5), (0, 0))]

    assert found == [Change.MORE, Change.FEWER, Change.NOT_CLEAR, Change.NOT_CLEAR]


def test_the_middle_of_times_is_told_of_four_or_more() -> None:
    few = Times.of([DAY, 3 * DAY, 8 * DAY])
    more = Times.of([DAY, 2 * DAY, 3 * DAY, 4 * DAY, 5 * DAY])

    assert (few.count, few.median, few.middle) == (3, 3 * DAY, None)
    assert more.middle == (2 * DAY, 4 * DAY)
    assert Times(0, None, None) == Times.of([])


def test_searches_are_counted_by_what_became_of_them(db: Database) -> None:
    publish(db)
    search(db, "a", opened=True)
    search(db, "b")
    search(db, "c", hits=0, ago=1)

    with db.read() as connection:
        found = search_days.read(connection, WEEK)

    assert {
        TODAY: Sums(searches=2, watched=2, unopened=1),
        TODAY - DAY: Sums(searches=1, empty=1),
    } == found


def test_sums_of_searches_stay_when_the_searches_are_forgotten(db: Database) -> None:
    publish(db)
    for name, ago in (("a", 3), ("b", 2), ("c", 2), ("d", 0)):
        search(db, name, ago=ago)
    before = read(db)

    with db.write() as connection:
        summed = search_days.keep(connection, NOW)
        again = search_days.keep(connection, NOW)
        searches.forget_before(connection, NOW - DAY)

    assert (summed, again) == (2, 0)
    assert before == read(db)


def test_the_day_that_is_not_over_is_not_summed(db: Database) -> None:
    publish(db)
    search(db, "a", ago=0)
    midnight = NOW.replace(hour=0, minute=30) + DAY

    with db.write() as connection:
        assert search_days.keep(connection, midnight) == 0
        assert search_days.keep(connection, midnight + DAY / 24) == 1


def test_a_trend_has_a_point_for_each_day(db: Database) -> None:
    publish(db)
    cast(db, ballot("alice", helpful=True), NOW - 2 * DAY)
    cast(db, ballot("ben"), NOW)
    search(db, "c")
    with db.write() as connection:
        reports.report(connection, Report(KEY, "bob", Reason.WRONG), NOW)

    with db.read() as connection:
        points = trends.read(connection, WEEK)

    assert [(one.yes, one.no) for one in points] == [(0, 0)] * 4 + [(1, 0), (0, 0), (0, 1)]
    assert (points[-1].searches.searches, points[-1].flagged, points[-1].reported) == (1, 0, 1)


def test_a_repair_is_told_with_the_time_it_took(db: Database) -> None:
    publish(db)
    flag(db)
    publish(db, article(SECOND, text=OTHER_TEXT), now=NOW + 3 * DAY)

    found = read(db, Period.ending(utc_day(NOW + 3 * DAY), 7)).repairs

    assert (found.mend.count, found.mend.median) == (1, 3 * DAY)
    assert (1, timedelta(days=2, hours=9)) == (found.detect.count, found.detect.median)
    assert (Share(1, 1), 1) == (found.right, found.watched)
    assert sum(found.verdicts.values()) == 0


def test_verdicts_of_the_period_are_counted(db: Database) -> None:
    publish(db)
    flag(db)
    publish(db, article(SECOND, text=OTHER_TEXT), now=NOW)
    for day in range(1, 15):
        for number in range(2):
            vote = ballot(f"reader {day} {number}", helpful=True, revision=SECOND)
            cast(db, vote, NOW + day * DAY)
        reassess(db, NOW + day * DAY)

    found = read(db, Period.ending(TODAY + 20 * DAY, 28)).repairs

    assert found.verdicts[Verdict.HELPED] == 1
    assert found.helped == Share(1, 1)


def test_troubles_come_back_by_their_subject_with_what_they_were_before(db: Database) -> None:
    publish(db)
    for number in range(8):
        cast(db, ballot(f"reader {number}"), NOW - number % 3 * DAY)
    cast(db, ballot("alice"), NOW - 8 * DAY)
    cast(db, ballot("ben", helpful=True), NOW)
    with db.write() as connection:
        reports.report(connection, Report(KEY, "bob", Reason.WRONG), NOW)
        row = {"article": KEY.article, "lang": KEY.lang, "day": TODAY, "readers": 4}
        connection.execute(insert(schema.misses), [row])

    (found,) = read(db).recurring

    assert (found.subject, found.worst) == ("about refund", KEY)
    assert (Trouble(8, 1, 4), Trouble(1), Change.MORE) == (found.now, found.before, found.change)


def test_an_article_of_two_subjects_counts_in_both() -> None:
    found = troubles.recurring({KEY: Trouble(3)}, {}, lambda _key: ("money", "parcels"))

    assert [(one.subject, one.now.no) for one in found] == [("money", 3), ("parcels", 3)]


def test_measures_say_what_they_rest_on_and_what_cannot_be_known(db: Database) -> None:
    publish(db)
    cast(db, ballot("alice", helpful=True))
    cast(db, ballot("ben"))
    search(db, "a", opened=True)
    search(db, "b")
    search(db, "c", hits=0)
    with db.write() as connection:
        links.count(connection, KEY, "reply", NOW)

    found = {measure.name: measure for measure in read(db).measures}

    assert list(Name) == list(found)
    assert Share(1, 2) == found[Name.HELPFUL].share
    assert Share(1, 3) == found[Name.SELF_SERVICE].share
    assert Share(1, 3) == found[Name.NOTHING_FOUND].share
    assert Share(1, 2) == found[Name.NOT_OPENED].share
    assert (Share(1, 1), None) == (found[Name.REUSED].share, found[Name.REUSED].interval)
    assert {found[name].share for name in kcs.UNKNOWN} == {None}


def test_new_agents_learn_what_is_used_and_what_has_changed(db: Database) -> None:
    publish(db, now=NOW - 2 * DAY)
    publish(db, article(SECOND, text=OTHER_TEXT), now=NOW - DAY)
    with db.write() as connection:
        for ago in (0, 3, 9):
            links.count(connection, KEY, "reply", NOW - ago * DAY)

    found = read(db).lessons

    assert found.reused == ((KEY, 2),)
    assert [(one.key, one.at, one.is_new) for one in found.changed] == [(KEY, NOW - DAY, True)]


def test_without_anything_said_nothing_is_known(db: Database) -> None:
    found = read(db)

    assert found.searches_since is None
    assert {None} == {one.share.value for one in found.measures if one.share}
    assert (
        found.recurring,
        (found.lessons.reused, found.lessons.changed, found.lessons.gaps),
    ) == ((), ((), (), ()))


def test_sums_of_votes_are_those_of_the_rule(db: Database) -> None:
    publish(db)
    for number in range(6):
        vote = ballot(f"reader {number}", network="an office", helpful=number < 2)
        cast(db, vote, NOW)

    with db.read() as connection:
        yes, no = trends.votes(connection, WEEK)
        (counted,) = tallies.read(connection, [KEY]).values()

    assert counted[0].revision == FIRST
    assert sum(one.count for one in counted) == yes[TODAY] + no[TODAY]
