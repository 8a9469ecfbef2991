"""All files for programs together: what they must never hold, and whose place they leave alone."""

import re
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from answerloop.machines import llms, opensearch, robots, servers, signposts, written
from answerloop.machines.servers import Server
from tests.answerloop.builders import with_front_matter as fm
from tests.answerloop.machines.world import BASE, SECRET, public
from tests.answerloop.markup import elements


def test_nothing_unpublished_is_told_to_programs(tmp_path: Path) -> None:
    files = dict(written.files(public(tmp_path)))

    told = "".join(files) + "".join(files.values())
    hidden = [SECRET, "secret", "draft", "cash please", "customer_name", "billing", "ourselves"]
    assert [word for word in hidden if word in told] == []
    assert "a/old/index.html" not in files


def test_two_runs_write_the_same(tmp_path: Path) -> None:
    runs = [list(written.files(public(tmp_path / number))) for number in ("1", "2")]

    assert runs[0] == runs[1]


def test_a_file_of_the_author_stays_as_it_is(tmp_path: Path) -> None:
    site = tmp_path / "site"
    site.mkdir()
    (site / "robots.txt").write_text("mine")
    (site / "x").write_text("a file where a folder would be")
    contents = {"a.md": fm(f"redirect_from: [/x/y/, /{'long' * 99}/, /é/ü/, /../etc/, /a%00b/]")}

    refused = written.write(public(tmp_path, contents), site)

    assert (site / "robots.txt").read_text() == "mine"
    assert (site / "é/ü/index.html").exists()
    assert not (tmp_path / "etc").exists()
    assert [said[:6] for said in refused] == ["/longl"]


def test_llms_txt_is_a_title_a_quotation_and_lists_of_links(tmp_path: Path) -> None:
    title, empty, quotation, *rest = llms.text(public(tmp_path)).split("\n")

    assert (title, empty, quotation[:2]) == ("# Our \\<Help\\>", "", "> ")
    assert [row for row in rest if row.startswith("#")] == [
        "## English: Orders & co",
        "## Deutsch: Bestellungen",
    ]
    links = [row for row in rest if row.startswith("- ")]
    assert all(re.fullmatch(r"- \[.+\]\(https://\S+/index\.md\)(?:: .+)?", row) for row in links)
    assert len(links) == 3


def test_opensearch_names_results_and_suggestions(tmp_path: Path) -> None:
    root = ET.fromstring(opensearch.text(public(tmp_path), "de"))  # noqa: S314  our own text

    space = {"o": "http://a9.com/-/spec/opensearch/1.1/"}
    assert [url.get("template") for url in root.findall("o:Url", space)] == [
        f"{BASE}de/search/?q={{searchTerms}}",
        f"{BASE}opensearch/suggestions?lang=de&q={{searchTerms}}",
    ]
    assert len(root.findtext("o:ShortName", "", space)) <= 16


def test_robots_may_not_ask_the_interface_below_a_folder_either(tmp_path: Path) -> None:
    text = robots.text(public(tmp_path, base="https://example.com/help/"))

    assert "Disallow: /help/api/\n" in text
    assert text.endswith("Sitemap: https://example.com/help/sitemap.xml\n")


def test_a_signpost_leads_on_without_a_script_and_names_the_languages(tmp_path: Path) -> None:
    page = dict(signposts.files(public(tmp_path)))["a/refund/index.html"]

    found = elements(page)
    links = [element["href"] for element in found if element.tag == "a"]
    assert links == ["/de/bestellungen/geld/", "/en/orders/refund/"]
    metas = {e["http-equiv"] or e["name"]: e["content"] for e in found if e.tag == "meta"}
    assert (metas["refresh"], metas["robots"]) == ("0; url=/en/orders/refund/", "noindex")
    [canonical] = [element["href"] for element in found if element["rel"] == "canonical"]
    assert canonical == f"{BASE}en/orders/refund/"
    assert [element for element in found if element.tag == "script"] == []


@pytest.mark.parametrize(
    ("server", "row"),
    [
        (Server.NGINX, '    "/help/Old \\"x\\"/" "/help/en/%C3%BC/";'),
        (Server.CADDY, '\t"/help/Old \\"x\\"/" "/help/en/%C3%BC/"'),
        (Server.NETLIFY, "/help/Old%20%22x%22 /help/en/%C3%BC/ 301!"),
    ],
)
def test_a_web_server_reads_old_addresses_in_its_own_form(server: Server, row: str) -> None:
    moved = {'/Old "x"/': "/en/ü/"}

    assert row in servers.text(moved, server, "https://example.com/help/").split("\n")


def test_nginx_is_not_told_one_address_in_two_spellings() -> None:
    text = servers.text({"/Old/": "/a/", "/old/": "/b/"}, Server.NGINX, "")

    assert text.lower().count('"/old/"') == 1
