"""The head of a page: data that says what the page is, and cannot end the element it stands in."""

import json
from pathlib import Path, PurePosixPath
from typing import Any

from answerloop.machines import head
from answerloop.machines.public import Public
from tests.answerloop.machines.world import BASE, public


def data(known: Public, path: str) -> list[dict[str, Any]]:
    article = known.catalog.by_path[PurePosixPath(path)]
    said = head.article_data(
        known, article, head.Said(known.html[article.path]), [("Orders", "/en/orders/")]
    )
    assert not {"<", ">"} & set(said)
    graph: list[dict[str, Any]] = json.loads(said)["@graph"]
    return graph


def test_a_question_with_its_answer(tmp_path: Path) -> None:
    question, trail = data(public(tmp_path), "en/orders/refund.md")

    assert question["@type"] == "FAQPage"
    [asked] = question["mainEntity"]
    assert asked["name"] == "How do I get a refund?"
    assert asked["acceptedAnswer"]["text"].startswith("Within 30 days, see the label & the form.")
    assert question["dateModified"] == "2026-02-05T12:00:00+00:00"
    assert [step["item"] for step in trail["itemListElement"]] == [
        f"{BASE}en/orders/",
        f"{BASE}en/orders/refund/",
    ]


def test_a_procedure_has_the_steps_of_its_first_numbered_list(tmp_path: Path) -> None:
    procedure, _ = data(public(tmp_path), "en/orders/label.md")

    assert (procedure["@type"], procedure["name"]) == ("HowTo", "Print </script> a label")
    steps = [step["text"] for step in procedure["step"]]
    assert steps == ["Open Orders.", "Press Print. on paper"]


def test_what_is_no_question_is_an_article(tmp_path: Path) -> None:
    known = public(tmp_path, {"a.md": "# One\n\nText.\n"})

    assert data(known, "a.md")[0]["@type"] == "Article"


def test_cards_name_no_picture_but_the_sites_own(tmp_path: Path) -> None:
    known = public(tmp_path)
    article = known.catalog.by_path[PurePosixPath("en/orders/refund.md")]

    def told(logo: str) -> dict[str, str]:
        said = head.told(
            known,
            lang="en",
            url=article.url,
            title=article.title,
            summary="Soon.",
            article=article,
            logo=logo,
        )
        properties: dict[str, str] = said["properties"]
        return properties

    assert "og:image" not in told("")
    assert told("logo.png")["og:image"] == f"{BASE}logo.png"
    assert told("")["og:url"] == f"{BASE}en/orders/refund/"
