"""`kb user`, `kb queue` and `kb outbox`, as the operator types them."""

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from answerloop.cli import main
from feedback import identities, words
from feedback.baseline import Prior
from feedback.evidence import Yardstick
from feedback.identities import Identity
from feedback.model import Role
from tests.desk.desk import Desk, act, fill_outbox, sign_in
from tests.desk.repository import PARCEL, REFUND


def kb(root: Path, *arguments: str, typed: str | bytes = "") -> Result:
    return CliRunner().invoke(main, ["-C", str(root), *arguments], input=typed)


@pytest.fixture
def fresh(tmp_path: Path) -> Path:
    """A content repository in which nothing was built yet."""
    (tmp_path / "mkdocs.yml").write_text("site_name: Help\ndocs_dir: kb\n", encoding="utf-8")
    (tmp_path / "kb").mkdir()
    return tmp_path


def test_a_new_account_can_sign_in_with_the_password_that_was_printed_once(
    desk: Desk, root: Path
) -> None:
    added = kb(root, "user", "add", "eve", "--role", "editor")

    password = re.search(r"password  (\S+)", added.output)
    assert added.exit_code == 0
    assert "This is shown once." in added.output
    assert password is not None
    assert sign_in(desk.browser(), "eve", password[1]).status_code == 303


def test_a_password_can_come_from_another_program(desk: Desk, root: Path) -> None:
    added = kb(
        root, "user", "add", "eve", "--role", "agent", "--password-stdin",
        typed="über den Wolken\nnever read\n",
    )  # fmt: skip

    assert added.exit_code == 0
    assert "Wolken" not in added.output
    assert "password" not in added.output
    assert sign_in(desk.browser(), "eve", "über den Wolken").status_code == 303


def test_an_account_can_be_made_before_anything_was_built(fresh: Path) -> None:
    added = kb(fresh, "user", "add", "charlie", "--role", "editor")
    shown = kb(fresh, "user", "list")

    assert (added.exit_code, shown.exit_code) == (0, 0)
    assert re.match(r"charlie +editor +added \d{4}-\d\d-\d\d\n", shown.output)


def test_where_there_is_nobody_the_list_says_how_to_begin(fresh: Path) -> None:
    assert "kb user add NAME" in kb(fresh, "user", "list").output


def test_a_script_reads_the_accounts_as_json(root: Path) -> None:
    shown = kb(root, "user", "list", "--json")

    accounts = [(one["name"], one["role"]) for one in json.loads(shown.output)]
    assert accounts == [
        ("bob", "agent"), ("charlie", "editor"), ("dora", "editor"), ("root", "admin"),
    ]  # fmt: skip


def test_a_new_password_signs_the_account_out(desk: Desk, root: Path) -> None:
    charlie = desk.signed_in("charlie")

    changed = kb(root, "user", "passwd", "charlie")

    password = re.search(r"password  (\S+)", changed.output)
    assert password is not None
    assert charlie.get("/desk/queue").status_code == 303
    assert sign_in(desk.browser(), "charlie", password[1]).status_code == 303


def test_a_removed_account_is_signed_out(desk: Desk, root: Path) -> None:
    bob = desk.signed_in("bob")

    removed = kb(root, "user", "remove", "bob")

    assert removed.exit_code == 0
    assert bob.get("/desk/queue").status_code == 303


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("add", "charlie", "--role", "editor"), "There is an account 'charlie' already."),
        (("add", "Charlie B", "--role", "editor"), "'Charlie B' is no name for an account"),
        (("add", "", "--role", "editor"), "'' is no name for an account"),
        (("add", "a" * 65, "--role", "editor"), "is no name for an account"),
        (("remove", "mallory"), "There is no account 'mallory'."),
        (("passwd", "mallory"), "There is no account 'mallory'."),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(
    root: Path, arguments: tuple[str, ...], said: str
) -> None:
    failed = kb(root, "user", *arguments)

    assert failed.exit_code == 1
    assert said in failed.output
    assert failed.output.startswith("kb: ")
    assert failed.output.count("\n") == 1


@pytest.mark.parametrize("typed", [b"short\n", b"", b"\n"])
def test_a_password_that_is_too_short_is_refused(root: Path, typed: bytes) -> None:
    failed = kb(root, "user", "add", "eve", "--role", "agent", "--password-stdin", typed=typed)

    assert failed.exit_code == 1
    assert "expected 10 to" in failed.output


@pytest.mark.parametrize(
    "arguments",
    [
        ("add", "eve"),
        ("add", "eve", "--role", "king"),
        ("add", "--role", "editor"),
        ("remove",),
        ("promote", "eve"),
    ],
)
def test_a_wrong_call_is_a_usage_error(root: Path, arguments: tuple[str, ...]) -> None:
    assert kb(root, "user", *arguments).exit_code == 2


def test_a_password_that_is_no_text_is_a_usage_error(root: Path) -> None:
    failed = kb(root, "user", "passwd", "charlie", "--password-stdin", typed=b"\xff\xfe password\n")

    assert failed.exit_code == 2
    assert "not UTF-8" in failed.output


