"""From the edit to the verdict: what moves an item to watching, what ends its watch, and where."""

import json
from datetime import date, datetime, timedelta

from sqlalchemy import insert, select

from feedback import (
    eventlog,
    fixes,
    flags,
    items,
    proof,
    queue,
    reports,
    revisions,
    schema,
    verdicts,
    words,
)
from feedback.database import Database
from feedback.fixes import Fix
from feedback.history import Fault
from feedback.items import Act, Item
from feedback.model import (
    ArticleKey,
    FixingCommit,
    ItemState,
    Lane,
    PublishedArticle,
    Reason,
    Revision,
    Step,
    Verdict,
)
from feedback.reports import Report
from feedback.verdicts import Given
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
    flag,
    publish,
    reassess,
)

THIRD = Revision("cccccccccccc")
THIRD_TEXT = "Write to us, and we send the money to the account that you name. " * 20


def edit(db: Database, now: datetime = NOW, **fields: object) -> None:
    publish(db, article(SECOND, key=KEY, text=OTHER_TEXT, **fields), now=now)


def vote(
    db: Database, yes: int, no: int, *, from_: datetime = NOW + DAY, revision: Revision = SECOND
) -> datetime:
    """Let readers vote, two a day; returns the last day."""
    day = from_
    for number, helpful in enumerate([True] * yes + [False] * no):
        day = from_ + number // 2 * DAY
        cast(db, ballot(f"later {number} {from_}", helpful=helpful, revision=revision), day)
    return day


def found(db: Database) -> list[Item]:
    with db.read() as connection:
        ids = connection.execute(select(schema.items.c.id).order_by(schema.items.c.id)).scalars()
        return [items.find(connection, item) for item in ids]


def last_act(db: Database, item: Item) -> tuple[Step, Act]:
    with db.read() as connection:
        taken = items.steps(connection, [item.id])[item.id][-1]
    return taken.step, taken.act


def given(db: Database) -> list[Given]:
    with db.read() as connection:
        return verdicts.given(connection, [item.id for item in items.live(connection)] or [1, 2])


def faults(db: Database, key: ArticleKey = KEY) -> tuple[Fault, ...]:
    with db.read() as connection:
        return eventlog.read(connection, [key])[key].history.faults


def latest_fix(db: Database, item: int = 1) -> Fix:
    with db.read() as connection:
        return fixes.latest(connection, [item])[item]


def test_the_edit_is_kept_with_the_onset_of_the_trouble_that_it_answers(db: Database) -> None:
    publish(db)
    flag(db)

    edit(db, commit="c0ffee", author="Charlie")

    assert Fix(
        item=1,
        version=2,
        revision=SECOND,
        commit="c0ffee",
        author="Charlie",
        named=False,
        onset=date(2026, 5, 2),
        at=NOW,
    ) == latest_fix(db)


def test_a_report_tells_nothing_of_when_the_readers_trouble_began(db: Database) -> None:
    publish(db)
    cast(db, ballot("alice"), NOW - DAY)
    report(db, NOW)
    reassess(db)

    edit(db, NOW + DAY)

    assert latest_fix(db).onset is None


def report(db: Database, now: datetime) -> None:
    with db.write() as connection:
        reports.report(connection, Report(KEY, "bob", Reason.WRONG), now)


def test_readers_who_are_content_with_the_edit_close_the_item_as_helped(db: Database) -> None:
    publish(db)
    flag(db)
    edit(db)
    day = vote(db, yes=6, no=0)

    reassess(db, day)

    (item,) = found(db)
    (verdict,) = given(db)
    assert ItemState.CLOSED is item.state
    assert (verdict.verdict, verdict.fix, verdict.at) == (Verdict.HELPED, 2, day)
    assert 0.975 < verdict.better < 1
    step, act = last_act(db, item)
    assert (step, act.actor) == (Step.CLOSED, None)
    assert "since the edit 6 of 6" in act.words
    assert "helped, 99 % sure" in act.words


