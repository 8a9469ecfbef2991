"""The feed of changes: valid Atom, of one language, the latest first."""

from pathlib import Path
from xml.etree import ElementTree as ET

from answerloop.machines import feed
from tests.answerloop.machines.world import BASE, public

ATOM = {"a": "http://www.w3.org/2005/Atom"}


def read(text: str) -> ET.Element:
    return ET.fromstring(text)  # noqa: S314  our own text


def texts(element: ET.Element, path: str) -> list[str]:
    return [found.text or "" for found in element.findall(path, ATOM)]


def test_feed_and_entries_have_all_that_the_format_requires(tmp_path: Path) -> None:
    root = read(feed.text(public(tmp_path), "en"))

    assert root.tag == "{http://www.w3.org/2005/Atom}feed"
    for element in (root, *root.findall("a:entry", ATOM)):
        for name in ("id", "title", "updated"):
            assert len(texts(element, f"a:{name}")) == 1
            assert texts(element, f"a:{name}") != [""]
    assert texts(root, "a:author/a:name") == ["Our <Help>"]
    own = [link.get("href") for link in root.findall("a:link[@rel='self']", ATOM)]
    assert own == texts(root, "a:id") == [f"{BASE}en/feed.xml"]


def test_the_latest_change_comes_first_and_says_what_it_was(tmp_path: Path) -> None:
    entries = read(feed.text(public(tmp_path), "en")).findall("a:entry", ATOM)

    assert [texts(entry, "a:title")[0] for entry in entries] == [
        "How do I get a refund?",
        "Print </script> a label",
    ]
    said = [texts(entry, "a:summary")[0] for entry in entries]
    assert said == [
        "Changed on 5 February 2026. Within 30 days, see the label & the form.",
        "New on 5 January 2026. Short.",
    ]
    kinds = [entry.find("a:category", ATOM) for entry in entries]
    assert [kind.get("term") for kind in kinds if kind is not None] == ["changed", "new"]


def test_an_entry_keeps_its_id_when_its_article_is_renamed(tmp_path: Path) -> None:
    entries = read(feed.text(public(tmp_path), "en")).findall("a:entry", ATOM)

    assert texts(entries[0], "a:id") == [f"{BASE}a/refund#en"]


def test_without_a_date_or_an_address_there_is_no_feed(tmp_path: Path) -> None:
    known = public(tmp_path / "1")

    assert feed.text(known, "de") == ""
    assert feed.text(public(tmp_path / "2", base=""), "en") == ""
