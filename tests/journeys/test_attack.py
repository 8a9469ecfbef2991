"""What Mallory tries against the public addresses, one visitor or many, stays without effect."""

import resource
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Barrier

import httpx
import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy import create_engine, text

from tests import programs
from tests.journeys import shop
from tests.journeys.shop import Shop

ARTICLE = "exchange-item"
PAGE = "/en/returns/exchange-item/"
START = datetime(2026, 11, 9, 12, tzinfo=UTC)
OWN_PLACES = ("/a/refund-time", "/en", "/en/refund-policy", "/")


@dataclass(frozen=True, slots=True)
class Turned:
    """A shop behind a proxy on this machine, whose clock a test may turn."""

    shop: Shop
    clock: Path

    def vote(self, visitor: str, address: str, article: str = ARTICLE) -> str:
        """What became of a no by this browser, which the proxy says is at this address."""
        with self.shop.client() as client:
            answer = client.post(
                "/api/v1/votes",
                json=ballot(self.shop, article),
                headers={"User-Agent": visitor, "X-Forwarded-For": address},
            )
        return str(answer.json()["outcome"])


@pytest.fixture(scope="module")
def turned(built_shop: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Turned]:
    place = shop.copy_prepared(built_shop, tmp_path_factory.mktemp("behind-a-proxy"))
    with (place / "kb.toml").open("a", encoding="utf-8") as settings:
        settings.write('\n[server]\ntrusted_proxies = ["127.0.0.1/32"]\n')
        settings.write("[limits]\nvotes_per_minute = 100\nsearches_per_minute = 5\n")
    clock = place / "clock"
    clock.write_text(START.isoformat())
    with clocked(place, clock) as running:
        yield Turned(running, clock)


@contextmanager
def clocked(place: Path, clock: Path) -> Iterator[Shop]:
    """A service whose time stands in the file `clock`."""
    process = programs.start("benchmarks.clocked", str(place), str(clock))
    try:
        assert process.stdout is not None
        address, _, password = process.stdout.readline().strip().partition(" ")
        assert address, "the service did not start"
        yield Shop(place, address, password, process.pid)
    finally:
        process.terminate()
        process.communicate(timeout=30)


def ballot(at: Shop, article: str = ARTICLE) -> dict[str, object]:
    """A no to the English article, as its page would send it."""
    with at.client() as client:
        page = client.get(f"/a/{article}", headers={"Accept-Language": "en"}, follow_redirects=True)
    revision = page.text.split('name="kb:revision" content="')[1].split('"')[0]
    return {"article": article, "lang": "en", "revision": revision, "helpful": False}


def rows(at: Shop, table: str = "votes") -> int:
    engine = create_engine(f"sqlite:///{at.root / 'var' / 'kb.db'}")
    with engine.connect() as connection:
        count = connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one()  # noqa: S608 -- the tests' own names
    engine.dispose()
    return int(count)


def test_sixteen_votes_of_one_visitor_at_once_are_one_row(served_shop: Shop) -> None:
    vote = ballot(served_shop)

    for number in range(20):
        before, together = rows(served_shop), Barrier(16)

        def send(helpful: int, number: int = number, together: Barrier = together) -> int:
            with served_shop.client() as client:
                together.wait()
                answer = client.post(
                    "/api/v1/votes",
                    json=vote | {"helpful": helpful % 2 == 0},
                    headers={"User-Agent": f"racer {number}"},
                )
            return answer.status_code

        with ThreadPoolExecutor(16) as pool:
            codes = set(pool.map(send, range(16)))
        assert (codes, rows(served_shop) - before) == ({200}, 1)


def test_forged_addresses_do_not_make_one_network_many(served_shop: Shop) -> None:
    vote = ballot(served_shop, "lamp-bulb")

    with served_shop.client() as client:
        outcomes = [
            client.post(
                "/api/v1/votes",
                json=vote,
                headers={"User-Agent": f"browser {number}", "X-Forwarded-For": f"10.{number}.1.1"},
            ).json()["outcome"]
            for number in range(6)
        ]

    assert outcomes.count("counted") == 3


def test_behind_a_proxy_only_the_address_it_added_is_believed(turned: Turned) -> None:
    outcomes = [turned.vote(f"left {n}", f"10.{n}.1.1, 203.0.113.9") for n in range(6)]

    assert outcomes == ["counted"] * 3 + ["held"] * 3


def test_votes_held_yesterday_do_not_all_count_today(turned: Turned) -> None:
    for number in range(8):
        turned.vote(f"pupil {number}", "198.51.100.4", "lamp-flickers")

    turned.clock.write_text((START + timedelta(days=1)).isoformat())
    outcomes = [turned.vote(f"pupil {n}", "198.51.100.4", "lamp-flickers") for n in range(3, 8)]

    assert outcomes == ["counted"] * 3 + ["held"] * 2


