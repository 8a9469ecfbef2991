"""What is written for agents reaches no reader, by whatever door."""

import json
from pathlib import Path

import pytest

from tests.journeys.shop import CANARY, Shop

WORDS = ("walnut drawer key", "walnut", "shift lead", CANARY)


def files_with(words: str, folder: Path) -> list[str]:
    return [
        str(file.relative_to(folder))
        for file in folder.rglob("*")
        if file.is_file() and words.encode() in file.read_bytes()
    ]


def test_the_planted_sentence_is_in_an_internal_article(root: Path) -> None:
    holding = [file for file in (root / "kb").rglob("*.md") if CANARY in file.read_text("utf-8")]

    assert [file.name for file in holding] == ["difficult-customers.md"]
    assert "audience: internal" in holding[0].read_text("utf-8")


def test_no_file_of_the_site_holds_the_planted_sentence(served_shop: Shop) -> None:
    site = served_shop.root / "site"

    assert files_with("walnut drawer", site.resolve()) == []
    assert files_with("Something arrived broken", site.resolve()) != []  # the search works


@pytest.mark.parametrize("words", WORDS)
def test_the_search_never_answers_with_internal_text(served_shop: Shop, words: str) -> None:
    with served_shop.client() as client:
        found = client.get("/api/v1/search", params={"q": words, "limit": 50}).json()
        page = client.get("/en/search/", params={"q": words}).text

    assert "difficult-customers" not in {hit["id"] for hit in found["results"]}
    assert "walnut" not in json.dumps(found["results"]).lower()
    # What was asked is repeated in the page, and offered as a question.
    assert "drawer key" not in page.replace(words, "")


def test_every_public_address_is_silent_about_internal_articles(served_shop: Shop) -> None:
    addresses = [
        "/a/difficult-customers",
        "/en/handbook/difficult-customers/",
        "/en/handbook/",
        "/handbook/difficult-customers",
        "/catalog.json",
        "/index/internal/",
        "/../catalog.json",
        "/llms.txt",
        "/api/v1/openapi.json",
        "/desk/queue",
    ]

    with served_shop.client() as client:
        answers = {address: client.get(address) for address in addresses}

    assert [a for a, answer in answers.items() if "walnut" in answer.text.lower()] == []
    assert [a for a, answer in answers.items() if "difficult-customers" in answer.text] == []
    assert {a for a, answer in answers.items() if answer.status_code == 200} == {
        "/llms.txt",
        "/api/v1/openapi.json",
    }


def test_an_internal_article_takes_no_public_vote(served_shop: Shop) -> None:
    vote = {"article": "difficult-customers", "lang": "en", "revision": "0" * 12, "helpful": True}

    with served_shop.client() as client:
        answer = client.post("/api/v1/votes", json=vote)

    assert answer.status_code == 404
    assert answer.json()["type"] == "/problems/unknown-article"
