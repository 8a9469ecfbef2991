"""An item that is put off, and remarks that are dealt with."""

import re
from datetime import timedelta

import pytest

from feedback import actions, items, remarks
from feedback.errors import BadSnooze, StaleItem
from feedback.model import ItemState, Lane, Reason, RemarkState
from feedback.remarks import Remark
from tests.desk.desk import DAY, Desk, act
from tests.desk.repository import REFUND


def lane(desk: Desk, name: str) -> str:
    page = desk.signed_in("charlie").get("/desk/queue").text
    found = re.search(rf'<section class="lane" id="{name}".*?</section>', page, re.DOTALL)
    return found.group() if found else ""


def remark(desk: Desk) -> Remark:
    with desk.service.database.read() as db:
        return remarks.of(db, [REFUND])[REFUND][0]


def mark(desk: Desk, read: Remark, state: RemarkState, person: str = "charlie") -> int:
    form = {"state": state, "read": read.state, "written": read.written.isoformat()}
    return desk.signed_in(person).post(f"/desk/remarks/{read.id}", data=form).status_code


def test_an_item_that_is_put_off_leaves_its_lane_until_its_day(desk: Desk) -> None:
    item = desk.report()
    until = (desk.clock() + 7 * DAY).date()

    answer = act(desk.signed_in("charlie"), item, "snooze", until.isoformat())

    assert answer.location == "/desk/queue?done=snooze"
    assert f"/desk/items/{item.id}" not in lane(desk, "reported")
    assert "11 May 2026" in lane(desk, "sleeping")
    desk.clock.now += 7 * DAY
    assert f"/desk/items/{item.id}" in lane(desk, "reported")
    assert lane(desk, "sleeping") == ""


def test_who_says_more_wakes_it(desk: Desk) -> None:
    item = desk.report()
    act(desk.signed_in("charlie"), item, "snooze", (desk.clock() + 7 * DAY).date().isoformat())

    desk.report(words="It is still wrong")

    assert desk.find(item).snoozed is None
    assert f"/desk/items/{item.id}" in lane(desk, "reported")


@pytest.mark.parametrize("day", ["2026-05-04", "2020-01-01", "2030-01-01", "tomorrow", ""])
def test_a_day_that_is_over_far_away_or_none_is_refused(desk: Desk, day: str) -> None:
    item = desk.report()

    answer = act(desk.signed_in("charlie"), item, "snooze", day)

    assert answer.status_code == 422
    assert item == desk.find(item)


def test_putting_off_something_that_changed_is_refused(desk: Desk) -> None:
    item = desk.report()
    act(desk.signed_in("dora"), item, "take")

    answer = act(desk.signed_in("charlie"), item, "snooze", "2026-05-12")

    assert answer.status_code == 409
    assert "dora assigned it" in answer.text


def test_a_remark_is_dealt_with_and_opened_again(desk: Desk) -> None:
    desk.vote("alice", remark="The form is gone.", reason=Reason.WRONG)

    done = mark(desk, remark(desk), RemarkState.DONE)
    after = remark(desk).state
    again = mark(desk, remark(desk), RemarkState.OPEN)

    assert (done, after, again) == (303, RemarkState.DONE, 303)
    assert remark(desk).state is RemarkState.OPEN


def test_who_comes_second_to_a_remark_is_told(desk: Desk) -> None:
    desk.vote("alice", remark="The form is gone.", reason=Reason.WRONG)
    read = remark(desk)
    mark(desk, read, RemarkState.DONE)

    second = mark(desk, read, RemarkState.SPAM, "dora")

    assert second == 409
    assert remark(desk).state is RemarkState.DONE


def test_a_remark_that_its_reader_writes_anew_is_open_again(desk: Desk) -> None:
    desk.vote("alice", remark="The form is gone.", reason=Reason.WRONG)
    mark(desk, remark(desk), RemarkState.DONE)

    desk.vote("alice", remark="The form is gone, and the number.", reason=Reason.WRONG)

    assert remark(desk).state is RemarkState.OPEN


def test_the_queue_counts_remarks_that_nobody_dealt_with(desk: Desk) -> None:
    desk.vote("alice", remark="The form is gone.", days_ago=1, reason=Reason.WRONG)
    desk.suspect()
    before = lane(desk, "suspected")

    mark(desk, remark(desk), RemarkState.SPAM)

    assert "<dt>Remarks</dt><dd>1</dd>" in before
    assert "<dt>Remarks</dt>" not in lane(desk, "suspected")


def test_a_snooze_is_a_step_and_an_edit_ends_it(desk: Desk) -> None:
    item = desk.report()
    with desk.service.database.write() as db:
        slept = actions.snooze(
            db,
            item.id,
            actor="charlie",
            until=(desk.clock() + DAY).date(),
            version=item.version,
            now=desk.clock(),
        )
    desk.mend()

    with desk.service.database.read() as db:
        (mended,) = [one for one in items.live(db, [REFUND]) if one.lane is Lane.REPORTED]
    assert slept.snoozed == (desk.clock() + timedelta(days=1)).date()
    assert (mended.state, mended.snoozed) == (ItemState.WATCHING, None)


def test_errors_say_what_to_do() -> None:
    assert "within a year" in str(BadSnooze("tomorrow"))
    assert "Nothing was overwritten" in str(StaleItem("The remark", "it is done now."))
