"""Letters over a real mail server: encrypted, tried again, refused without naming anybody."""

import socket
import ssl
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from answerloop.deliveries.errors import GiveUp, NoSuchAddress, TryLater
from answerloop.deliveries.smtp import Letter, Post
from answerloop.outward import MailSettings
from tests.letters import post_office
from tests.letters.post_office import PostOffice, text

WRITTEN = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
ALICE = "alice@example.org"
LETTER = Letter(
    id="confirm.0123",
    to=ALICE,
    subject="Bitte bestätigen Sie Ihre Adresse",
    text="Guten Tag,\n\n" + "https://help.example.com/f/" + "x" * 70 + "\n\nGrüße\n",
    lang="de",
    written=WRITTEN,
)


def settings(office: PostOffice, **changes: object) -> MailSettings:
    named: dict[str, object] = {
        "host": "127.0.0.1",
        "port": office.port,
        "tls": "none",
        "sender": "help@example.com",
        "timeout": 5.0,
    }
    return MailSettings(**(named | changes))  # type: ignore[arg-type]  # the fields of MailSettings


def letter(**changes: object) -> Letter:
    named = {name: getattr(LETTER, name) for name in Letter.__slots__}
    return Letter(**(named | changes))


def test_a_letter_arrives_as_it_was_written() -> None:
    with post_office.opened() as office:
        Post(settings(office), "Alder & Finch, Help").send(LETTER)

    (arrived,) = office.letters
    assert office.envelopes == [("help@example.com", [ALICE])]
    assert arrived["Subject"] == LETTER.subject
    assert arrived["From"] == '"Alder & Finch, Help" <help@example.com>'
    assert arrived["To"] == ALICE
    assert arrived["Date"].datetime == WRITTEN
    assert arrived["Message-ID"] == "<confirm.0123@example.com>"
    assert arrived["Auto-Submitted"] == "auto-generated"
    assert arrived["Content-Language"] == "de"
    assert arrived.get_content_type() == "text/plain"
    assert text(arrived) == LETTER.text


def test_a_letter_needs_nothing_but_seven_bits_and_short_lines() -> None:
    with post_office.opened() as office:
        Post(settings(office), "Hjälp").send(LETTER)

    (raw,) = office.raw
    assert raw.isascii()
    assert max(map(len, raw.split(b"\r\n"))) <= 78
    assert b"\n" not in raw.replace(b"\r\n", b"")


@pytest.mark.parametrize(
    "payload",
    [
        "Hello\r\nBcc: mallory@example.net",
        "Hello\nBcc: mallory@example.net",
        "Hello\rBcc: mallory@example.net",
        "Hello\u2028Bcc: mallory@example.net",
        "Hello\x85Bcc: mallory@example.net",
        "Hello\x0bBcc: mallory@example.net\x00",
        "Hello\r\n\r\nA body of its own",
        "=?utf-8?q?Hello=0d=0aBcc:_mallory=40example.net?=",
        "x" * 2_000 + "\nBcc: mallory@example.net",
    ],
)
def test_no_title_and_no_name_becomes_a_header(payload: str) -> None:
    with post_office.opened() as office:
        Post(settings(office), payload).send(letter(subject=payload))

    (arrived,) = office.letters
    assert office.envelopes == [("help@example.com", [ALICE])]
    assert "Bcc" not in arrived
    assert len(arrived.keys()) == len(set(arrived.keys())) == 10
    assert text(arrived) == LETTER.text


def test_a_line_of_one_dot_does_not_end_a_letter() -> None:
    with post_office.opened() as office:
        Post(settings(office), "Help").send(letter(text="One\n.\nRSET\n"))

    assert [text(one) for one in office.letters] == ["One\n.\nRSET\n"]


def test_by_starttls_nothing_is_said_before_it_is_encrypted(tmp_path: Path) -> None:
    server, client = post_office.certificates(tmp_path)
    with post_office.opened(tls_context=server, require_starttls=True) as office:
        post = Post(
            settings(office, tls="starttls", user="help", password="a password"), "Help", client
        )
        post.send(LETTER)

    assert (office.was_encrypted, office.users) == ([True], ["help"])


