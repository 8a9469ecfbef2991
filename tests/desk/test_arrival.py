"""Which network a request came from, and whether the browser speaks TLS."""

from ipaddress import ip_network

import pytest

from answerloop.desk import arrival
from tests.desk.desk import Desk


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
