"""Signing in and out: sessions, passwords, and those who guess them."""

import threading
from datetime import timedelta
from http.cookies import Morsel, SimpleCookie
from ipaddress import ip_network

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from answerloop.desk import accounts, arrival, cookies, paths
from answerloop.desk.signin import WRONG
from feedback import sessions, staff
from tests.desk.desk import PASSWORD, Desk, sign_in

MINUTE = timedelta(minutes=1)
HIDDEN_ELSEWHERE = (
    "https://evil.example",
    "https://evil.example/desk/queue",
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/desk/\\evil.example",
    "/desk//evil.example",
    "/desk/%5cevil.example",
    "/desk/%2f%2fevil.example",
    "/desk/..//evil.example",
    "/desk/../../evil.example",
    "/desk/%2e%2e/evil",
    "/%09/evil.example",
    "/\t/evil.example",
    "/desk/\tqueue",
    "/desk/\nqueue",
    "/desk/\r\nSet-Cookie: kb_session=mallory",
    "/desk/\x00",
    "/desk/ queue",
    " /desk/queue",
    "javascript:alert(1)",
    "data:text/html,evil",
    "desk/queue",
    "?next=/desk/queue",
    "/",
    "/en/returns/",
    "/desk",
    "/deskevil",
    "http:/desk/queue",
    "",
)


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


def test_an_unknown_name_and_a_wrong_password_are_answered_alike(desk: Desk) -> None:
    wrong = sign_in(desk.browser(), "charlie", "not the password")
    unknown = sign_in(desk.browser(), "mallory", "not the password")

    assert wrong.status_code == unknown.status_code == 401
    assert WRONG in wrong.text
    assert wrong.text.replace("charlie", "mallory") == unknown.text
    assert not wrong.headers.getlist("Set-Cookie")


def test_the_password_is_never_shown_again(desk: Desk) -> None:
    answer = sign_in(desk.browser(), "charlie", "almost my password")

    assert "almost my password" not in answer.text


@pytest.mark.parametrize("wanted", HIDDEN_ELSEWHERE, ids=repr)
def test_after_signing_in_nobody_is_led_out_of_the_desk(desk: Desk, wanted: str) -> None:
    answer = sign_in(desk.browser(), "charlie", next=wanted)

    assert (answer.status_code, answer.headers["Location"]) == (303, "/desk/")


@pytest.mark.parametrize(
    "wanted",
    ["/desk/queue", "/desk/items/12", "/desk/queue?owner=Billing%20team&lang=de", "/desk/"],
)
def test_after_signing_in_one_is_where_one_wanted_to_be(wanted: str) -> None:
    assert wanted == paths.own(wanted)


@pytest.mark.parametrize("wanted", HIDDEN_ELSEWHERE, ids=repr)
def test_the_form_itself_holds_no_way_out(desk: Desk, wanted: str) -> None:
    page = desk.browser().get("/desk/login", query_string={"next": wanted}).text

    assert '<input type="hidden" name="next" value="/desk/">' in page


def guess(desk: Desk, name: str, *, times: int, address: str = "198.51.100.7") -> TestResponse:
    client = desk.browser()
    client.environ_base["REMOTE_ADDR"] = address
    for _ in range(times - 1):
        sign_in(client, name, "a wrong guess")
    return sign_in(client, name, "a wrong guess")


def come_from(desk: Desk, address: str) -> FlaskClient:
    client = desk.browser()
    client.environ_base["REMOTE_ADDR"] = address
    return client


def test_after_five_failures_one_waits_even_with_the_right_password(desk: Desk) -> None:
    guess(desk, "charlie", times=5)

    answer = sign_in(come_from(desk, "198.51.100.9"), "charlie")

    assert answer.status_code == 429
    assert "Try again in 15 minutes" in answer.text
    assert 0 < int(answer.headers["Retry-After"]) <= 15 * 60 + 1


def test_the_account_is_not_locked_for_its_owner_elsewhere(desk: Desk) -> None:
    guess(desk, "charlie", times=20)

    answer = sign_in(come_from(desk, "203.0.113.5"), "charlie")

    assert answer.status_code == 303


