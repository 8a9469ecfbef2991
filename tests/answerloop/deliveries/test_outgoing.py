"""No request leaves for an address that must not be reached, or lasts longer than its limits."""

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import httpcore
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from answerloop.deliveries import addresses
from answerloop.deliveries.errors import DeliveryError, GiveUp, TryLater
from answerloop.deliveries.outgoing import Answer, Client, Limits, Request
from tests.answerloop.deliveries import receivers
from tests.answerloop.deliveries.receivers import HERE, Receiver, Reply

NOW = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
PUBLIC = "93.184.215.14"

FORBIDDEN = (
    *("127.0.0.1", "127.8.9.1", "0.0.0.0", "10.0.0.1", "172.16.0.1", "192.168.1.1"),  # noqa: S104 -- to be refused
    *("169.254.169.254", "100.64.0.1", "192.0.0.8", "192.0.0.170", "198.18.0.1", "192.88.99.1"),
    *("224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255"),
    *("::1", "::", "fe80::1", "fe80::1%1", "fc00::1", "fd12::1", "fec0::1", "ff02::1", "5f00::1"),
    *("::ffff:127.0.0.1", "::ffff:169.254.169.254", "::127.0.0.1", "::ffff:0:127.0.0.1"),
    *("64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::7f00:1", "2002:7f00:1::1"),
    *("2002:a9fe:a9fe::", "2001:0:7f00:1::", "2001:db8::1", "3fff::1", "100::1", "no address"),
)
SPELLINGS = (
    *("127.1", "127.0.1", "2130706433", "0x7f000001", "0x7f.1", "0177.0.0.1", "017700000001"),
    *("localhost", "[::1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[0:0:0:0:0:0:0:1]"),
    *("0", "0.0.0.0", "127.0.0.1.", "169.254.169.254", "[fe80::1]", "[64:ff9b::7f00:1]"),  # noqa: S104 -- to be refused
    *("[2002:7f00:1::]", "\uff11\uff12\uff17.0.0.1", "user@127.0.0.1", "127.0.0.1#@example.com"),
)


