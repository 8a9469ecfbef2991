"""Permalinks, old addresses and the files for programs, as the service answers them."""

import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient

from answerloop.cli import main
from answerloop.settings import Settings
from answerloop.web.service import Service
from tests import applications
from tests.answerloop.builders import NOW, built, page, repository
from tests.answerloop.builders import with_front_matter as fm
from tests.answerloop.machines.world import CONTENTS, SECRET
from tests.answerloop.markup import elements
from tests.answerloop.test_history import FIRST, commit, git


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    root = tmp_path_factory.mktemp("machines")
    git(root, "init", "--quiet", "--initial-branch", "main")
    more = {"en/a/b.md": fm("id: b\nredirect_from: [/before/, /a/former, /page.html]")}
    found = repository(
        root,
        {**CONTENTS, **more},
        kb_toml='[site]\nurl = "https://help.example.com/"\n[content]\nlanguages = ["en", "de"]\n',
    )
    commit(root, "Write", FIRST)
    built(found)
    return found


@pytest.fixture(scope="module")
def reader(known: Settings) -> Iterator[FlaskClient]:
    with closing(Service.open(known, lambda: NOW)) as service:
        yield applications.around(service).test_client()


@pytest.mark.parametrize(
    ("asked", "accepted", "leads_to"),
    [
        ("/a/refund", "de", "/de/bestellungen/geld/"),
        ("/a/refund/", "de-AT,en;q=0.5", "/de/bestellungen/geld/"),
        ("/a/refund", "fr", "/en/orders/refund/"),
        ("/a/refund?lang=de", "en", "/de/bestellungen/geld/"),
        ("/a/refund?lang=de_CH&via=reply", "en", "/de/bestellungen/geld/"),
        ("/a/refund?lang=fr&via=reply", "en", "/en/orders/refund/"),
    ],
)
def test_a_permalink_leads_to_the_readers_language_and_takes_no_query_along(
    reader: FlaskClient, asked: str, accepted: str, leads_to: str
) -> None:
    answer = reader.get(asked, headers={"Accept-Language": accepted})

    assert (answer.status_code, answer.headers["Location"]) == (302, leads_to)
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Accept-Language" in answer.headers["Vary"]


@pytest.mark.parametrize("name", ["secret", "draft", "gone"])
def test_no_permalink_tells_of_an_article_that_readers_cannot_see(
    reader: FlaskClient, name: str
) -> None:
    answer = reader.get(f"/a/{name}")

    assert (answer.status_code, SECRET in answer.text) == (404, False)


def test_the_permalink_of_an_archived_article_leads_to_its_notice(reader: FlaskClient) -> None:
    answer = reader.get("/a/old", follow_redirects=True)

    assert (answer.status_code, SECRET in answer.text) == (410, False)


@pytest.mark.parametrize("old", ["/before/", "/before", "/a/former", "/a/former/", "/page.html"])
def test_an_old_address_is_a_real_redirect_though_a_page_stands_there(
    reader: FlaskClient, old: str
) -> None:
    answer = reader.get(f"{old}?from=mail")

    assert (answer.status_code, answer.headers["Location"]) == (301, "/en/a/b/?from=mail")
    assert answer.headers["Cache-Control"] == "public, max-age=3600"


def test_a_page_at_the_address_of_a_permalink_is_shown(tmp_path: Path) -> None:
    known = repository(tmp_path, {"a/label.md": fm("id: x", "A page."), "b.md": fm("id: label")})
    built(known)

    with closing(Service.open(known, lambda: NOW)) as service:
        client = applications.around(service).test_client()
        answers = [client.get(f"/a/{name}", buffered=True) for name in ("label/", "x")]

    assert "A page." in answers[0].text
    assert answers[1].headers["Location"] == "/a/label/"


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/en/orders/refund/index.md", "text/markdown; charset=utf-8"),
        ("/en/feed.xml", "application/atom+xml; charset=utf-8"),
        ("/en/opensearch.xml", "application/opensearchdescription+xml; charset=utf-8"),
        ("/sitemap.xml", "application/xml; charset=utf-8"),
        ("/llms.txt", "text/plain; charset=utf-8"),
        ("/robots.txt", "text/plain; charset=utf-8"),
    ],
)
def test_a_file_for_programs_has_its_type_and_is_sent_once(
    reader: FlaskClient, path: str, kind: str
) -> None:
    first = reader.get(path, buffered=True)
    tag = {"If-None-Match": first.headers["ETag"]}
    again = reader.get(path, headers=tag, buffered=True)

    assert (first.status_code, first.headers["Content-Type"]) == (200, kind)
    assert first.headers["Cache-Control"] == "no-cache"
    assert again.status_code == 304


def test_a_browser_is_offered_titles_as_one_types(reader: FlaskClient) -> None:
    answer = reader.get("/opensearch/suggestions?lang=en&q=how do i")

    assert answer.headers["Content-Type"] == "application/x-suggestions+json; charset=utf-8"
    assert json.loads(answer.text) == ["how do i", ["How do I get a refund?"]]


def test_a_page_names_what_programs_may_read_instead(known: Settings) -> None:
    html = page(known.root / "site", "/en/orders/refund/")

    links = {
        (element["rel"].strip(), element["type"]): element["href"]
        for element in elements(html, "link")
    }
    assert links["alternate", "text/markdown"] == "index.md"
    assert links["alternate", "application/atom+xml"] == "../../feed.xml"
    assert links["search", "application/opensearchdescription+xml"] == "../../opensearch.xml"
    metas = {e["property"] or e["name"]: e["content"] for e in elements(html, "meta")}
    assert metas["og:title"] == "How do I get a refund?"
    assert metas["description"] == "Within 30 days, see the label & the form."
    assert "generator" not in metas
    [data] = [e for e in elements(html, "script") if e["type"] == "application/ld+json"]
    assert json.loads("".join(data.text))["@graph"][0]["@type"] == "FAQPage"


def test_the_results_page_is_for_no_search_engine(known: Settings) -> None:
    metas = elements(page(known.root / "site", "/en/search/"), "meta")

    assert "noindex" in [element["content"] for element in metas if element["name"] == "robots"]


def test_a_web_server_is_told_the_old_addresses(known: Settings) -> None:
    run = CliRunner().invoke(main, ["-C", str(known.root), "redirects"])

    assert run.exit_code == 0
    assert '    "/before/" "/en/a/b/";\n' in run.output


def test_before_the_first_build_there_are_no_old_addresses_to_tell(tmp_path: Path) -> None:
    repository(tmp_path, {"a.md": "A"})

    run = CliRunner().invoke(main, ["-C", str(tmp_path), "redirects"])

    assert (run.exit_code, "kb build" in run.output) == (1, True)
