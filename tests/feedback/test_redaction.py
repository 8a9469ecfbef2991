"""What personal data looks like, and what only looks like it."""

from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback.personal_data import Kind
from feedback.redaction import LIMIT, Redacted, Status, redact
from tests.feedback.golden.made_up import MAKERS, SENTENCES

QUESTIONS = (Path(__file__).parent / "golden" / "questions.txt").read_text("utf-8").splitlines()
SAMPLE = 500
RECALL = 0.99


@pytest.mark.parametrize("kind", MAKERS)
def test_of_five_hundred_made_up_ones_nearly_all_are_masked(kind: Kind) -> None:
    random = Random(kind)  # noqa: S311 -- the same corpus on every run
    corpus = [random.choice(SENTENCES).replace("{}", MAKERS[kind](random)) for _ in range(SAMPLE)]

    missed = [text for text in corpus if kind not in redact(text).kinds]

    assert len(missed) <= (1 - RECALL) * SAMPLE, missed


@pytest.mark.parametrize("kind", [Kind.EMAIL, Kind.CARD, Kind.IBAN, Kind.ADDRESS, Kind.TOKEN])
def test_what_is_masked_is_masked_whole(kind: Kind) -> None:
    random = Random(f"whole {kind}")  # noqa: S311 -- the same corpus on every run
    data = [MAKERS[kind](random) for _ in range(SAMPLE)]

    left = {redact(f"See {one} please").text for one in data}

    expected = {f"See [{kind}] please", f"See Bearer [{kind}] please"}
    assert left <= expected, left - expected


@pytest.mark.parametrize("question", QUESTIONS)
def test_an_ordinary_question_stays_as_it_was(question: str) -> None:
    assert Redacted(question, frozenset()) == redact(question)


def test_there_are_two_hundred_ordinary_questions() -> None:
    assert len(set(QUESTIONS)) >= 200


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "I am alice@example.com, call 070-123 45 67.",
            "I am [e-mail], call [phone number].",
        ),
        ("It cost $20 4111-1111-1111-1111 paid it", "It cost $20 [card number] paid it"),
        ("4111 1111 1111 1111 12/27 123", "[card number] 12/27 123"),
        ("from 4111111111111111 to 5500005555555559", "from [card number] to [card number]"),
        ("DE89 3704 0044 0532 0130 00 is my IBAN", "[IBAN] is my IBAN"),
        ("ref AB12 DE89370400440532013000", "ref AB12 [IBAN]"),
        ("DE89370400440532013000, GB29NWBK60161331926819", "[IBAN], [IBAN]"),
        ("password: hunter, user bob", "password: [password], user bob"),
        ("Password: bob@example.com", "Password: [password]"),
        ("PIN 4711 is not working", "PIN [password] is not working"),
        ("https://bob:secret@example.com/x", "https://bob:[access token]@example.com/x"),
        ("mailto:bob@example.com?subject=x", "mailto:[e-mail]?subject=x"),
        ("ping 192.0.2.7:8080", "ping [IP address]:8080"),
        ("version 1.2.3.4 on 192.0.2.7", "version 1.2.3.4 on [IP address]"),
        ("order 0701234567, phone 0701234568", "order 0701234567, phone [phone number]"),
        ("on 01.02.2024 070-1234567 rang", "on 01.02.2024 [phone number] rang"),
        ("first line\r\n\tbob@example.com\r\n", "first line\r\n\t[e-mail]\r\n"),
        (
            "-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY----- x",
            "[access token] x",
        ),
    ],
)
def test_only_the_data_itself_is_masked(text: str, expected: str) -> None:
    assert expected == redact(text).text


@pytest.mark.parametrize(
    "text",
    [
        "4111 1111 1111 1112",  # Luhn says no
        "9111 1111 1111 1111",  # of no issuer
        "GB29 NWBK 6016 1331 9268 18",  # mod 97 says no
        "XX29 NWBK 6016 1331 9268 19",  # of no country
        "DE89 3704 0044",  # too short
        "300.1.2.3",
        "1.2.3.4.5",
        "12:34:56:78",
        "::",
        "bob@example",
        "@bob",
        "sk_live_",
        "eyJ.eyJ",
    ],
)
def test_what_fails_its_check_stays(text: str) -> None:
    assert redact(text).status is Status.CLEAN


def test_all_kinds_of_a_text_are_told() -> None:
    redacted = redact("alice@example.com 4111 1111 1111 1111")

    assert Redacted("[e-mail] [card number]", frozenset({Kind.EMAIL, Kind.CARD})) == redacted
    assert redacted.status is Status.SUSPECTED


def test_an_empty_text_is_clean() -> None:
    assert Redacted("", frozenset()) == redact("")
    assert redact("").status is Status.CLEAN


def test_a_text_of_exactly_the_limit_is_kept_whole() -> None:
    text = "word " * (LIMIT // 5)

    assert text == redact(text).text


def test_what_lies_beyond_the_limit_is_dropped() -> None:
    assert redact("word " * LIMIT).text == ("word " * (LIMIT // 5)).rstrip()


def test_a_word_that_the_cut_would_tear_is_dropped_whole() -> None:
    padding = "x" * (LIMIT - 10) + " "

    assert padding.rstrip() == redact(padding + "alice@example.com").text


def test_a_text_without_a_space_is_cut_where_the_limit_is() -> None:
    assert redact("x" * 2 * LIMIT).text == "x" * LIMIT


WORST = {
    "letters before a sign": "a",
    "signs": "a@",
    "domains without an end": "a@a.",
    "signs in brackets": "a [at] ",
    "digits": "1",
    "single digits": "1 ",
    "zeros": "0-1",
    "account numbers": "DE00",
    "words for a password": "password a ",
    "spaces after a password": "password" + " " * 300,
    "colons": "a:",
    "octets": "1.1.",
    "tokens without an end": "eyJ-",
    "keys without an end": "-----BEGIN ",
    "pluses": "+1 ",
    "brackets": "(0",
    "addresses without a host": "://a:",
}


@pytest.mark.parametrize("piece", WORST.values(), ids=WORST)
def test_the_worst_of_texts_are_read_to_their_end(piece: str) -> None:
    text = (piece * LIMIT)[: LIMIT - 18] + " alice@example.com"

    assert redact(text).text.endswith("[e-mail]")


@settings(deadline=None)
@given(st.text(max_size=300))
def test_any_text_is_taken_and_a_second_time_changes_nothing(text: str) -> None:
    once = redact(text)

    assert once.text == redact(once.text).text
    assert (once.text == text) or once.kinds


@settings(deadline=None)
@given(
    st.lists(st.sampled_from(["@", ".", "+", "(", ")", "-", " ", ":", "0", "4", "a", "PIN", "="]))
)
def test_any_row_of_signs_is_taken(pieces: list[str]) -> None:
    text = "".join(pieces)

    redacted = redact(text)

    assert (redacted.status is Status.CLEAN) == (redacted.text == text)
