"""Who did what stands in the audit log, with each act and never without it."""

import csv
import io
import json
from datetime import date

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask.testing import FlaskClient
from playwright.sync_api import Browser, expect

from answerloop import keeping
from answerloop.desk import cookies, deeds
from feedback import audit
from feedback.audit import Entry, Filter, Who
from feedback.model import Way
from tests.desk.desk import DAY, Desk, act, everything, fill_outbox, sign_in
from tests.desk.repository import GIFT_CARD
from tests.desk.test_access import requests
from tests.desk.test_browser import NARROW, context
from tests.desk.test_commands import kb

READ = ("GET", "HEAD", "OPTIONS")
SIGNED = {"desk.sign_in", "desk.logout"}


def log(desk: Desk, **wanted: object) -> list[Entry]:
    """The lines, the oldest first."""
    with desk.service.database.read() as db:
        return audit.listed(db, Filter(**wanted))[::-1]  # type: ignore[arg-type]  # its fields


def lines(desk: Desk) -> list[tuple[str, Way, str, str]]:
    return [(one.who, one.way, one.act, one.subject) for one in log(desk)]


def test_an_act_stands_in_the_log_with_who_did_it(desk: Desk) -> None:
    item = desk.report()

    act(desk.signed_in("charlie"), item, "note", "Asked the billing team.")

    (entry,) = log(desk)
    assert ("charlie", Way.SESSION, "note", f"item {item.id}") == lines(desk)[0]
    assert entry.at == desk.clock()
    assert "billing" not in str(entry)


def test_an_act_that_was_refused_stands_nowhere(desk: Desk) -> None:
    item = desk.report()

    answer = act(desk.signed_in("charlie"), item, "dismiss", "")

    assert answer.status_code == 422
    assert lines(desk) == []


def test_reading_stands_nowhere(desk: Desk) -> None:
    item = desk.report()

    desk.signed_in("charlie").get(f"/desk/items/{item.id}")

    assert lines(desk) == []


def test_a_review_and_a_delivery_say_of_what(desk: Desk) -> None:
    fill_outbox(desk)
    revision = desk.revision(GIFT_CARD)
    charlie, root = desk.signed_in("charlie"), desk.signed_in("root")

    charlie.post("/desk/reviews/en/gift-card", data={"text": "Tried it.", "revision": revision})
    root.post("/desk/deliveries/1/retry")
    root.post("/desk/deliveries/enable", data={"kind": "webhook:shop"})

    assert lines(desk) == [
        ("charlie", Way.SESSION, "reviewed", "article gift-card (en)"),
        ("root", Way.SESSION, "retry", "message 1"),
        ("root", Way.SESSION, "enable", "webhook:shop"),
    ]


def test_signing_in_and_out_stands_in_the_log(desk: Desk) -> None:
    charlie = desk.browser()

    sign_in(charlie, "charlie")
    charlie.post("/desk/logout")

    assert lines(desk) == [
        ("charlie", Way.PASSWORD, "sign-in", ""),
        ("charlie", Way.SESSION, "logout", ""),
    ]


def test_who_signs_in_over_a_session_of_another_is_named_themselves(desk: Desk) -> None:
    sign_in(desk.signed_in("charlie"), "dora")

    assert lines(desk) == [("dora", Way.PASSWORD, "sign-in", "")]


def test_of_a_failed_sign_in_an_unknown_name_is_not_kept(desk: Desk) -> None:
    sign_in(desk.browser(), "charlie", "wrong password")
    sign_in(desk.browser(), "my secret password", "charlie")

    assert lines(desk) == [
        ("charlie", Way.PASSWORD, "sign-in-failed", ""),
        ("", Way.PASSWORD, "sign-in-failed", ""),
    ]


def test_the_command_line_stands_in_the_log(desk: Desk) -> None:
    root = desk.service.settings.root

    kb(root, "user", "add", "eve", "--role", "agent")
    kb(root, "token", "create", "sidebar", "--user", "eve")
    kb(root, "token", "revoke", "sidebar")
    kb(root, "user", "deactivate", "eve")
    kb(root, "user", "deactivate", "mallory")

    assert [(one.way, one.act, one.subject) for one in log(desk)] == [
        (Way.COMMAND, "user-add", "account eve"),
        (Way.COMMAND, "token-create", "token sidebar"),
        (Way.COMMAND, "token-revoke", "token sidebar"),
        (Way.COMMAND, "user-deactivate", "account eve"),
    ]


def test_whatever_changes_the_database_leaves_a_line(desk: Desk) -> None:
    """Each route that changes something, tried by an admin, once: as many changes as lines."""
    fill_outbox(desk)
    item = desk.report()
    root = desk.signed_in("root")
    silent = []

    for endpoint, method, address in requests(desk.app, item.id):
        if method in READ or endpoint in SIGNED:
            continue
        before = everything(desk), len(log(desk))
        root.open(address, method=method, data=_form(desk, item.version))
        after = everything(desk), len(log(desk))
        if before[0] != after[0] and before[1] == after[1]:
            silent.append(endpoint)

    assert silent == []
    assert len(log(desk)) > 1


