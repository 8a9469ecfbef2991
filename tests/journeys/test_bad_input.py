"""What a careless or a hostile client sends gets an answer with the remedy, never a crash."""

import socket
from pathlib import Path

import pytest

from tests.journeys import shop
from tests.journeys.shop import Shop

PUBLIC = "refund-after-delivery"


def revision(served_shop: Shop) -> str:
    page = (served_shop.root / "site/en/returns/refund-after-delivery/index.html").read_text()
    return page.split('name="kb:revision" content="')[1].split('"')[0]


@pytest.mark.parametrize(
    ("vote", "status", "problem"),
    [
        ({"article": "no-such", "lang": "en", "revision": "x", "helpful": True}, 404, "article"),
        ({"article": PUBLIC, "lang": "en", "revision": "0" * 12, "helpful": True}, 409, "revision"),
        ({"article": PUBLIC, "lang": "en", "revision": "", "helpful": True}, 422, "revision"),
        ({"article": PUBLIC, "lang": "en", "revision": "x", "helpful": "maybe"}, 422, "helpful"),
        ({"lang": "en"}, 422, "article"),
    ],
)
def test_a_vote_that_cannot_be_is_refused_with_the_field_at_fault(
    served_shop: Shop, vote: dict[str, object], status: int, problem: str
) -> None:
    with served_shop.client() as client:
        answer = client.post("/api/v1/votes", json=vote)

    assert answer.status_code == status
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["field"] == problem
    assert answer.json()["remedy"]


def test_a_hundred_kilobytes_of_json_are_refused(served_shop: Shop) -> None:
    with served_shop.client() as client:
        answer = client.post("/api/v1/votes", json={"article": "x" * 100_000})

    assert answer.status_code == 413
    assert answer.json()["remedy"]


@pytest.mark.parametrize(
    "words", ["(" * 4, "word " * 5000, "*", '"', "title:x AND", "\x00", "ß" * 300]
)
def test_no_words_break_the_search(served_shop: Shop, words: str) -> None:
    with served_shop.client() as client:
        answer = client.get("/api/v1/search", params={"q": words})
        page = client.get("/en/search/", params={"q": words[:1500]})

    assert answer.status_code == 200
    assert page.status_code == 200


def test_a_page_of_another_site_cannot_vote(served_shop: Shop) -> None:
    vote = {"article": PUBLIC, "lang": "en", "revision": revision(served_shop), "helpful": False}

    with served_shop.client() as client:
        answers = [
            client.post("/api/v1/votes", json=vote, headers=headers).status_code
            for headers in (
                {"Sec-Fetch-Site": "cross-site"},
                {"Sec-Fetch-Site": "same-site"},
                {"Sec-Fetch-Site": "", "Origin": "https://evil.example"},
            )
        ]

    assert answers == [403, 403, 403]


def test_a_script_without_a_page_is_heard_but_not_counted(served_shop: Shop) -> None:
    vote = {"article": PUBLIC, "lang": "en", "revision": revision(served_shop), "helpful": False}

    with served_shop.client() as client:
        del client.headers["Sec-Fetch-Site"]
        client.headers["User-Agent"] = "script"
        answer = client.post("/api/v1/votes", json=vote)

    assert answer.json()["outcome"] == "held"


def test_a_port_in_use_is_said_in_one_line_with_the_remedy(
    built_shop: Path, tmp_path: Path
) -> None:
    place = shop.copy_built(built_shop, tmp_path / "place")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        done = shop.kb(place, "serve", "--port", str(port))

    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert f"127.0.0.1:{port}" in done.stderr
    assert "--port" in done.stderr
