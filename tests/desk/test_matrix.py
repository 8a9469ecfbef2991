"""Every route of the application: who may use it, and from which pages it may be used."""

from collections.abc import Iterator
from itertools import product

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from answerloop.desk import access
from feedback import tokens
from feedback.model import Role, Scope
from feedback.tokens import Wanted
from tests.desk.desk import DAY, Desk, everything
from tests.desk.repository import GIFT_CARD
from tests.desk.test_access import FOREIGN, NOBODY, OWN, PEOPLE, ROLES, UNSAFE

PUBLIC = {
    "pages.entrance",
    "pages.page",
    "pages.permalink",
    "pages.suggestions",
    "telling.events",
    "telling.question",
    "telling.ask",
    "search.find",
    "search.suggest",
    "votes.vote",
    "votes.feedback",
    "receipts.show",
    "receipts.press",
    "receipts.style",
    "health.livez",
    "health.readyz",
    "metrics.show",
    "openapi",
}
"""What is for everybody. A new route stands here, or says which role it needs."""
VALUES = {
    "article": GIFT_CARD.article,
    "lang": GIFT_CARD.lang,
    "name": "desk.css",
    "path": "en/",
    "kind": "draft",
}


def declares(app: Flask, rule: Rule) -> bool:
    """Whether the route says who of the staff may use it."""
    try:
        access.least_role(app, rule.endpoint)
    except access.UndeclaredRoute:
        return False
    return True


def addresses(app: Flask) -> Iterator[tuple[Rule, str]]:
    """Every route with an address of it."""
    adapter = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        values = {name: VALUES.get(name, "1") for name in rule.arguments}
        method = max(rule.methods or ())
        yield rule, adapter.build(rule.endpoint, values, method=method)


def methods(rule: Rule) -> list[str]:
    return sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})


def is_refused(answer: TestResponse) -> bool:
    to_sign_in = "/desk/login" in answer.headers.get("Location", "")
    return answer.status_code in (401, 403) or to_sign_in


def test_every_route_is_for_everybody_by_name_or_says_whom_it_is_for(desk: Desk) -> None:
    staff = {rule.endpoint for rule in desk.app.url_map.iter_rules() if declares(desk.app, rule)}
    others = {rule.endpoint for rule in desk.app.url_map.iter_rules()} - staff

    assert others == PUBLIC
    assert not staff & PUBLIC
    assert all(
        declares(desk.app, rule)
        for rule in desk.app.url_map.iter_rules()
        if rule.rule.startswith("/desk")
    )


def test_what_is_for_everybody_asks_nobody_who_they_are(desk: Desk) -> None:
    answers = {
        (rule.endpoint, method): desk.browser().open(address, method=method, buffered=True)
        for rule, address in addresses(desk.app)
        if rule.endpoint in PUBLIC
        for method in methods(rule)
    }

    assert [cell for cell, answer in answers.items() if is_refused(answer)] == []
    assert all("Set-Cookie" not in answer.headers for answer in answers.values())


def holders(desk: Desk) -> Iterator[tuple[str, Role | None, Scope, FlaskClient]]:
    """Everybody who may come to the API: without anything, with a session, with a token."""
    for person in PEOPLE:
        client = desk.signed_in(person) if person != NOBODY else desk.browser()
        yield person or "nobody", ROLES.get(person), Scope.WRITE, client
    for role, scope in product(Role, Scope):
        name = f"{role}-{scope}"
        with desk.service.database.write() as db:
            secret = tokens.create(db, Wanted(name, "root", role, scope, DAY), desk.clock())
        client = desk.app.test_client()
        client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {secret}"
        yield name, role, scope, client


def test_each_role_and_token_reaches_of_the_api_what_it_may(desk: Desk) -> None:
    routes = [
        (rule, address, access.least_role(desk.app, rule.endpoint))
        for rule, address in addresses(desk.app)
        if rule.rule.startswith("/api/") and declares(desk.app, rule)
    ]
    expected, found = {}, {}

    for name, role, scope, client in holders(desk):
        for rule, address, least in routes:
            assert least is not None, f"{rule.endpoint} is for staff and needs no role"
            for method in methods(rule):
                cell = (name, rule.endpoint, method)
                may = role is not None and access.may(role, least)
                expected[cell] = may and (scope is Scope.WRITE or method == "GET")
                answer = client.open(address, method=method, json={})
                found[cell] = not is_refused(answer)

    assert expected == found


def test_a_token_opens_no_page_of_the_desk(desk: Desk) -> None:
    *_, (_name, _role, _scope, client) = holders(desk)

    answers = {
        (rule.endpoint, method): client.open(address, method=method)
        for rule, address in addresses(desk.app)
        if rule.rule.startswith("/desk") and access.least_role(desk.app, rule.endpoint)
        for method in methods(rule)
    }

    assert [cell for cell, answer in answers.items() if not is_refused(answer)] == []


def test_no_page_of_another_site_changes_anything_by_any_method(desk: Desk) -> None:
    desk.report()
    client = desk.signed_in("root")
    del client.environ_base["HTTP_SEC_FETCH_SITE"]
    before = everything(desk)

    through = [
        (address, method, headers)
        for _rule, address in addresses(desk.app)
        for method in UNSAFE
        for headers in FOREIGN
        if headers
        if client.open(address, method=method, headers=headers).status_code != 403
    ]

    assert through == []
    assert before == everything(desk)


def test_a_vote_counts_from_our_pages_and_is_no_link(desk: Desk) -> None:
    """The table of the header check, for what readers change."""
    vote = {
        "article": GIFT_CARD.article,
        "lang": GIFT_CARD.lang,
        "revision": desk.revision(GIFT_CARD),
        "helpful": True,
    }

    own = [
        desk.app.test_client().post("/api/v1/votes", json=vote, headers=headers).status_code
        for headers in OWN
    ]
    link = desk.browser().get("/api/v1/votes", query_string=vote).status_code
    form = desk.browser().post("/api/v1/votes", data=vote).status_code
    text = desk.browser().post("/api/v1/votes", data="{}", content_type="text/plain").status_code

    assert own == [200] * len(OWN)
    assert link in (404, 405)
    assert (form, text) == (415, 415)