def test_a_verdict_keeps_the_votes_that_it_rests_on(db: Database) -> None:
    publish(db)
    flag(db)
    edit(db)
    reassess(db, vote(db, yes=6, no=0))

    with db.read() as connection:
        (row,) = connection.execute(select(schema.verdicts))

    assert (row.before_yes, row.before_no, row.after_yes, row.after_no) == (0, 6, 6, 0)
    assert (row.before_days, row.after_days) == (2, 3)


def test_judging_again_gives_no_second_verdict(db: Database) -> None:
    publish(db)
    flag(db)
    edit(db)
    day = vote(db, yes=6, no=0)
    reassess(db, day)

    again = reassess(db, day)

    assert not again.proven
    assert len(given(db)) == 1


def test_readers_who_still_say_no_open_the_item_again(db: Database) -> None:
    publish(db)
    flag(db)
    edit(db)
    day = vote(db, yes=0, no=5)

    reassess(db, day)

    (item,) = found(db)
    (verdict,) = given(db)
    assert ItemState.OPEN is item.state
    assert Verdict.NO_CHANGE is verdict.verdict
    step, act = last_act(db, item)
    assert Step.NOT_HELPED is step
    assert act.words.endswith("no change, readers still say no more than is usual")
    with db.read() as connection:
        (entry,) = queue.lanes(connection, day, reviews_per_week=2)[Lane.SUSPECTED]
    assert entry.because.startswith(f"{act.words}; 5 of 5 said no")


def test_an_edit_that_spoils_a_good_article_is_worse_and_opens_its_item_again(
    db: Database,
) -> None:
    publish(db)
    vote(db, yes=20, no=4, from_=NOW - 40 * DAY, revision=FIRST)
    report(db, NOW)
    edit(db, NOW + DAY)
    day = vote(db, yes=1, no=5, from_=NOW + 2 * DAY)

    reassess(db, day)

    (item,) = found(db)
    assert (item.lane, item.state) == (Lane.REPORTED, ItemState.OPEN)
    assert [one.verdict for one in given(db)] == [Verdict.WORSE]
    _, act = last_act(db, item)
    assert "before 20 of 24 helpful" in act.words
    assert "since the edit 1 of 6" in act.words
    assert "worse, 99 % sure" in act.words


def test_after_ninety_days_without_votes_the_item_is_closed_as_not_known(db: Database) -> None:
    publish(db)
    flag(db)
    edit(db)

    flags.refresh(db, NOW + timedelta(days=89), false_flags=2.0)
    before = found(db)
    flags.refresh(db, NOW + timedelta(days=90), false_flags=2.0)

    assert [item.state for item in before] == [ItemState.WATCHING]
    (item,) = found(db)
    assert ItemState.CLOSED is item.state
    assert [one.verdict for one in given(db)] == [Verdict.NOT_KNOWN]
    assert last_act(db, item)[1].words.endswith("not known, too few votes in 90 days")


def test_one_afternoon_of_votes_makes_no_verdict(db: Database) -> None:
    publish(db)
    flag(db)
    edit(db)
    for number in range(20):
        cast(db, ballot(f"mallory {number}", helpful=True, revision=SECOND), NOW + DAY)

    reassess(db, NOW + DAY)

    assert not given(db)
    assert [item.state for item in found(db)] == [ItemState.WATCHING]


def test_the_queue_tells_what_is_known_so_far(db: Database) -> None:
    publish(db)
    flag(db)
    edit(db)
    day = vote(db, yes=3, no=0)

    with db.read() as connection:
        (entry,) = queue.lanes(connection, day, reviews_per_week=2)[Lane.SUSPECTED]

    assert entry.because == "Revision bbbbbbbbbbbb was published."
    assert entry.proof
    assert "since the edit 3 of 3" in words.prove(entry.proof)
    assert "at least 2 more votes are needed" in words.prove(entry.proof)


def test_an_unclear_article_is_proved_by_its_own_lane(db: Database) -> None:
    publish(db)
    for number in range(6):
        unclear = ballot(f"puzzled {number}", reason=Reason.HARD_TO_UNDERSTAND)
        cast(db, unclear, NOW - (2 + number % 2) * DAY)
    reassess(db, NOW)
    edit(db)

    reassess(db, vote(db, yes=8, no=0))

    by_lane = {item.lane: item.state for item in found(db)}
    assert ItemState.CLOSED is by_lane[Lane.CLARITY]
    assert {one.verdict for one in given(db)} == {Verdict.HELPED}