def test_colleagues_in_the_same_office_are_not_slowed(desk: Desk) -> None:
    guess(desk, "charlie", times=6)

    answer = sign_in(come_from(desk, "198.51.100.7"), "dora")

    assert answer.status_code == 303


def test_after_a_quarter_of_an_hour_one_may_try_again(desk: Desk) -> None:
    guess(desk, "charlie", times=5)

    desk.clock.now += 15 * MINUTE

    assert sign_in(come_from(desk, "198.51.100.7"), "charlie").status_code == 303


def test_a_successful_sign_in_forgives_what_came_before(desk: Desk) -> None:
    client = come_from(desk, "198.51.100.7")
    guess(desk, "charlie", times=4)
    sign_in(client, "charlie")

    assert guess(desk, "charlie", times=4).status_code == 401


def test_names_tried_in_turn_slow_their_network_down(desk: Desk) -> None:
    answers = [guess(desk, f"name-{number}", times=1) for number in range(51)]

    assert {401} == {answer.status_code for answer in answers[:-1]}
    assert answers[-1].status_code == 429


def test_a_third_password_at_once_is_asked_to_come_again(desk: Desk) -> None:
    start = threading.Barrier(12)
    seen: list[TestResponse] = []

    def try_to_sign_in(number: int) -> None:
        client = come_from(desk, f"203.0.{number}.1")
        start.wait()
        seen.append(sign_in(client, "charlie"))

    threads = [threading.Thread(target=try_to_sign_in, args=[number]) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    busy = [answer for answer in seen if answer.status_code == 503]
    assert {303, 503} == {answer.status_code for answer in seen}
    assert all(answer.headers["Retry-After"] == "3" for answer in busy)
    assert all("Try again" in answer.text for answer in busy)


@pytest.mark.parametrize(
    ("peer", "forwarded", "expected"),
    [
        ("198.51.100.7", "", "198.51.100.0/24"),
        ("2001:db8:1:2::7", "", "2001:db8:1::/48"),
        ("::ffff:198.51.100.7", "", "198.51.100.0/24"),
        ("198.51.100.7", "203.0.113.5", "198.51.100.0/24"),
        ("127.0.0.1", "203.0.113.5", "203.0.113.0/24"),
        ("127.0.0.1", "192.0.2.1, 203.0.113.5", "203.0.113.0/24"),
        ("127.0.0.1", "203.0.113.5, 127.0.0.1", "203.0.113.0/24"),
        ("127.0.0.1", "who knows", "127.0.0.0/24"),
        ("", "", "unknown"),
    ],
)
def test_a_network_is_the_last_that_no_trusted_proxy_has(
    desk: Desk, peer: str, forwarded: str, expected: str
) -> None:
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    trusted = [ip_network("127.0.0.1/32")]

    with desk.app.test_request_context(
        "/", headers=headers, environ_base={"REMOTE_ADDR": peer}
    ) as context:
        assert expected == arrival.network(context.request, trusted)


@pytest.mark.parametrize(
    ("peer", "headers", "expected"),
    [
        ("127.0.0.1", {}, False),
        ("127.0.0.1", {"X-Forwarded-Proto": "https"}, True),
        ("127.0.0.1", {"X-Forwarded-Proto": "https, http"}, False),
        ("198.51.100.7", {"X-Forwarded-Proto": "https"}, False),
        ("198.51.100.7", {"Origin": "https://help.example.com"}, True),
        ("198.51.100.7", {"Origin": "http://help.example.com"}, False),
    ],
)
def test_only_a_trusted_proxy_or_the_browser_says_that_tls_was_spoken(
    desk: Desk, peer: str, headers: dict[str, str], *, expected: bool
) -> None:
    trusted = [ip_network("127.0.0.1/32")]

    with desk.app.test_request_context(
        "/", headers=headers, environ_base={"REMOTE_ADDR": peer}
    ) as context:
        assert expected is arrival.is_secure(context.request, trusted)


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