def test_each_act_has_words(desk: Desk) -> None:
    acts = {
        endpoint.rpartition(".")[2]
        for endpoint, method, _ in requests(desk.app, 1)
        if method not in READ and endpoint not in SIGNED
    }

    assert [act for act in acts - {"language", "nowhere"} if deeds.act(act) == act] == []


def _form(desk: Desk, version: int) -> dict[str, str]:
    return {
        "version": str(version),
        "revision": desk.revision(),
        "text": "words",
        "kind": "webhook:shop",
    }


@pytest.fixture
def reader(desk: Desk) -> FlaskClient:
    """Root's browser, after two days with something to see."""
    with desk.service.database.write() as db:
        bob = Who("bob", Way.TOKEN, "sidebar")
        audit.record(db, bob, "=cmd()", "item <b>1</b>", now=desk.clock() - DAY)
        audit.record(db, Who("charlie", Way.SESSION), "note", "item 2", now=desk.clock())
    return desk.signed_in("root")


def test_an_admin_reads_the_log_by_person_and_by_day(desk: Desk, reader: FlaskClient) -> None:
    everything = reader.get("/desk/audit").text
    bob = reader.get("/desk/audit?person=bob").text
    today = reader.get(f"/desk/audit?day={desk.clock():%Y-%m-%d}").text
    odd = reader.get("/desk/audit?person=%00&day=yesterday&before=99999999999999999999")

    assert "item &lt;b&gt;1&lt;/b&gt;" in everything
    assert "noted something" in everything
    assert "sidebar" in bob
    assert "noted something" not in bob
    assert "noted something" in today
    assert "sidebar" not in today
    assert odd.status_code == 200


def test_more_than_a_page_is_read_page_by_page(desk: Desk, reader: FlaskClient) -> None:
    with desk.service.database.write() as db:
        for number in range(150):
            audit.record(db, Who("dora", Way.SESSION), "take", f"item {number}", now=desk.clock())

    first = reader.get("/desk/audit?person=dora").text
    older = first.partition('class="more"')[2].partition('href="')[2].partition('"')[0]
    second = reader.get(older.replace("&amp;", "&")).text

    assert ("item 149<" in first, "item 49<" in first) == (True, False)
    assert ("item 149<" in second, "item 49<" in second) == (False, True)
    assert 'class="more"' not in second


def test_a_spreadsheet_runs_nothing_of_it(reader: FlaskClient) -> None:
    answer = reader.get("/desk/audit?format=csv")

    table = list(csv.reader(io.StringIO(answer.text)))
    assert answer.mimetype == "text/csv"
    assert "attachment" in answer.headers["Content-Disposition"]
    assert table[0] == ["at", "who", "way", "token", "act", "subject"]
    assert table[2][1:] == ["bob", "token", "sidebar", "'=cmd()", "item <b>1</b>"]


def test_the_command_prints_the_log_for_people_and_programs(
    desk: Desk, reader: FlaskClient
) -> None:
    folder = desk.service.settings.root

    shown = kb(folder, "audit", "--person", "bob").output
    printed = json.loads(kb(folder, "audit", "--json", "--day", f"{desk.clock():%Y-%m-%d}").output)
    sheet = kb(folder, "audit", "--csv").output
    both = kb(folder, "audit", "--csv", "--json")

    assert "bob              token sidebar" in shown
    assert [one["act"] for one in printed] == ["note"]
    assert "'=cmd()" in sheet
    assert both.exit_code == 2


def test_an_erased_person_is_in_no_line(desk: Desk) -> None:
    kb(desk.service.settings.root, "user", "passwd", "charlie")
    item = desk.report()
    act(desk.signed_in("charlie"), item, "note", "Asked.")

    erased = kb(desk.service.settings.root, "privacy", "erase", "account", "charlie")

    assert json.loads(erased.stdout)["erased"]["audit log"] == 2
    assert [(one.who, one.subject) for one in log(desk)][1:2] == [("(erased)", f"item {item.id}")]
    assert (log(desk)[2].act, log(desk)[2].subject) == ("privacy-erase", "account")
    assert "charlie" not in str(log(desk))


def test_old_tableand_tokens_are_forgotten(desk: Desk) -> None:
    with desk.service.database.write() as db:
        audit.record(db, Who("bob", Way.SESSION), "note", "item 1", now=desk.clock() - 370 * DAY)
        audit.record(db, Who("bob", Way.SESSION), "note", "item 2", now=desk.clock() - 360 * DAY)

    done = keeping.enforce(desk.service.writer, desk.service.settings, None, desk.clock())

    assert done["audit log"] == 1
    assert [one.subject for one in log(desk)] == ["item 2"]
    assert log(desk, day=date(2020, 1, 1)) == []


def test_the_log_can_be_read_by_everybody_on_a_phone(
    browser: Browser, desk: Desk, reader: FlaskClient, address: str
) -> None:
    token = reader.get_cookie(cookies.PLAIN_NAME)
    assert token is not None
    with context(browser, address, viewport=NARROW) as tab:
        tab.add_cookies([{"name": cookies.PLAIN_NAME, "value": token.value, "url": address}])
        page = tab.new_page()
        page.goto("/desk/audit")
        expect(page.get_by_role("table")).to_be_visible()

        found = Axe().run(page)
        width = page.evaluate("document.documentElement.scrollWidth")

    assert found.violations_count == 0, found.generate_report()
    assert width == NARROW["width"]