def test_the_queue_is_printed_in_words(desk: Desk, root: Path) -> None:
    desk.clock.now = desk.clock.now.replace(year=2025, month=11)
    item = desk.report(PARCEL, words="The phone number is gone", ticket="SUP-4711")
    act(desk.signed_in("dora"), item, "take")
    desk.suspect(REFUND)

    printed = kb(root, "queue").output

    assert "reported (1)" in printed
    assert "suspected (1)" in printed
    assert "clarity (0)" in printed
    assert re.search(
        r"parcel-late \(en\), since 2025-11-04, \w+, dora has it: "
        r"bob: wrong; The phone number is gone; ticket SUP-4711",
        printed,
    )
    assert "6 \N{MULTIPLICATION SIGN} outdated" in printed


def test_a_script_reads_the_queue_as_json(desk: Desk, root: Path) -> None:
    desk.clock.now = desk.clock.now.replace(year=2025, month=11)
    item = desk.report(PARCEL, words="The phone number is gone")

    lanes = json.loads(kb(root, "queue", "--json").output)

    (reported,) = lanes["reported"]
    assert list(lanes) == ["reported", "suspected", "stale", "clarity"]
    assert ("parcel-late", "en", item.id, 1, "open", "delivery") == tuple(
        reported[name] for name in ("article", "lang", "item", "version", "state", "owner")
    )
    assert "The phone number is gone" in reported["because"]
    assert {"stale"} == {entry["lane"] for entry in lanes["stale"]}
    assert [None] * len(lanes["stale"]) == [entry["item"] for entry in lanes["stale"]]


def test_a_queue_before_the_first_build_is_empty(fresh: Path) -> None:
    shown = kb(fresh, "queue")

    assert shown.exit_code == 0
    assert shown.output.splitlines() == [
        words.few_votes(Yardstick(Prior(), votes_a_month=0)),
        "reported (0)",
        "suspected (0)",
        "stale (0)",
        "clarity (0)",
    ]


def test_the_outbox_is_listed_for_people_and_for_scripts(desk: Desk, root: Path) -> None:
    fill_outbox(desk)

    shown = kb(root, "outbox", "list").output
    listed = json.loads(kb(root, "outbox", "list", "--json").output)

    assert "webhook:shop is switched off: The receiver answered 410 Gone." in shown
    assert "1 webhook:shop, refund (en), tried 1 time: The receiver answered 410" in shown
    assert "2 issue, parcel-late (en), tried 1 time, next 2026-05-04 09:00 UTC" in shown
    assert [one["number"] for one in listed["dead"]] == [1]
    assert [one["kind"] for one in listed["waiting"]] == ["issue"]
    assert [one["kind"] for one in listed["disabled"]] == ["webhook:shop"]


def test_what_was_given_up_is_retried_by_number_or_all_at_once(desk: Desk, root: Path) -> None:
    fill_outbox(desk)

    retried = kb(root, "outbox", "retry", "--all")
    again = kb(root, "outbox", "retry", "1")
    unknown = kb(root, "outbox", "retry", "77")
    neither = kb(root, "outbox", "retry")

    assert "1 message will be tried again within seconds." in retried.output
    assert again.exit_code == 0
    assert (unknown.exit_code, neither.exit_code) == (1, 2)
    assert "no undelivered message 77" in unknown.output
    assert json.loads(kb(root, "outbox", "list", "--json").output)["dead"] == []


def test_messages_are_discarded_all_or_none(desk: Desk, root: Path) -> None:
    fill_outbox(desk)

    refused = kb(root, "outbox", "discard", "1", "77")
    left = json.loads(kb(root, "outbox", "list", "--json").output)
    discarded = kb(root, "outbox", "discard", "1", "2")

    assert refused.exit_code == 1
    assert len(left["dead"]) == 1
    assert "Discarded 2 messages." in discarded.output


def test_a_webhook_that_was_switched_off_is_enabled(desk: Desk, root: Path) -> None:
    fill_outbox(desk)

    enabled = kb(root, "outbox", "enable", "webhook:shop")
    again = kb(root, "outbox", "enable", "webhook:shop")

    assert "webhook:shop is switched on again." in enabled.output
    assert "was not switched off" in again.output


def test_two_accounts_of_one_person_are_joined(desk: Desk, root: Path) -> None:
    eve = Identity("https://id.example.com", "248289761001", "dora", Role.EDITOR)
    with desk.service.database.write() as db:
        identities.link(db, eve, "dora", desk.clock())

    joined = kb(root, "user", "link", "charlie", "dora")
    again = kb(root, "user", "link", "charlie", "dora")

    with desk.service.database.write() as db:
        assert identities.admit(db, eve, desk.clock()) == "charlie"
    assert (joined.exit_code, again.exit_code) == (0, 1)
    assert "Nobody signs in with a provider as dora." in again.output
    assert re.search(r"dora .*switched off", kb(root, "user", "list").output)
