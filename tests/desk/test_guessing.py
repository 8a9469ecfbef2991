"""Those who guess passwords are slowed, and nobody else is."""

import threading
from datetime import timedelta

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.desk.desk import Desk, sign_in

MINUTE = timedelta(minutes=1)


def test_an_unknown_name_and_a_wrong_password_are_answered_alike(desk: Desk) -> None:
    wrong = sign_in(desk.browser(), "charlie", "not the password")
    unknown = sign_in(desk.browser(), "mallory", "not the password")

    assert wrong.status_code == unknown.status_code == 401
    assert "The name or the password is wrong." in wrong.text
    assert wrong.text.replace("charlie", "mallory") == unknown.text
    assert not wrong.headers.getlist("Set-Cookie")


def test_the_password_is_never_shown_again(desk: Desk) -> None:
    answer = sign_in(desk.browser(), "charlie", "almost my password")

    assert "almost my password" not in answer.text


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
