"""Signing in and out: the session, its cookie, its end."""

from datetime import timedelta
from http.cookies import Morsel, SimpleCookie

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from answerloop.desk import accounts, cookies
from feedback import sessions, staff
from tests.desk.desk import PASSWORD, Desk, sign_in


def cookie_of(answer: TestResponse) -> Morsel[str]:
    (header,) = answer.headers.getlist("Set-Cookie")
    (morsel,) = SimpleCookie(header).values()
    return morsel


def token(client: FlaskClient) -> str:
    found = client.get_cookie(cookies.PLAIN_NAME)
    assert found is not None
    return found.value


def browser_with(desk: Desk, session: str) -> FlaskClient:
    client = desk.browser()
    client.set_cookie(cookies.PLAIN_NAME, session)
    return client


def is_in(client: FlaskClient) -> bool:
    return client.get("/desk/queue").status_code == 200


def test_who_signs_in_gets_to_the_queue(desk: Desk) -> None:
    charlie = desk.browser()

    answer = sign_in(charlie, "charlie")

    assert (answer.status_code, answer.headers["Location"]) == (303, "/desk/")
    assert "charlie" in charlie.get("/desk/", follow_redirects=True).text


def test_a_name_may_be_typed_as_a_phone_writes_it(desk: Desk) -> None:
    answer = sign_in(desk.browser(), " Charlie ")

    assert answer.status_code == 303


def test_who_is_signed_in_is_not_asked_again(desk: Desk) -> None:
    answer = desk.signed_in("charlie").get("/desk/login?next=/desk/items/1")

    assert (answer.status_code, answer.headers["Location"]) == (303, "/desk/items/1")


def test_the_cookie_is_for_http_alone_and_for_this_site(desk: Desk) -> None:
    cookie = cookie_of(sign_in(desk.browser(), "charlie"))

    assert cookie.key == "kb_session"
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert cookie["path"] == "/"
    assert not cookie["domain"]
    assert not cookie["secure"]


def test_over_tls_the_cookie_is_bound_to_this_host(desk: Desk) -> None:
    charlie = desk.browser()

    answer = charlie.post(
        "/desk/login", data={"name": "charlie", "password": PASSWORD}, base_url="https://localhost"
    )

    cookie = cookie_of(answer)
    assert cookie.key == "__Host-kb_session"
    assert cookie["secure"]
    assert cookie["httponly"]
    assert charlie.get("/desk/queue", base_url="https://localhost").status_code == 200


def test_over_tls_a_cookie_that_another_page_could_have_set_is_not_believed(desk: Desk) -> None:
    stolen = token(desk.signed_in("charlie"))

    answer = browser_with(desk, stolen).get("/desk/queue", base_url="https://localhost")

    assert answer.status_code == 303


def test_a_browser_that_came_over_tls_to_a_proxy_gets_the_bound_cookie(desk: Desk) -> None:
    answer = desk.browser().post(
        "/desk/login",
        data={"name": "charlie", "password": PASSWORD},
        headers={"Origin": "https://help.example.com"},
    )

    assert cookie_of(answer).key == "__Host-kb_session"


def test_each_sign_in_has_a_session_of_its_own_and_ends_the_one_before(desk: Desk) -> None:
    charlie = desk.signed_in("charlie")
    old = token(charlie)

    sign_in(charlie, "charlie")

    assert old != token(charlie)
    assert is_in(charlie)
    assert not is_in(browser_with(desk, old))


def test_a_token_that_the_browser_brought_is_never_taken_over(desk: Desk) -> None:
    planted = "mallory-knows-this-token"
    charlie = browser_with(desk, planted)

    sign_in(charlie, "charlie")

    assert planted != token(charlie)
    assert not is_in(browser_with(desk, planted))


def test_after_signing_out_the_old_token_is_dead(desk: Desk) -> None:
    charlie = desk.signed_in("charlie")
    old = token(charlie)

    answer = charlie.post("/desk/logout")

    assert (answer.status_code, answer.headers["Location"]) == (303, "/desk/login")
    assert charlie.get_cookie(cookies.PLAIN_NAME) is None
    assert not is_in(browser_with(desk, old))


def test_signing_out_is_no_link(desk: Desk) -> None:
    charlie = desk.signed_in("charlie")

    answer = charlie.get("/desk/logout")

    assert answer.status_code == 404
    assert is_in(charlie)


def test_a_new_password_ends_every_session(desk: Desk) -> None:
    charlie, elsewhere = desk.signed_in("charlie"), desk.signed_in("charlie")

    with desk.service.database.write() as db:
        staff.change_password(db, "charlie", "another long password")

    assert not is_in(charlie)
    assert not is_in(elsewhere)
    assert sign_in(desk.browser(), "charlie").status_code == 401
    assert sign_in(desk.browser(), "charlie", "another long password").status_code == 303


def test_a_removed_account_is_out_at_once(desk: Desk) -> None:
    bob = desk.signed_in("bob")

    with desk.service.database.write() as db:
        staff.remove(db, "bob")

    assert not is_in(bob)


def test_an_idle_session_ends_and_a_used_one_goes_on(desk: Desk) -> None:
    idle, used = desk.signed_in("charlie"), desk.signed_in("dora")
    hour = timedelta(hours=1)

    for _ in range(2):
        desk.clock.now += sessions.IDLE - hour
        assert is_in(used)

    assert not is_in(idle)


def test_even_a_used_session_ends_one_day(desk: Desk) -> None:
    charlie = desk.signed_in("charlie")
    end = desk.clock.now + sessions.LONGEST

    while desk.clock.now < end:
        assert is_in(charlie)
        desk.clock.now += sessions.IDLE / 2

    assert not is_in(charlie)


def test_the_first_account_is_made_once(desk: Desk) -> None:
    with desk.service.database.write() as db:
        for user in staff.listed(db):
            staff.remove(db, user.name)

    password = accounts.first_user(desk.service.database, "admin", desk.clock())

    assert password is not None
    assert sign_in(desk.browser(), "admin", password).status_code == 303
    assert accounts.first_user(desk.service.database, "admin", desk.clock()) is None


def test_where_there_is_an_account_no_other_is_made(desk: Desk) -> None:
    assert accounts.first_user(desk.service.database, "admin", desk.clock()) is None
