"""The search in a frame of a helpdesk: only there, only this page, and honest about sessions."""

import threading
from collections.abc import Iterator
from contextlib import closing
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from answerloop import settings as configuration
from answerloop.web.service import Service
from tests import applications
from tests.answerloop.builders import WORDS_ONLY
from tests.desk.desk import Clock, Desk, sign_in

SIDEBAR = "/desk/sidebar?q=parcel"


class Helpdesk(BaseHTTPRequestHandler):
    """A page that frames whatever its path names."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(f"<iframe src='{self.path[1:]}' width=400></iframe>".encode())

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def helpdesk() -> Iterator[str]:
    """The origin of a helpdesk, which is another site than the desk's."""
    server = HTTPServer(("127.0.0.1", 0), Helpdesk)
    thread = threading.Thread(target=server.serve_forever, args=[0.05])
    thread.start()
    yield f"http://localhost:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def service(root: Path, clock: Clock, helpdesk: str) -> Iterator[Service]:
    file = root / "kb.toml"
    text = file.read_text(encoding="utf-8")
    file.unlink()  # it is shared with other tests
    file.write_text(f'{text}\n[desk]\nframed_by = ["{helpdesk}"]\n', encoding="utf-8")
    with closing(Service.open(configuration.load(root, WORDS_ONLY), clock)) as service:
        yield service


@pytest.fixture
def desk(service: Service, clock: Clock) -> Desk:
    return Desk(applications.around(service), service, clock)


def test_only_the_sidebar_may_be_framed_and_only_by_who_is_named(desk: Desk, helpdesk: str) -> None:
    bob = desk.signed_in("bob")

    policies = {
        path: bob.get(path).headers["Content-Security-Policy"].partition("frame-ancestors")[2]
        for path in (SIDEBAR, "/desk/", "/desk/queue", "/desk/find/en/refund", "/desk/login")
    }

    assert policies.pop(SIDEBAR) == f" {helpdesk}"
    assert set(policies.values()) == {" 'none'"}


def test_without_a_session_the_sidebar_says_what_to_do_and_shows_nothing(desk: Desk) -> None:
    answer = desk.browser().get(SIDEBAR)

    assert answer.status_code == 401
    assert "You are not signed in here" in answer.text
    assert 'href="/desk/login?next=/desk/sidebar?q%3Dparcel"' in answer.text
    assert "parcel-late" not in answer.text


def test_over_tls_the_session_is_sent_in_frames_and_nowhere_without_tls(desk: Desk) -> None:
    secure = desk.browser().post(
        "/desk/login",
        data={"name": "bob", "password": "a long enough password"},
        base_url="https://localhost",
    )
    plain = sign_in(desk.browser(), "bob")

    assert "SameSite=None" in secure.headers["Set-Cookie"]
    assert "Secure" in secure.headers["Set-Cookie"]
    assert "SameSite=Lax" in plain.headers["Set-Cookie"]


def test_a_helpdesk_frames_the_sidebar_and_no_other_page(
    browser: Browser, address: str, helpdesk: str
) -> None:
    page = browser.new_page()
    page.goto(f"{helpdesk}/{address}{SIDEBAR}")
    frame = page.frame_locator("iframe")
    expect(frame.get_by_role("heading", name="You are not signed in here")).to_be_visible(
        timeout=20_000
    )
    page.goto(f"{helpdesk}/{address}/desk/login")
    refused = page.frames[1]
    refused.wait_for_url("chrome-error://chromewebdata/")
    page.close()

    assert refused.url == "chrome-error://chromewebdata/"
