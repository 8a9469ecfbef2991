"""The name that a proxy vouches for: believed of the proxies that are named, and of nobody else."""

import socket
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from waitress.server import create_server

from answerloop import settings as configuration
from answerloop.errors import SettingsError
from answerloop.web.service import Service
from feedback import audit, staff
from feedback.audit import Filter
from feedback.model import Way
from tests import applications
from tests.answerloop.builders import WORDS_ONLY
from tests.desk.desk import Clock, Desk, act

HEADER = "X-Remote-User"
PROXY = "10.1.2.3"
ENVIRONMENT = WORDS_ONLY | {
    "KB_SIGNIN_PROXY_HEADER": HEADER,
    "KB_TRUSTED_PROXIES": "10.1.2.0/24, 2001:db8::/64",
}


@pytest.fixture
def service(root: Path, clock: Clock) -> Iterator[Service]:
    with closing(Service.open(configuration.load(root, ENVIRONMENT), clock)) as service:
        yield service


def behind(desk: Desk, peer: str = PROXY) -> FlaskClient:
    client = desk.browser()
    client.environ_base["REMOTE_ADDR"] = peer
    return client


@contextmanager
def shipped(app: Flask) -> Iterator[int]:
    """The port of waitress, which serves the desk in earnest."""
    channels: dict[int, Any] = {}
    server = create_server(app, host="127.0.0.1", port=0, threads=2, map=channels)
    thread = threading.Thread(target=server.run)
    thread.start()
    yield server.effective_port

    def close() -> None:
        for channel in list(channels.values()):
            channel.close()

    server.trigger.pull_trigger(close)  # in the server's own thread, which then has nothing left
    thread.join(10)
    server.task_dispatcher.shutdown()


def ask(port: int, header: str) -> int:
    """The status of a page for admins, asked for with these very bytes."""
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        request = (
            f"GET /desk/audit HTTP/1.1\r\nHost: localhost\r\n{header}\r\nConnection: close\r\n\r\n"
        )
        connection.sendall(request.encode())
        return int(connection.makefile("rb").readline().split()[1])


def test_whom_the_proxy_names_is_signed_in_as_far_as_their_role_goes(desk: Desk) -> None:
    client = behind(desk)

    answers = [
        client.get(path, headers={HEADER: name}).status_code
        for name in ("bob", " Charlie ", "root")
        for path in ("/desk/queue", "/desk/deliveries", "/desk/audit")
    ]

    assert answers == [200, 403, 403, 200, 200, 403, 200, 200, 200]


@pytest.mark.parametrize(
    ("peer", "more"),
    [
        ("203.0.113.5", {}),
        ("127.0.0.1", {}),
        ("10.1.3.1", {}),
        ("203.0.113.5", {"X-Forwarded-For": PROXY}),
        ("203.0.113.5", {"X-Real-Ip": PROXY, "Forwarded": f"for={PROXY}"}),
        ("::1", {}),
        ("", {}),
    ],
)
def test_from_anybody_else_the_header_says_nothing(
    desk: Desk, peer: str, more: dict[str, str]
) -> None:
    answer = behind(desk, peer).get("/desk/queue", headers={HEADER: "root", **more})

    assert answer.status_code == 303
    assert "/desk/login" in answer.headers["Location"]


@pytest.mark.parametrize("peer", ["::ffff:10.1.2.3", "2001:db8::7"])
def test_a_proxy_is_known_however_its_address_is_written(desk: Desk, peer: str) -> None:
    assert behind(desk, peer).get("/desk/queue", headers={HEADER: "bob"}).status_code == 200


def test_a_header_that_names_two_is_refused(desk: Desk) -> None:
    client = behind(desk)

    joined = client.get("/desk/queue", headers={HEADER: "bob, root"})

    assert joined.status_code == 400


def test_other_spellings_of_the_header_and_two_of_it_open_nothing(root: Path, clock: Clock) -> None:
    """Over the server that is shipped: what reaches the desk is what it makes of the bytes."""
    here = ENVIRONMENT | {"KB_TRUSTED_PROXIES": "127.0.0.1/32"}
    sent = (
        "X-Remote-User: root", "X_Remote_User: root", "X-Remote_User: root", "X-Remote-User : root",
        "X-Remote-User: bob\r\nX-Remote-User: root", "X-Remote-User: bob\r\nX_Remote_User: root",
    )  # fmt: skip

    with (
        closing(Service.open(configuration.load(root, here), clock)) as service,
        shipped(applications.around(service)) as port,
    ):
        answers = {each: ask(port, each) for each in sent}

    assert answers == dict(zip(sent, (200, 303, 303, 400, 400, 403), strict=True))


def test_without_a_name_one_signs_in_as_usual(desk: Desk) -> None:
    assert behind(desk).get("/desk/queue").status_code == 303
    assert behind(desk).get("/desk/queue", headers={HEADER: ""}).status_code == 303


def test_a_name_without_an_account_opens_nothing(desk: Desk) -> None:
    with desk.service.database.write() as db:
        staff.deactivate(db, "dora", now=desk.clock())

    answers = [
        behind(desk).get("/desk/queue", headers={HEADER: name}).status_code
        for name in ("mallory", "dora", "../root", "x" * 999)
    ]

    assert answers == [403] * 4


def test_the_proxy_goes_before_a_cookie_that_somebody_left(desk: Desk) -> None:
    client = desk.signed_in("root")
    client.environ_base["REMOTE_ADDR"] = PROXY

    assert client.get("/desk/audit", headers={HEADER: "bob"}).status_code == 403


def test_where_the_proxy_signs_in_no_button_pretends_to_sign_out(desk: Desk) -> None:
    named = behind(desk).get("/desk/queue", headers={HEADER: "bob"}).text
    signed_in = desk.signed_in("bob").get("/desk/queue").text

    assert ("Sign out" in named, "Sign out" in signed_in) == (False, True)


def test_another_site_cannot_use_the_proxys_word(desk: Desk) -> None:
    item = desk.report()
    client = behind(desk)
    form = {"version": str(item.version), "text": "Asked."}

    foreign = client.post(
        f"/desk/items/{item.id}/note",
        data=form,
        headers={HEADER: "charlie", "Sec-Fetch-Site": "cross-site"},
    )

    assert foreign.status_code == 403
    assert desk.find(item) == item


def test_what_they_do_is_on_record(desk: Desk) -> None:
    item = desk.report()
    client = behind(desk)
    client.environ_base["HTTP_X_REMOTE_USER"] = "charlie"

    act(client, item, "note", "Asked.")

    with desk.service.database.read() as db:
        (line,) = audit.listed(db, Filter())
    assert (line.who, line.way, line.act) == ("charlie", Way.PROXY, "note")


def test_a_header_without_a_proxy_does_not_start(root: Path, clock: Clock) -> None:
    with pytest.raises(SettingsError, match=r"`server.trusted_proxies` must name"):
        configuration.load(root, WORDS_ONLY | {"KB_SIGNIN_PROXY_HEADER": HEADER})


@pytest.mark.parametrize("network", ["0.0.0.0/0", "::/0"])
def test_a_proxy_that_may_be_anybody_does_not_start(root: Path, network: str) -> None:
    with pytest.raises(SettingsError, match="this one is everybody"):
        configuration.load(root, ENVIRONMENT | {"KB_TRUSTED_PROXIES": network})