# What was wrong is no part of what is usual.


def test_a_trouble_that_was_mended_is_no_part_of_the_baseline(db: Database) -> None:
    publish(db)
    flag(db)
    edit(db)
    before = faults(db)

    reassess(db, vote(db, yes=6, no=0))

    assert (before, faults(db)) == ((), (Fault(date(2026, 5, 2), NOW.date()),))


def test_an_edit_after_which_nothing_changed_confirms_no_fault(db: Database) -> None:
    publish(db)
    flag(db)
    edit(db)

    reassess(db, vote(db, yes=0, no=5))

    assert faults(db) == ()


def test_a_trouble_lasts_until_the_edit_that_helps(db: Database) -> None:
    publish(db)
    flag(db)
    edit(db)
    day = vote(db, yes=0, no=5)
    reassess(db, day)
    publish(db, article(THIRD, text=THIRD_TEXT), now=day + DAY)

    day = vote(db, yes=8, no=0, from_=day + 2 * DAY, revision=THIRD)
    reassess(db, day)

    assert [one.verdict for one in given(db)] == [Verdict.NO_CHANGE, Verdict.HELPED]
    assert faults(db) == (Fault(date(2026, 5, 2), latest_fix(db).at.date()),)


def test_an_agent_or_the_author_confirms_a_fault_at_once(db: Database) -> None:
    publish(db)
    flag(db)

    follow(db, article(SECOND, text=TEXT + " Really."), names=["1"])

    assert faults(db) == (Fault(date(2026, 5, 2), NOW.date()),)


# Commits that name what they mend.


def follow(
    db: Database,
    *published: PublishedArticle,
    names: list[str],
    commit: str = "f1f1f1f1f1f1f1f1",
    now: datetime = NOW,
) -> tuple[str, ...]:
    """Publish with a commit that names items; returns what could not be followed."""
    with db.write() as connection:
        told = revisions.publish(
            connection,
            published or [article()],
            now,
            [FixingCommit(commit, "Charlie", tuple(names))],
        )
    return told.problems


def test_a_commit_that_names_an_item_mends_it_with_however_few_words(db: Database) -> None:
    publish(db)
    flag(db)

    problems = follow(db, article(SECOND, text=TEXT + " Really.", minor=True), names=["1"])

    (item,) = found(db)
    assert problems == ()
    assert ItemState.WATCHING is item.state
    assert last_act(db, item)[1].words == (
        "Mended, says commit f1f1f1f1f1f1 by Charlie; revision bbbbbbbbbbbb is published."
    )
    assert latest_fix(db).named
    assert reassess(db).assessment.evidence == 0


def test_what_was_wrong_may_be_mended_in_another_file(db: Database) -> None:
    publish(db)
    flag(db)

    follow(db, names=["1"])
    cast(db, ballot("late"), NOW)

    assert [item.state for item in found(db)] == [ItemState.WATCHING]
    judged = reassess(db)
    assert (judged.assessment.evidence, judged.raised) == (0, False)
    cast(db, ballot("later"), NOW + DAY)
    assert reassess(db, NOW + DAY).assessment.no == 1


def test_each_commit_is_followed_once(db: Database) -> None:
    publish(db)
    flag(db)
    follow(db, names=["1"])
    day = vote(db, yes=0, no=5, revision=FIRST)
    reassess(db, day)

    problems = follow(db, names=["1"], now=day + DAY)

    assert problems == ()
    assert [item.state for item in found(db)] == [ItemState.OPEN]


def test_a_new_commit_that_names_a_watched_item_begins_the_watch_anew(db: Database) -> None:
    publish(db)
    flag(db)
    follow(db, names=["1"])

    follow(db, names=["1"], commit="another", now=NOW + DAY)

    assert (latest_fix(db).at, latest_fix(db).commit) == (NOW + DAY, "another")


