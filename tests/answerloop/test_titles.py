"""The file of titles that a browser searches while the service is away."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.answerloop.builders import holding, repository, site_of
from tests.answerloop.builders import with_front_matter as fm

SECRET = "planted sentence that nobody outside may read"
CONTENTS = {
    "en/orders/index.md": fm("title: Your orders"),
    "en/orders/refund.md": fm(
        "id: refund\ntitle: How do I get a refund?\nasked_as: [money back]",
        "Text of the article.\n\n## When it *takes* long\n\nMore text.\n",
    ),
    "en/orders/secret.md": fm(f"title: {SECRET}\naudience: internal", f"## {SECRET}\n"),
    "en/orders/draft.md": fm(f"title: {SECRET}\nstate: work-in-progress"),
    "en/orders/gone.md": fm(f"title: {SECRET}\nstate: archived"),
    "de/geld.md": fm("id: refund\ntitle: 'Wie bekomme ich <b>Geld</b> zurück?'"),
}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return site_of(repository(tmp_path_factory.mktemp("titles"), CONTENTS))


def titles(site: Path, lang: str) -> Any:
    return json.loads((site / lang / "search" / "titles.json").read_text(encoding="utf-8"))


def test_an_article_stands_with_its_title_wordings_headings_and_place(site: Path) -> None:
    written = titles(site, "en")

    (refund,) = [row for row in written["articles"] if row[0] == "en/orders/refund/"]
    headings = [["when-it-takes-long", "When it takes long"]]
    assert refund[1::2] == ["How do I get a refund?", ["money back"]]
    assert (written["trails"][refund[2]], refund[4]) == (["Your orders"], headings)


def test_each_language_has_its_own(site: Path) -> None:
    assert [row[1] for row in titles(site, "de")["articles"]] == [
        "Wie bekomme ich <b>Geld</b> zurück?"
    ]


def test_nothing_unpublished_and_no_text_of_an_article_is_in_it(site: Path) -> None:
    written = json.dumps([titles(site, lang) for lang in ("en", "de")])

    assert holding(site, SECRET) == []
    assert "secret" not in written
    assert "ext of the article" not in written
