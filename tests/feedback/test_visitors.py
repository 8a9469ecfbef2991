"""Who is one visitor, who are two, and that nobody can be recognised afterwards."""

import logging
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback.visitors import Salts
from tests.feedback.visits import DAY, NOON, identify


def test_the_same_visitor_is_known_again_on_the_same_day(tmp_path: Path) -> None:
    salts = Salts(tmp_path)

    morning = identify(salts, NOON.replace(hour=0))
    night = identify(salts, NOON.replace(hour=23, minute=59))

    assert morning == night


def test_yesterdays_hash_finds_yesterdays_vote(tmp_path: Path) -> None:
    salts = Salts(tmp_path)
    yesterday = identify(salts, NOON - DAY)

    today = identify(salts, NOON)

    assert (yesterday.today, yesterday.network) == (today.yesterday, today.previous_network)
    assert yesterday.today != today.today
    assert yesterday.network != today.network


def test_the_first_day_has_no_yesterday(tmp_path: Path) -> None:
    visitor = identify(Salts(tmp_path))

    assert visitor.yesterday is None
    assert visitor.previous_network is None


def test_after_a_day_without_a_visitor_nothing_links_back(tmp_path: Path) -> None:
    salts = Salts(tmp_path)
    identify(salts, NOON - 2 * DAY)

    visitor = identify(salts, NOON)

    assert visitor.yesterday is None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"address": "192.0.2.7"}, {"address": "192.0.2.8"}),
        ({"address": "2001:db8:0:1::5"}, {"address": "2001:db8:0:2::5"}),
        ({"browser": "Firefox"}, {"browser": "Chromium"}),
        ({"language": "sv"}, {"language": "de"}),
        ({"site": "help.example.org"}, {"site": "help.example.com"}),
        ({"device": ""}, {"device": "c0ffee"}),
        ({"device": "c0ffee"}, {"device": "decaf0"}),
        (
            {"device": "c0ffee", "site": "help.example.org"},
            {"device": "c0ffee", "site": "help.example.com"},
        ),
        ({"browser": "ab", "language": "c"}, {"browser": "a", "language": "bc"}),
        ({"browser": 'a", "b'}, {"browser": "a", "language": "b"}),
    ],
)
def test_two_visitors_are_two(tmp_path: Path, one: dict[str, str], other: dict[str, str]) -> None:
    salts = Salts(tmp_path)

    assert identify(salts, **one).today != identify(salts, **other).today  # type: ignore[arg-type] # all are texts


def test_a_browser_with_an_id_is_one_visitor_in_every_network(tmp_path: Path) -> None:
    salts = Salts(tmp_path)

    home = identify(salts, address="192.0.2.7", language="sv", device="c0ffee")
    train = identify(salts, address="2001:db8::1", browser="Firefox 2", device="c0ffee")

    assert home.today == train.today
    assert home.network != train.network


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("192.0.2.7", " 192.0.2.7 "),
        ("192.0.2.7", "::ffff:192.0.2.7"),
        ("192.0.2.7", "::ffff:c000:207"),
        ("2001:db8:0:1::5", "2001:0DB8:0000:0001:ffff:ffff:ffff:ffff"),
        ("fe80::1%eth0", "fe80::2"),
    ],
)
def test_two_spellings_of_one_host_are_one_visitor(tmp_path: Path, one: str, other: str) -> None:
    salts = Salts(tmp_path)

    assert identify(salts, address=one) == identify(salts, address=other)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("192.0.2.7", "192.0.2.200", True),
        ("192.0.2.7", "192.0.3.7", False),
        ("192.0.2.7", "::ffff:192.0.2.9", True),
        ("2001:db8:7:1::5", "2001:db8:7:2::5", True),
        ("2001:db8:7:1::5", "2001:db8:8:1::5", False),
        ("", "unix:", True),
        ("", "192.0.2.7", False),
    ],
)
def test_a_network_is_24_bits_of_an_old_address_and_48_of_a_new_one(
    tmp_path: Path, one: str, other: str, *, same: bool
) -> None:
    salts = Salts(tmp_path)

    networks = {identify(salts, address=one).network, identify(salts, address=other).network}

    assert same == (len(networks) == 1)


@settings(deadline=None)
@given(address=st.text(), browser=st.text(), site=st.text())
def test_whatever_a_request_carries_there_is_an_answer(
    address: str, browser: str, site: str
) -> None:
    logging.disable()
    visitor = identify(Salts(Path("/nonexistent")), address=address, browser=browser, site=site)
    logging.disable(logging.NOTSET)

    assert len(bytes.fromhex(visitor.today)) == 16
    assert len(bytes.fromhex(visitor.network)) == 16


def test_headers_of_bytes_that_are_no_text_are_taken(tmp_path: Path) -> None:
    visitor = identify(Salts(tmp_path), browser="\udcff\x00")

    assert len(visitor.today) == 32


def test_the_address_is_neither_returned_nor_written(tmp_path: Path) -> None:
    visitor = identify(Salts(tmp_path), address="192.0.2.77")

    everything = repr(visitor) + "".join(path.read_text() for path in tmp_path.iterdir())

    assert "192.0.2" not in everything
    assert "c000024d" not in everything