def test_an_edit_and_its_trailer_in_one_build_are_one_fix(db: Database) -> None:
    publish(db)
    flag(db)

    follow(db, article(SECOND, text=OTHER_TEXT), names=["1"])

    (item,) = found(db)
    assert item.version == 2
    assert latest_fix(db).named


def test_what_no_commit_can_name_is_told_once(db: Database) -> None:
    publish(db)
    flag(db)
    follow(db, names=["1"])
    reassess(db, vote(db, yes=8, no=0, revision=FIRST))

    problems = follow(db, names=["1", "99", "refund", "9" * 30], commit="another", now=NOW + DAY)

    assert problems == (
        "commit another says `Kb-Fixes: 1`, but it is settled already (closed).",
        *(
            f"commit another says `Kb-Fixes: {name}`, but there is no such item in the queue. "
            "Look its number up in the desk."
            for name in ("99", "refund", "9" * 30)
        ),
    )
    assert follow(db, names=["1", "99"], commit="another", now=NOW + 2 * DAY) == ()


def test_commits_of_before_the_first_build_speak_of_another_queue(db: Database) -> None:
    assert follow(db, names=["1"], now=NOW - 100 * DAY) == ()
    flag(db)

    assert follow(db, names=["1"]) == ()
    assert [item.state for item in found(db)] == [ItemState.OPEN]


def test_an_item_of_an_article_that_is_gone_can_be_named(db: Database) -> None:
    publish(db)
    flag(db)
    other = article(key=ArticleKey(KEY.article, "de"))

    follow(db, other, names=["1"])

    assert [item.state for item in found(db)] == [ItemState.WATCHING]


# Minor by the word of commits.


def touched(db: Database, *, minor_after: frozenset[str]) -> bool:
    """Whether an edit, called minor by its last commit, leaves the item open."""
    publish(db, article(commit="old"))
    flag(db)
    edit(db, minor=True, minor_after=minor_after, commit="new")
    return found(db)[0].state is ItemState.OPEN


def test_an_edit_is_minor_when_all_commits_since_the_last_build_are(db: Database) -> None:
    assert touched(db, minor_after=frozenset({"between", "old"}))


def test_an_edit_with_one_substantive_commit_is_substantive(db: Database) -> None:
    assert not touched(db, minor_after=frozenset({"between"}))


def test_a_review_of_a_new_text_on_the_day_of_the_last_one_is_kept(db: Database) -> None:
    publish(db, article(reviewed=NOW), now=NOW)

    publish(db, article(SECOND, text=OTHER_TEXT, reviewed=NOW, evidence="Tried it."), now=NOW + DAY)

    with db.read() as connection:
        rows = connection.execute(select(schema.reviews.c.revision, schema.reviews.c.words))
        assert [tuple(row) for row in rows] == [
            (FIRST, "The article carries a review of 2026-05-04."),
            (SECOND, "The article carries a review of 2026-05-04: Tried it."),
        ]


def test_readers_who_ask_in_vain_are_counted_before_the_edit_and_since(db: Database) -> None:
    publish(db)
    flag(db)
    edit(db)
    missed(db, {date(2026, 5, 3): 7, date(2026, 5, 4): 5, date(2026, 5, 6): 2})

    with db.read() as connection:
        log = eventlog.read(connection, [KEY])[KEY]
    before, after = proof.asked(
        proof.sides(log.history, fixed=NOW, onset=date(2026, 5, 2), now=NOW + 4 * DAY),
        log.misses,
        NOW,
    )

    assert ((before.asked, before.days), (after.asked, after.days)) == ((7, 2.0), (2, 4.0))


def test_a_verdict_is_told_to_other_machines(db: Database) -> None:
    publish(db)
    flag(db)
    edit(db)
    last = vote(db, yes=12, no=0)

    reassess(db, last)

    with db.read() as connection:
        told = connection.execute(select(schema.outbox.c.payload)).scalars().all()
    assert [json.loads(one)["result"] for one in told if "fix.verified" in one] == ["helped"]


def missed(db: Database, days: dict[date, int]) -> None:
    rows = [
        {"article": KEY.article, "lang": KEY.lang, "day": day, "readers": readers}
        for day, readers in days.items()
    ]
    with db.write() as connection:
        connection.execute(insert(schema.misses), rows)