class Lines(httpcore.NetworkBackend):
    """Notes to whom a connection was asked for, and makes none."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def connect_tcp(self, host: str, *_: Any, **__: Any) -> httpcore.NetworkStream:
        self.asked.append(host)
        raise httpcore.ConnectError("nobody there")


def get(url: str) -> Request:
    return Request("GET", url, {})


@pytest.mark.parametrize("address", FORBIDDEN)
def test_an_address_that_is_not_public_is_refused(address: str) -> None:
    assert not addresses.is_allowed(address, ())


@pytest.mark.parametrize(
    "address", [PUBLIC, "2606:2800:21f:cb07::1", "::ffff:93.184.215.14", "64:ff9b::5db8:d70e"]
)
def test_a_public_address_is_let_through(address: str) -> None:
    assert addresses.is_allowed(address, ())


def test_a_private_network_that_is_named_is_let_through_and_no_other() -> None:
    named = (ip_network("10.1.0.0/16"), ip_network("fd00:1::/32"))

    assert addresses.is_allowed("10.1.2.3", named)
    assert addresses.is_allowed("::ffff:10.1.2.3", named)
    assert addresses.is_allowed("fd00:1::5", named)
    assert not addresses.is_allowed("10.2.0.1", named)


@pytest.mark.parametrize("host", SPELLINGS)
def test_no_spelling_of_a_forbidden_address_is_connected_to(host: str) -> None:
    lines = Lines()

    with pytest.raises(DeliveryError):
        Client(network=lines).send(get(f"http://{host}/"))

    assert lines.asked == []


@pytest.mark.parametrize("found", [[PUBLIC, "127.0.0.1"], ["169.254.169.254", PUBLIC], []])
def test_one_forbidden_address_among_several_forbids_them_all(found: list[str]) -> None:
    lines = Lines()

    with pytest.raises(TryLater):
        Client(resolve=lambda _host, _port: found, network=lines).send(get("http://a.example/"))

    assert lines.asked == []


def test_a_name_that_changes_its_meaning_is_resolved_once() -> None:
    lines = Lines()
    answers = iter([[PUBLIC], ["127.0.0.1"], ["127.0.0.1"]])
    client = Client(resolve=lambda _host, _port: next(answers), network=lines)

    with pytest.raises(TryLater, match="nobody there"):
        client.send(get("http://rebinding.example/"))

    assert lines.asked == [PUBLIC]


def test_a_name_that_later_leads_to_this_machine_reaches_nothing() -> None:
    with receivers.serve() as inside:
        answers = iter([[PUBLIC], ["127.0.0.1"]])
        client = Client(resolve=lambda _host, _port: next(answers), network=Lines())
        with pytest.raises(TryLater):
            client.send(get(f"http://rebinding.example:{inside.port}/"))
        with pytest.raises(TryLater, match="not public"):
            Client(resolve=lambda _host, _port: next(answers)).send(
                get(f"http://rebinding.example:{inside.port}/")
            )

    assert inside.connections == 0


def test_a_redirect_is_an_answer_and_leads_nowhere() -> None:
    with receivers.serve() as metadata:
        moved = Reply(302, {"Location": f"http://127.0.0.1:{metadata.port}/latest/meta-data/"})
        with receivers.serve(lambda _: moved) as receiver:
            answer = receivers.client().send(get(receiver.url))

    assert (answer.status, metadata.connections) == (302, 0)


def test_no_proxy_of_the_environment_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    with receivers.serve() as proxy, receivers.serve() as receiver:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, proxy.url)
        receivers.client().send(get(receiver.url))

    assert (proxy.connections, receiver.connections) == (0, 1)


def test_a_request_arrives_as_it_was_sent() -> None:
    with receivers.serve(lambda _: Reply(201, {"X-Name": "value"}, b"words")) as receiver:
        sent = Request("POST", f"{receiver.url}/a%20b?c=d", {"X-Mine": "1"}, b"body")
        answer = receivers.client().send(sent)

    (received,) = receiver.received
    assert (received.method, received.path, received.body) == ("POST", "/a%20b?c=d", b"body")
    assert (received.headers["x-mine"], received.headers["host"]) == ("1", receiver.url[7:])
    assert (answer.status, answer.headers["x-name"], answer.body) == (201, "value", b"words")


def test_the_next_address_is_tried_where_nobody_answers() -> None:
    with receivers.serve() as receiver:
        client = Client(HERE, resolve=lambda _host, _port: ["127.0.0.2", "127.0.0.1"])
        answer = client.send(get(f"http://several.example:{receiver.port}/"))

    assert answer.status == 200


@contextmanager
def dripping(first: bytes) -> Iterator[int]:
    """A server that begins an answer and then says a byte now and again for ever."""
    ended = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def drip() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.recv(65536)
                connection.sendall(first)
                while not ended.wait(0.02):
                    try:
                        connection.sendall(b"x")
                    except OSError:
                        return

        thread = threading.Thread(target=drip, daemon=True)
        thread.start()
        yield int(listener.getsockname()[1])
        ended.set()
        thread.join(10)


@pytest.mark.parametrize("first", [b"HTTP/1.1 200 OK\r\nX-Long: ", b"HTTP/1.1 200 OK\r\n\r\n"])
def test_an_answer_that_drips_is_cut_off(first: bytes) -> None:
    client = Client(HERE, Limits(seconds=0.3))

    with dripping(first) as port, pytest.raises(TryLater, match=r"no answer in 0\.3 seconds"):
        client.send(get(f"http://127.0.0.1:{port}/"))


def test_an_answer_that_is_too_long_is_cut_off() -> None:
    client = Client(HERE, Limits(bytes=10_000))

    with (
        receivers.serve(lambda _: Reply(body=b"x" * 20_000)) as receiver,
        pytest.raises(TryLater, match="its answer is too long"),
    ):
        client.send(get(receiver.url))


def test_a_look_up_that_hangs_is_not_waited_for() -> None:
    ended = threading.Event()

    def hang(_host: str, _port: int) -> list[str]:
        ended.wait(30)
        return []

    with pytest.raises(TryLater, match="no answer"):
        Client(limits=Limits(seconds=0.1), resolve=hang).send(get("http://slow.example/"))
    ended.set()


@pytest.mark.parametrize("url", ["http://[::1", "http://a.example:port/"])
def test_a_malformed_address_is_given_up(url: str) -> None:
    with pytest.raises(GiveUp):
        Client().send(get(url))


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for hooks.example, with its key, that vouches for itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "hooks.example")])
    names = x509.SubjectAlternativeName([x509.DNSName("hooks.example")])
    today = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(today - timedelta(days=1))
        .not_valid_after(today + timedelta(days=1))
        .add_extension(names, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "hooks.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return path


@contextmanager
def over_tls(certificate: Path) -> Iterator[Receiver]:
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(certificate)
    with receivers.serve(tls=serving) as receiver:
        yield receiver


@pytest.mark.parametrize(
    ("host", "arrives"), [("hooks.example", True), ("somebody-else.example", False)]
)
def test_tls_verifies_the_name_though_the_address_is_connected_to(
    certificate: Path, host: str, *, arrives: bool
) -> None:
    trusting = ssl.create_default_context(cafile=str(certificate))
    client = Client(HERE, resolve=lambda _host, _port: ["127.0.0.1"], tls=trusting)

    with over_tls(certificate) as receiver:
        try:
            client.send(get(f"https://{host}:{receiver.port}/"))
        except TryLater as problem:
            assert "certificate" in str(problem)  # noqa: PT017 -- only where one is expected

    assert len(receiver.received) == arrives


def test_a_certificate_that_nobody_vouches_for_is_refused(certificate: Path) -> None:
    client = Client(HERE, resolve=lambda _host, _port: ["127.0.0.1"])

    with over_tls(certificate) as receiver, pytest.raises(TryLater, match="certificate"):
        client.send(get(f"https://hooks.example:{receiver.port}/"))

    assert receiver.received == []


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("120", 120),
        ("Mon, 04 May 2026 09:01:00 GMT", 60),
        ("Mon, 04 May 2026 08:00:00 GMT", 0),
        ("999999999", 86_400),
        ("soon", 0),
        ("", 0),
    ],
)
def test_a_receiver_says_when_to_come_back(said: str, seconds: int) -> None:
    answer = Answer(429, {"retry-after": said}, b"")

    assert answer.wait(NOW) == timedelta(seconds=seconds)