def test_who_searches_without_end_is_told_when_to_come_again(turned: Turned) -> None:
    with turned.shop.client() as client:
        answers = [
            client.get(path, headers={"X-Forwarded-For": "198.51.100.77"})
            for path in ["/api/v1/search?q=refund", "/en/search/?q=refund"] * 4
        ]
        other = client.get("/api/v1/search?q=refund", headers={"X-Forwarded-For": "198.51.100.78"})
        page = client.get(PAGE, headers={"X-Forwarded-For": "198.51.100.77"})

    assert [answer.status_code for answer in answers] == [200] * 5 + [429] * 3
    assert {bool(answer.headers.get("Retry-After")) for answer in answers[5:]} == {True}
    assert (other.status_code, page.status_code) == (200, 200)


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "VOTE"])
def test_no_address_changes_anything_for_a_foreign_page(served_shop: Shop, method: str) -> None:
    vote, before = ballot(served_shop), rows(served_shop)
    foreign = {"Sec-Fetch-Site": "cross-site"}
    addresses = ("/", "/en/", "/feedback", "/api/v1/votes", "/a/refund-time", "/desk/login")

    with served_shop.client() as client:
        codes = {
            client.request(method, address, json=vote, headers=foreign).status_code
            for address in addresses
        }

    assert (codes, rows(served_shop)) == ({403}, before)


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example", "X-Forwarded-Host": "evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site", "Sec_Fetch_Site": "same-origin"},
        {"Sec-Fetch-Site": "same-origin, cross-site"},
    ],
)
def test_a_forged_or_broken_origin_is_a_foreign_one(
    served_shop: Shop, headers: dict[str, str]
) -> None:
    answer = httpx.post(
        f"{served_shop.address}/api/v1/votes", json=ballot(served_shop), headers=headers
    )

    assert answer.status_code == 403


@pytest.mark.parametrize(
    "path",
    [
        "/../catalog.json",
        "/%2e%2e/catalog.json",
        "/..%2fcatalog.json",
        "/..%5ccatalog.json",
        "/%252e%252e/catalog.json",
        "/en/%2e%2e/%2e%2e/%2e%2e/kb.db",
        "//etc/passwd",
        "/en/%00",
        "/assets/",
        "/" + "a" * 300,
        "/" + "a/" * 3000,
        "/" + "%2e%2e/" * 500 + "etc/passwd",
    ],
)
def test_no_path_leads_out_of_the_site_or_breaks_it(served_shop: Shop, path: str) -> None:
    answer = _raw(served_shop, f"GET {path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")

    assert answer.startswith(b"HTTP/1.1 404")
    assert b"This page does not exist" in answer


@pytest.mark.parametrize("start", OWN_PLACES)
@pytest.mark.parametrize("tail", ["?next=//evil.example", "?u=%0d%0aX-Evil:1", "?via=%0d%0aX"])
def test_a_redirect_stays_here_and_adds_no_header(served_shop: Shop, start: str, tail: str) -> None:
    forged = "Host: evil.example\r\nX-Forwarded-Host: evil.example\r\nX-Forwarded-Prefix: //evil"

    answer = _raw(
        served_shop, f"GET {start}{tail} HTTP/1.1\r\n{forged}\r\nConnection: close\r\n\r\n"
    )

    head = answer.partition(b"\r\n\r\n")[0].decode().splitlines()
    place = next(line for line in head if line.startswith("Location: "))
    assert place.startswith("Location: /")
    assert not place.startswith(("Location: //", "Location: /\\"))
    assert not any(line.startswith("X-Evil") for line in head)


def test_the_answer_to_a_form_tells_internal_ids_from_unknown_ones_by_nothing(
    served_shop: Shop,
) -> None:
    form = {"lang": "en", "revision": "0" * 12, "helpful": "yes"}

    with served_shop.client() as client:
        places = {
            client.post("/feedback", data=form | {"article": article}).headers["Location"]
            for article in ("difficult-customers", "no-such-article", "x" * 900)
        }

    assert places == {"/en/search/?voted=unknown-article&article=&helpful=yes&said=0"}


def test_a_form_too_large_is_answered_by_the_page_that_says_so(served_shop: Shop) -> None:
    with served_shop.client() as client:
        answer = client.post("/feedback", data={"comment": "x" * 40_000}, follow_redirects=True)

    assert answer.status_code == 413
    assert "the text is too long" in answer.text


def test_what_was_invented_about_the_way_leaves_no_row(served_shop: Shop) -> None:
    with served_shop.client() as client:
        client.get("/a/refund-time?via=reply")
        before = rows(served_shop, "links")
        for number in range(10):
            client.get(f"/a/refund-time?via={'abcdefghij'[number] * 5}")

    assert rows(served_shop, "links") - before <= 1  # the sum of all unknown ways


def test_a_thousand_silent_connections_keep_nobody_out(served_shop: Shop) -> None:
    silent = _silent_connections()

    with ExitStack() as held:
        port = int(served_shop.address.rpartition(":")[2])
        for _ in range(silent):
            held.enter_context(socket.create_connection(("127.0.0.1", port), timeout=5))
        with served_shop.client() as client:
            answer = client.get("/en/")

    assert answer.status_code == 200


def test_no_other_site_may_frame_the_buttons(served_shop: Shop) -> None:
    with served_shop.client() as client:
        answer = client.get(PAGE)

    assert answer.headers["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]


def test_a_double_click_is_one_answer(browser: Browser, served_shop: Shop) -> None:
    page = browser.new_context(base_url=served_shop.address, user_agent="Alice").new_page()
    sent: list[str] = []
    page.on("request", lambda asked: sent.append(asked.method))
    page.goto("/en/payment/payment-charged-twice/")

    page.get_by_role("button", name="Yes").dblclick()

    expect(page.get_by_role("status").filter(has_text="Your answer is counted")).to_be_visible()
    assert sent.count("POST") == 1


def _raw(at: Shop, sent: str) -> bytes:
    """The answer to exactly these bytes: a client library would mend the path."""
    port = int(at.address.rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(sent.encode("latin-1"))
        received = b""
        while part := connection.recv(65536):
            received += part
    return received


def _silent_connections() -> int:
    """A thousand, or as many as this process may open."""
    files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return min(1000, files - 200) if files > 0 else 1000
