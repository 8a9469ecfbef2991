"""What API tokens open: routes for programs, as far as role and scope go, and no page."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from answerloop.desk import access, record
from answerloop.web.service import Service
from feedback import schema, staff, tokens
from feedback.model import Role, Scope
from feedback.tokens import Wanted
from tests import applications
from tests.desk.desk import DAY, Clock, Desk

PROBE = "/api/v1/probe"


@pytest.fixture
def desk(service: Service, clock: Clock) -> Desk:
    """The application with three more routes: for agents, for editors, for anybody."""
    app = applications.around(service)
    service = record.keeping(service)
    routes = access.ApiRoutes("probe", __name__, url_prefix=PROBE)
    access.install_api(routes, service)

    @routes.get("/agents")
    @access.needs(Role.AGENT)
    def agents() -> dict[str, str]:
        return {"user": access.user().user}

    @routes.post("/agents")
    @access.needs(Role.AGENT)
    def change() -> dict[str, str]:
        service.writer.apply(lambda _db: None)
        return {"user": access.user().user}

    @routes.get("/editors")
    @access.needs(Role.EDITOR)
    def editors() -> dict[str, str]:
        return {"user": access.user().user}

    @routes.get("/anybody")
    @access.for_anybody
    def anybody() -> dict[str, str]:
        return {}

    app.register_api(routes)
    return Desk(app, service, clock)


def make(
    desk: Desk,
    user: str = "charlie",
    *,
    role: Role = Role.ADMIN,
    scope: Scope = Scope.WRITE,
    name: str = "helpdesk",
) -> str:
    with desk.service.database.write() as db:
        least = min(role, staff.find(db, user).role, key=list(Role).index)
        return tokens.create(db, Wanted(name, user, least, scope, 90 * DAY), desk.clock())


def program(desk: Desk, token: str | None) -> FlaskClient:
    """A client that sends what a program sends, and nothing of a browser."""
    client = desk.app.test_client()
    if token is not None:
        client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {token}"
    return client


def refused(answer: TestResponse) -> tuple[int, str]:
    assert answer.mimetype == "application/problem+json"
    return answer.status_code, answer.get_json()["type"]


def test_a_program_works_in_the_name_of_an_account(desk: Desk) -> None:
    client = program(desk, make(desk))

    assert client.get(f"{PROBE}/agents").get_json() == {"user": "charlie"}
    assert client.post(f"{PROBE}/agents").get_json() == {"user": "charlie"}
    assert client.get(f"{PROBE}/editors").get_json() == {"user": "charlie"}


def test_a_person_in_a_browser_needs_no_token(desk: Desk) -> None:
    charlie = desk.signed_in("charlie")

    assert charlie.get(f"{PROBE}/agents").get_json() == {"user": "charlie"}
    assert charlie.post(f"{PROBE}/agents").get_json() == {"user": "charlie"}


@pytest.mark.parametrize(
    "token",
    [
        "",
        " ",
        "kb_",
        "none",
        "kb_" + "A" * 43,
        "kb_" + "A" * 42 + "é",
        "kb_" + "A" * 5000,
        "null",
        "undefined",
    ],
)
def test_what_is_no_token_opens_nothing(desk: Desk, token: str) -> None:
    make(desk)

    answer = program(desk, token.encode().decode("latin-1")).get(f"{PROBE}/agents")

    assert refused(answer) == (401, "/problems/unauthorized")
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_parts_of_a_token_and_other_schemes_open_nothing(desk: Desk) -> None:
    token = make(desk)
    shown = (
        f"Bearer {token[:-1]}", f"Bearer {token}A", f"Bearer {token.swapcase()}",
        f"Bearer {token} {token}", f"Basic {token}", token, "Bearer", "",
    )  # fmt: skip

    answers = [
        desk.app.test_client().get(f"{PROBE}/agents", headers={"Authorization": each})
        for each in shown
    ]

    assert {401} == {answer.status_code for answer in answers}


def test_without_anything_the_answer_says_what_is_needed(desk: Desk) -> None:
    answer = program(desk, None).get(f"{PROBE}/agents")

    assert refused(answer) == (401, "/problems/unauthorized")
    assert "Authorization: Bearer" in answer.get_json()["detail"]
    assert program(desk, None).get(f"{PROBE}/anybody").status_code == 200


def test_a_token_that_has_expired_is_told_so(desk: Desk) -> None:
    client = program(desk, make(desk))

    desk.clock.now += 90 * DAY

    answer = client.get(f"{PROBE}/agents")
    assert refused(answer) == (401, "/problems/unauthorized")
    assert "helpdesk expired on 2026-08-02" in answer.get_json()["detail"]


def test_a_token_that_was_revoked_is_told_so(desk: Desk) -> None:
    client = program(desk, make(desk))

    with desk.service.database.write() as db:
        tokens.revoke(db, "helpdesk", desk.clock())

    answer = client.get(f"{PROBE}/agents")
    assert refused(answer) == (401, "/problems/unauthorized")
    assert "was revoked" in answer.get_json()["detail"]


def test_a_token_never_does_more_than_its_role(desk: Desk) -> None:
    client = program(desk, make(desk, role=Role.AGENT))

    assert client.get(f"{PROBE}/agents").status_code == 200
    assert refused(client.get(f"{PROBE}/editors")) == (403, "/problems/forbidden")


def test_a_token_loses_what_its_account_loses(desk: Desk) -> None:
    client = program(desk, make(desk))

    with desk.service.database.write() as db:
        staff.change_role(db, "charlie", Role.AGENT)
    lesser = client.get(f"{PROBE}/editors")
    with desk.service.database.write() as db:
        staff.deactivate(db, "charlie", now=desk.clock())
    off = client.get(f"{PROBE}/agents")
    with desk.service.database.write() as db:
        staff.activate(db, "charlie")
        staff.remove(db, "charlie")
    gone = client.get(f"{PROBE}/agents")

    assert [lesser.status_code, off.status_code, gone.status_code] == [403, 401, 401]


def test_a_token_that_may_read_changes_nothing(desk: Desk) -> None:
    client = program(desk, make(desk, scope=Scope.READ))

    assert client.get(f"{PROBE}/agents").status_code == 200
    assert refused(client.post(f"{PROBE}/agents")) == (403, "/problems/forbidden")


def test_a_token_opens_no_page(desk: Desk) -> None:
    client = program(desk, make(desk, "root"))

    assert client.get("/desk/queue").status_code == 303
    assert client.post("/desk/logout", headers={"Sec-Fetch-Site": "same-origin"}).status_code == 401


@pytest.mark.parametrize(
    "headers", [{}, {"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}], ids=str
)
def test_a_token_alone_is_enough_whatever_page_it_is_used_on(
    desk: Desk, headers: dict[str, str]
) -> None:
    assert program(desk, make(desk)).post(f"{PROBE}/agents", headers=headers).status_code == 200


@pytest.mark.parametrize(
    "headers", [{}, {"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}], ids=str
)
def test_a_cookie_beside_a_token_brings_the_check_back(desk: Desk, headers: dict[str, str]) -> None:
    client = program(desk, make(desk))
    client.set_cookie("anything", "at all")

    assert client.post(f"{PROBE}/agents", headers=headers).status_code == 403


def test_a_wrong_token_beside_a_session_is_not_forgiven(desk: Desk) -> None:
    charlie = desk.signed_in("charlie")

    answer = charlie.get(f"{PROBE}/agents", headers={"Authorization": "Bearer kb_wrong"})

    assert answer.status_code == 401


def test_who_guesses_is_told_to_wait_and_others_are_not(desk: Desk) -> None:
    mallory, helpdesk = program(desk, "kb_" + "A" * 43), program(desk, make(desk))
    guesses = [mallory.get(f"{PROBE}/agents") for _ in range(51)]

    assert {401} == {answer.status_code for answer in guesses[:50]}
    assert refused(guesses[50]) == (429, "/problems/too-many-requests")
    assert 0 < int(guesses[50].headers["Retry-After"]) <= 3600
    assert helpdesk.get(f"{PROBE}/agents").status_code == 200


def test_only_a_hash_of_a_token_is_kept_and_when_it_was_used(desk: Desk) -> None:
    token = make(desk)

    program(desk, token).get(f"{PROBE}/agents")
    desk.clock.now += timedelta(minutes=1)
    program(desk, token).get(f"{PROBE}/agents")

    with desk.service.database.read() as db:
        (row,) = db.execute(select(schema.tokens)).all()
        (found,) = tokens.listed(db)
    assert token not in str(row)
    assert token.removeprefix("kb_") not in str(row)
    assert found.used == desk.clock() - timedelta(minutes=1)


def test_answers_to_programs_are_not_kept_on_the_way(desk: Desk) -> None:
    client = program(desk, make(desk))

    assert client.get(f"{PROBE}/agents").headers["Cache-Control"] == "no-store"
    assert client.get(f"{PROBE}/editors").headers["X-Content-Type-Options"] == "nosniff"


def test_an_api_with_a_route_that_names_no_role_does_not_start(service: Service) -> None:
    routes = access.ApiRoutes("bare", __name__)
    routes.get("/api/v1/secret")(lambda: "everybody's salary")

    with pytest.raises(access.UndeclaredRoute, match=r"bare\.\S+ does not say who may see it"):
        Flask("application").register_blueprint(routes)
