"""`kb token` and the newer verbs of `kb user`, as the operator types them."""

import json
from pathlib import Path

from tests.desk.desk import Desk, sign_in
from tests.desk.test_commands import kb
from tests.desk.test_signin import is_in


def test_a_token_is_printed_once_and_alone_on_standard_output(root: Path) -> None:
    made = kb(root, "token", "create", "sidebar", "--user", "bob", "--scope", "write")

    listed = kb(root, "token", "list")
    assert made.exit_code == 0
    assert made.stdout.startswith("kb_")
    assert len(made.stdout.splitlines()) == 1
    assert "This is shown once" in made.stderr
    assert made.stdout.strip() not in listed.output
    assert "sidebar" in listed.output
    assert "never used" in listed.output


def test_a_script_reads_the_tokens_as_json(root: Path) -> None:
    kb(root, "token", "create", "sidebar", "--user", "charlie", "--role", "editor", "--days", "7")
    kb(root, "token", "revoke", "sidebar")
    kb(root, "token", "create", "sidebar", "--user", "charlie")

    tokens = json.loads(kb(root, "token", "list", "--json").output)

    told = [(one["name"], one["user"], one["role"], one["scope"], one["state"]) for one in tokens]
    assert told == [
        ("sidebar", "charlie", "agent", "read", "live"),
        ("sidebar", "charlie", "editor", "read", "revoked"),
    ]


def test_what_cannot_be_a_token_is_refused_in_one_line(root: Path) -> None:
    above = kb(root, "token", "create", "sidebar", "--user", "bob", "--role", "admin")
    unknown = kb(root, "token", "create", "sidebar", "--user", "mallory")
    nothing = kb(root, "token", "revoke", "sidebar")

    assert [above.exit_code, unknown.exit_code, nothing.exit_code] == [1, 1, 1]
    assert "may be agent at most" in above.output
    assert "There is no account 'mallory'" in unknown.output
    assert "There is no token 'sidebar'" in nothing.output
    assert "None yet." in kb(root, "token", "list").output


def test_an_account_is_switched_off_and_on(desk: Desk, root: Path) -> None:
    charlie = desk.signed_in("charlie")

    off = kb(root, "user", "deactivate", "charlie")
    refused = sign_in(desk.browser(), "charlie")
    shown = kb(root, "user", "list").output
    kb(root, "user", "activate", "charlie")

    assert off.exit_code == 0
    assert not is_in(charlie)
    assert refused.status_code == 401
    assert "switched off" in shown
    assert sign_in(desk.browser(), "charlie").status_code == 303


def test_a_new_role_ends_the_sessions(desk: Desk, root: Path) -> None:
    bob = desk.signed_in("bob")

    kb(root, "user", "role", "bob", "editor")

    assert not is_in(bob)
    assert desk.signed_in("bob").get("/desk/deliveries").status_code == 200


def test_an_account_without_a_password_is_signed_in_by_none(desk: Desk, root: Path) -> None:
    added = kb(root, "user", "add", "helpdesk", "--role", "agent", "--no-password")
    both = kb(root, "user", "add", "x", "--role", "agent", "--no-password", "--password-stdin")

    assert added.exit_code == 0
    assert "password" not in added.output
    assert both.exit_code == 2
    assert sign_in(desk.browser(), "helpdesk", "").status_code == 401
