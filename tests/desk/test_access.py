"""Every route of the desk, for everybody who may come."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from answerloop import desk as desk_package
from answerloop.desk import access
from answerloop.web.service import Service
from feedback.model import Role
from tests.desk.desk import Desk
from tests.desk.repository import GIFT_CARD

NOBODY = ""
PEOPLE = (NOBODY, "bob", "charlie", "root")
ROLES = {"bob": Role.AGENT, "charlie": Role.EDITOR, "root": Role.ADMIN}
LEAST: dict[str, Role | None] = {
    "desk.login": None,
    "desk.language": None,
    "desk.sign_in": None,
    "desk.openid": None,
    "desk.openid_begin": None,
    "desk.openid_leave": None,
    "desk.static": None,
    "desk.logout": Role.AGENT,
    "desk.entrance": Role.AGENT,
    "desk.home": Role.AGENT,
    "desk.missing": Role.AGENT,
    "desk.found": Role.AGENT,
    "desk.fill": Role.AGENT,
    "desk.flag": Role.AGENT,
    "desk.solved": Role.AGENT,
    "desk.bookmarklet": Role.AGENT,
    "desk.sidebar": Role.AGENT,
    "desk.queue": Role.AGENT,
    "desk.item": Role.AGENT,
    "desk.note": Role.AGENT,
    "desk.take": Role.EDITOR,
    "desk.give-back": Role.EDITOR,
    "desk.dismiss": Role.EDITOR,
    "desk.correct": Role.EDITOR,
    "desk.review": Role.AGENT,
    "desk.reviewed": Role.EDITOR,
    "desk.deliveries": Role.EDITOR,
    "desk.retry": Role.ADMIN,
    "desk.discard": Role.ADMIN,
    "desk.enable": Role.ADMIN,
    "desk.gaps": Role.AGENT,
    "desk.gap": Role.AGENT,
    "desk.gap-assign": Role.EDITOR,
    "desk.gap-ignore": Role.EDITOR,
    "desk.gap-reopen": Role.EDITOR,
    "desk.gap-written": Role.EDITOR,
    "desk.gap-merge": Role.EDITOR,
    "desk.gap-split": Role.EDITOR,
    "desk.articles": Role.AGENT,
    "desk.learn": Role.AGENT,
    "desk.learn-change": Role.EDITOR,
    "desk.learn-commit": Role.EDITOR,
    "desk.gap-change": Role.EDITOR,
    "desk.gap-commit": Role.EDITOR,
    "desk.mark": Role.EDITOR,
    "desk.snooze": Role.EDITOR,
    "desk.article-id": Role.AGENT,
    "desk.article": Role.AGENT,
    "desk.audit": Role.ADMIN,
    "desk.reports": Role.AGENT,
    "desk.reports-csv": Role.AGENT,
    "desk.reports-json": Role.AGENT,
    "desk.nowhere": Role.AGENT,
}
UNTRIED = {"desk.logout", "desk.sign_in"}
"""These lead to the sign-in page even when they are allowed; they have tests of their own."""
UNSAFE = ("POST", "PUT", "PATCH", "DELETE")


def rules(app: Flask) -> list[Rule]:
    return [rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/desk")]


def requests(app: Flask, item: int) -> Iterator[tuple[str, str, str]]:
    """The endpoint, method and address of everything that the desk answers."""
    values = {
        "item": str(item),
        "message": "1",
        "kind": "draft",
        "remark": "1",
        "gap": "1",
        "lang": GIFT_CARD.lang,
        "article": GIFT_CARD.article,
        "name": "desk.css",
        "_rest": "nowhere",
    }
    adapter = app.url_map.bind("localhost")
    for rule in rules(app):
        known = {name: values[name] for name in rule.arguments}
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield rule.endpoint, method, adapter.build(rule.endpoint, known, method=method)


def is_refused(answer: TestResponse) -> bool:
    to_sign_in = answer.status_code == 303 and "/desk/login" in answer.headers["Location"]
    return answer.status_code in (401, 403) or to_sign_in


def test_every_route_below_desk_belongs_to_the_desk_and_is_in_the_table(desk: Desk) -> None:
    assert set(LEAST) == {rule.endpoint for rule in rules(desk.app)}


@pytest.mark.parametrize("person", PEOPLE)
def test_each_person_reaches_exactly_what_their_role_may(desk: Desk, person: str) -> None:
    item = desk.report()
    client = desk.signed_in(person) if person else desk.browser()

    answers = {
        (endpoint, method): client.open(
            address, method=method, data={"version": "999"}, buffered=True
        )
        for endpoint, method, address in requests(desk.app, item.id)
        if endpoint not in UNTRIED
    }

    role = ROLES.get(person)
    expected = {
        (endpoint, method): not (least is None or (role is not None and access.may(role, least)))
        for endpoint, method in answers
        for least in [LEAST[endpoint]]
    }
    assert expected == {cell: is_refused(answer) for cell, answer in answers.items()}
    assert all(answer.status_code < 500 for answer in answers.values())


def test_a_role_may_what_the_ones_before_it_may() -> None:
    table = {(role, least): access.may(role, least) for role in Role for least in Role}

    assert table == {
        (Role.AGENT, Role.AGENT): True,
        (Role.AGENT, Role.EDITOR): False,
        (Role.AGENT, Role.ADMIN): False,
        (Role.EDITOR, Role.AGENT): True,
        (Role.EDITOR, Role.EDITOR): True,
        (Role.EDITOR, Role.ADMIN): False,
        (Role.ADMIN, Role.AGENT): True,
        (Role.ADMIN, Role.EDITOR): True,
        (Role.ADMIN, Role.ADMIN): True,
    }


def test_a_desk_with_a_route_that_names_no_role_does_not_start(service: Service) -> None:
    routes = desk_package.blueprint(service)
    routes.get("/secret")(lambda: "everybody's salary")

    with pytest.raises(access.UndeclaredRoute, match=r"desk\.\S+ does not say who may see it"):
        Flask("application").register_blueprint(routes)


def test_who_is_signed_out_comes_back_to_the_page_they_wanted(mallory: FlaskClient) -> None:
    answer = mallory.get("/desk/queue?owner=billing")

    assert answer.headers["Location"] == "/desk/login?next=/desk/queue?owner%3Dbilling"


def test_what_was_typed_is_shown_again_to_who_was_signed_out(desk: Desk) -> None:
    item = desk.report()

    answer = desk.browser().post(
        f"/desk/items/{item.id}/note", data={"version": "1", "text": "Tried it. <b>Works</b>."}
    )

    assert answer.status_code == 401
    assert "Tried it. &lt;b&gt;Works&lt;/b&gt;." in answer.text


FOREIGN: tuple[dict[str, str], ...] = (
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"},
    {"Sec-Fetch-Site": "sideways"},
    {"Origin": "null"},
    {"Origin": "https://evil.example"},
    {"Origin": "http://localhost:8001"},
    {"Origin": "https://localhost"},
    {"Origin": "http://localhost.evil.example"},
    {"Origin": "http://localhost/"},
    {"Origin": "localhost"},
    {"Origin": ""},
    {},
)
OWN = (
    {"Sec-Fetch-Site": "same-origin"},
    {"Sec-Fetch-Site": "none"},
    {"Sec-Fetch-Site": "same-origin", "Origin": "http://localhost"},
    {"Origin": "http://localhost"},
)


def plain(client: FlaskClient) -> FlaskClient:
    """A client that sends no header of its own accord."""
    del client.environ_base["HTTP_SEC_FETCH_SITE"]
    return client


@pytest.mark.parametrize("headers", FOREIGN, ids=str)
def test_nothing_is_changed_for_another_site(desk: Desk, headers: dict[str, str]) -> None:
    item = desk.report()
    charlie = plain(desk.signed_in("charlie"))
    data = {"version": str(item.version), "text": "Nothing wrong here.", "name": "charlie"}

    answers = {
        (endpoint, method): charlie.open(address, method=method, data=data, headers=headers)
        for endpoint, method, address in requests(desk.app, item.id)
        if method in UNSAFE
    }

    assert {403} == {answer.status_code for answer in answers.values()}
    assert item.version == desk.find(item).version
    assert charlie.get("/desk/queue").status_code == 200


@pytest.mark.parametrize("headers", OWN, ids=str)
def test_a_page_of_ours_may_change_something(desk: Desk, headers: dict[str, str]) -> None:
    item = desk.report()
    charlie = plain(desk.signed_in("charlie"))
    data = {"version": str(item.version), "text": "Asked the billing team."}

    answer = charlie.post(f"/desk/items/{item.id}/note", data=data, headers=headers)

    assert answer.status_code == 303
    assert item.version + 1 == desk.find(item).version


ADDRESSES = (
    "/desk",
    "/desk/",
    "/desk/login",
    "/desk/queue",
    "/desk/items/1",
    "/desk/items/99",
    "/desk/items/99999999999999999999",
    "/desk/reviews/en/gift-card",
    "/desk/reviews/en/unknown",
    "/desk/static/desk.css",
    "/desk/static/none.css",
    "/desk/nowhere",
)


@pytest.mark.parametrize("person", [NOBODY, "charlie"])
@pytest.mark.parametrize("address", ADDRESSES)
def test_every_answer_of_the_desk_is_hardened(desk: Desk, address: str, person: str) -> None:
    desk.report()
    client = desk.signed_in(person) if person else desk.browser()

    answer = client.get(address, buffered=True)

    headers = answer.headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "address",
    ["/desk/?q=parcel", "/desk/find/en/refund", "/desk/queue", "/desk/items/1", "/desk/login"],
)
def test_no_page_holds_code_or_style_of_its_own(desk: Desk, address: str) -> None:
    desk.report()
    client = desk.browser() if address == "/desk/login" else desk.signed_in("charlie")

    page = client.get(address).text

    assert not re.findall(r"<script(?! src=\"/desk/static/[a-z_]+\.js\" defer></script>)", page)
    assert "<style" not in page
    assert " style=" not in page
    assert " onclick=" not in page


def test_over_tls_browsers_are_told_to_stay_there(desk: Desk) -> None:
    answer = desk.browser().get("/desk/login", base_url="https://localhost")

    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"


def test_a_database_that_is_away_is_told_on_a_page_that_keeps_what_was_typed(
    desk: Desk, root: Path
) -> None:
    item = desk.report()
    charlie = desk.signed_in("charlie")
    desk.service.database.close()
    (root / "var" / "kb.db").write_bytes(b"no database " * 1000)

    answer = charlie.post(
        f"/desk/items/{item.id}/note", data={"version": item.version, "text": "Tried it."}
    )

    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "5"
    assert "Content-Security-Policy" in answer.headers
    assert "readonly>Tried it.</textarea>" in answer.text


def test_a_form_beyond_all_measure_is_refused_on_a_page(desk: Desk) -> None:
    item = desk.report()

    answer = desk.signed_in("charlie").post(
        f"/desk/items/{item.id}/note", data={"version": item.version, "text": "word " * 50_000}
    )

    assert answer.status_code == 413
    assert "Nothing was stored." in answer.text
    assert item == desk.find(item)