def test_by_tls_the_first_byte_is_encrypted(tmp_path: Path) -> None:
    server, client = post_office.certificates(tmp_path)
    with post_office.opened(wrap=server) as office:
        Post(settings(office, tls="tls"), "Help", client).send(LETTER)

    assert len(office.letters) == 1


def test_a_server_without_starttls_gets_no_letter_in_the_clear() -> None:
    with post_office.opened() as office, pytest.raises(TryLater, match="cannot do"):
        Post(settings(office, tls="starttls"), "Help").send(LETTER)

    assert office.attempts == 0


@pytest.mark.parametrize("tls", ["starttls", "tls"])
def test_a_server_whose_certificate_is_not_believed_gets_no_letter(
    tmp_path: Path, tls: str
) -> None:
    server, _ = post_office.certificates(tmp_path)
    options = {"wrap": server} if tls == "tls" else {"tls_context": server}
    with post_office.opened(**options) as office:
        post = Post(settings(office, tls=tls), "Help", ssl.create_default_context())
        with pytest.raises(TryLater, match="not safely reached: self"):
            post.send(LETTER)

    assert office.attempts == 0


def test_a_wrong_password_is_tried_again_for_the_operator_may_mend_it(tmp_path: Path) -> None:
    server, client = post_office.certificates(tmp_path)
    with post_office.opened(tls_context=server) as office:
        post = Post(settings(office, tls="starttls", user="help", password="old"), "Help", client)
        with pytest.raises(TryLater, match="user or password were refused") as caught:
            post.send(LETTER)

    assert "old" not in str(caught.value)


@pytest.mark.parametrize(
    ("said", "error"),
    [
        ("450 4.2.1 ADDRESS is busy", TryLater),
        ("451 greylisted ADDRESS", TryLater),
        ("550 5.1.1 ADDRESS: no such user", NoSuchAddress),
        ("550 5.7.1 relaying ADDRESS denied", GiveUp),
        ("550 ADDRESS unknown", GiveUp),
    ],
)
def test_why_a_receiver_was_refused_is_told_without_the_address(
    said: str, error: type[Exception]
) -> None:
    with post_office.opened() as office:
        office.at_receiver.append(said)
        with pytest.raises(error) as caught:
            Post(settings(office), "Help").send(LETTER)

    assert type(caught.value) is error
    assert str(caught.value).startswith(f"The address was refused ({said[:3]}")
    assert "alice" not in str(caught.value)
    assert caught.value.__cause__ is None


@pytest.mark.parametrize(
    ("said", "error"), [("452 4.3.1 full", TryLater), ("554 5.7.1 spam to alice", GiveUp)]
)
def test_a_letter_that_is_refused_whole_says_the_codes(said: str, error: type[Exception]) -> None:
    with post_office.opened() as office:
        office.at_letter.append(said)
        with pytest.raises(error, match=r"The letter was refused \(\d+ \d\.\d\.\d\)\.") as caught:
            Post(settings(office), "Help").send(LETTER)

    assert "alice" not in str(caught.value)


def test_a_sender_that_is_refused_is_tried_again_for_the_operator_may_mend_it() -> None:
    with post_office.opened() as office:
        office.at_sender.append("550 5.7.1 not yours")
        with pytest.raises(TryLater, match=r"mail\.sender was refused \(550\)"):
            Post(settings(office), "Help").send(LETTER)


def test_a_server_that_is_away_is_tried_again() -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as nobody:
        port = nobody.getsockname()[1]

    with pytest.raises(TryLater, match=rf"127\.0\.0\.1:{port}: the mail server is not reached"):
        Post(settings(PostOffice(port=port)), "Help").send(LETTER)


def test_a_server_that_says_nothing_is_left_after_the_timeout() -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as silent:
        office = PostOffice(port=silent.getsockname()[1])
        with pytest.raises(TryLater, match="not reached"):
            Post(settings(office, timeout=1.0), "Help").send(LETTER)


def test_a_password_does_not_stand_in_what_is_printed_of_the_settings() -> None:
    assert "a password" not in repr(MailSettings(password="a password"))


def test_the_date_is_that_of_the_first_attempt() -> None:
    with post_office.opened() as office:
        post = Post(settings(office), "Help")
        for _ in range(2):
            post.send(LETTER)

    assert {one["Date"].datetime for one in office.letters} == {WRITTEN}
    assert len({one["Message-ID"] for one in office.letters}) == 1
