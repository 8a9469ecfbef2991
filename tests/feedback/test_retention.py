"""What is too old goes, in portions, and what follows from it stays."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, select

from feedback import actions, items, remarks, reports, retention, schema, staff, traces
from feedback.actions import Read
from feedback.database import Database
from feedback.gaps import actions as gap_actions
from feedback.gaps import rows
from feedback.model import Lane, Reason, Role
from feedback.reports import Report
from feedback.retention import MONTH, Rule
from tests.feedback.asked import gather, search
from tests.feedback.builders import DAY, FIRST, KEY, NOW, ballot, cast, count, publish

YEAR = 12 * MONTH


def test_a_remark_goes_and_its_vote_stays_with_the_reason(db: Database) -> None:
    publish(db)
    cast(db, ballot("old", reason=Reason.WRONG, remark="Old words."), NOW - 600 * DAY)
    cast(db, ballot("new", remark="New words."), NOW - 500 * DAY)

    done = retention.enforce(db, [Rule("remarks", 18 * MONTH, remarks.forget_before)], NOW)

    with db.read() as connection:
        texts = list(connection.execute(select(schema.remarks.c.text)).scalars())
        reasons = set(connection.execute(select(schema.votes.c.reason)).scalars())
    assert (done, texts) == ({"remarks": 1}, ["New words."])
    assert reasons == {Reason.WRONG, None}


def test_a_rule_is_applied_in_portions_until_nothing_is_left(db: Database) -> None:
    left = [3, 3, 1, 0]
    moments: set[datetime] = set()

    def forget_before(_: Connection, moment: datetime) -> int:
        moments.add(moment)
        return left.pop(0)

    done = retention.enforce(db, [Rule("words", timedelta(days=30), forget_before)], NOW)

    assert (done, left, moments) == ({"words": 7}, [], {NOW - 30 * DAY})


def test_of_what_is_settled_for_a_year_no_name_no_word_and_no_ticket_is_left(db: Database) -> None:
    publish(db)
    settle(db, NOW - 400 * DAY)

    done = retention.enforce(db, [Rule("staff", YEAR, traces.forget_before)], NOW)
    again = retention.enforce(db, [Rule("staff", YEAR, traces.forget_before)], NOW)

    assert done["staff"] > 0
    assert again == {"staff": 0}
    assert known(db, "kim") == known(db, "charlie") == {}
    with db.read() as connection:
        said = connection.execute(select(schema.reports.c.words, schema.reports.c.ticket)).one()
        evidence = connection.execute(select(schema.reviews.c.words)).scalar_one()
    assert tuple(said) == ("", "")
    assert evidence == "Tried it with a test order."


def test_what_is_younger_or_still_open_keeps_its_names(db: Database) -> None:
    publish(db)
    settle(db, NOW - 300 * DAY)
    report(db, NOW - 280 * DAY)
    before = known(db, "kim")

    retention.enforce(db, [Rule("staff", YEAR, traces.forget_before)], NOW)

    assert before == known(db, "kim")
    assert before["reports"] == 2


def test_an_item_that_is_still_open_keeps_its_steps_however_old(db: Database) -> None:
    publish(db)
    report(db, NOW - 500 * DAY)

    retention.enforce(db, [Rule("staff", YEAR, traces.forget_before)], NOW)

    assert known(db, "kim") == {"steps": 1}


def test_a_name_is_erased_from_everything_and_what_happened_stays(db: Database) -> None:
    publish(db)
    settle(db, NOW - DAY)
    with db.read() as connection:
        steps = count(connection, schema.item_steps)

    with db.write() as connection:
        erased = traces.erase(connection, "charlie")

    assert erased == 5
    with db.read() as connection:
        words = " ".join(connection.execute(select(schema.item_steps.c.words)).scalars())
    assert "charlie" not in words
    assert known(db, "charlie") == {}
    assert known(db, "kim") == {"reports": 1, "steps": 1}
    with db.read() as connection:
        assert steps == count(connection, schema.item_steps)


def test_a_name_is_erased_from_gaps_too(db: Database) -> None:
    gap = taken_gap(db)
    before = known(db, "charlie")

    with db.write() as connection:
        erased = traces.erase(connection, "charlie")

    assert (before, erased) == ({"gap steps": 1, "assigned gaps": 1}, 3)
    assert known(db, "charlie") == {}
    with db.read() as connection:
        said = [taken.act.words for taken in rows.steps(connection, gap)]
    assert f"to {traces.NOBODY}" in said


def test_of_a_gap_names_and_words_go_a_year_after_it_is_settled(db: Database) -> None:
    rule = Rule("staff", YEAR, traces.forget_before)
    gap = taken_gap(db)
    still_open = retention.enforce(db, [rule], NOW + 2 * YEAR)
    with db.write() as connection:
        gap_actions.ignore(connection, gap, actor="kim", why="Ask Mr Ek.", version=2, now=NOW)

    retention.enforce(db, [rule], NOW + 2 * YEAR)

    assert still_open == {"staff": 0}
    assert known(db, "charlie") == known(db, "kim") == {}
    with db.read() as connection:
        assert not any(taken.act.words for taken in rows.steps(connection, gap) if taken.act.actor)


def taken_gap(db: Database) -> int:
    """Three readers ask for gift cards, and Charlie takes the gap."""
    for reader in "abc":
        search(db, "gift cards", reader)
    (gap,) = gather(db)
    with db.write() as connection:
        staff.add(connection, "charlie", Role.EDITOR, "correct horse battery", now=NOW)
        gap_actions.assign(connection, gap.id, actor="charlie", to="charlie", version=1, now=NOW)
    return gap.id


def report(db: Database, at: datetime) -> int:
    said = Report(KEY, "kim", Reason.WRONG, words="See the mail of Mr Ek.", ticket="4711")
    with db.write() as connection:
        return reports.report(connection, said, at).id


def settle(db: Database, at: datetime) -> None:
    """Kim reports, Charlie takes the item and finds the article correct."""
    item = report(db, at)
    with db.write() as connection:
        staff.add(connection, "charlie", Role.EDITOR, "correct horse battery", now=at)
        actions.assign(connection, item, actor="charlie", to="charlie", version=1, now=at)
        actions.correct(
            connection, Read(item, 2, FIRST), actor="charlie",
            evidence="Tried it with a test order.", now=at,
        )  # fmt: skip
        assert not [one for one in items.live(connection) if one.lane is Lane.REPORTED]


def known(db: Database, name: str) -> dict[str, int]:
    """Where a name stands, and how often."""
    with db.read() as connection:
        found = traces.of(connection, name)
    return {where: len(rows) for where, rows in found.items() if rows}
