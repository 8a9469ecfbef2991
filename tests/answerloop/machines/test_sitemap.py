"""The sitemap: every public page, when it changed, and in which languages it stands."""

from pathlib import Path
from xml.etree import ElementTree as ET

from answerloop.machines import sitemap
from tests.answerloop.machines.world import BASE, public

SPACES = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}


def rows(text: str, path: str) -> list[str]:
    return [found.text or "" for found in ET.fromstring(text).findall(path, SPACES)]  # noqa: S314  our own text


def test_it_lists_every_public_page_and_no_other(tmp_path: Path) -> None:
    [(name, text)] = sitemap.files(public(tmp_path))

    expected = ["", "de/", "de/bestellungen/", "de/bestellungen/geld/", "en/", "en/orders/"]
    expected += ["en/orders/label/", "en/orders/refund/"]
    assert name == "sitemap.xml"
    assert rows(text, "s:url/s:loc") == [BASE + path for path in expected]


def test_a_list_changed_when_an_article_in_it_did(tmp_path: Path) -> None:
    [(_, text)] = sitemap.files(public(tmp_path))

    expected = ["2026-02-05T12:00:00+00:00"] * 2
    expected += ["2026-01-05T12:00:00+00:00", "2026-02-05T12:00:00+00:00"]
    assert rows(text, "s:url/s:lastmod") == expected


def test_a_page_names_its_languages_itself_included(tmp_path: Path) -> None:
    [(_, text)] = sitemap.files(public(tmp_path))

    links = ET.fromstring(text).findall("s:url/x:link", SPACES)  # noqa: S314  our own text
    named = [(link.get("hreflang"), link.get("href")) for link in links]
    refund = [
        ("de", f"{BASE}de/bestellungen/geld/"),
        ("en", f"{BASE}en/orders/refund/"),
        ("x-default", f"{BASE}en/orders/refund/"),
    ]
    assert named[-3:] == refund
    assert named[:3] == [("de", f"{BASE}de/"), ("en", f"{BASE}en/"), ("x-default", BASE)]


def test_too_many_pages_make_an_index_of_several_files(tmp_path: Path) -> None:
    files = dict(sitemap.files(public(tmp_path), most=3))

    assert sorted(files) == ["sitemap-1.xml", "sitemap-2.xml", "sitemap-3.xml", "sitemap.xml"]
    listed = rows(files["sitemap.xml"], "s:sitemap/s:loc")
    assert listed == [f"{BASE}sitemap-{number}.xml" for number in (1, 2, 3)]
    assert [len(rows(files[f"sitemap-{n}.xml"], "s:url")) for n in (1, 2, 3)] == [3, 3, 2]


def test_without_a_public_address_there_is_none(tmp_path: Path) -> None:
    assert list(sitemap.files(public(tmp_path, base=""))) == []
