"""The same articles, templates, scripts and styles with the builders that may follow MkDocs.

What a builder cannot do is asserted, too, so that the manual's list of it stays true.
"""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.answerloop.builders import page, write
from tests.answerloop.markup import elements
from tests.ways_out import bridge

ARTICLE = "/en/payment/payment-3ds-failed/"
CONTENTS = {
    "en/index.md": "# How can we help?\n",
    "de/index.md": "# Wie können wir helfen?\n",
    "en/payment/old.md": "---\nid: old\nstate: archived\n---\n# Old\n",
    "en/payment/raw.md": "# Raw\n\n<script>planted()</script>\n",
}
OF_THE_PLUGIN: set[tuple[str, str]] = {("a", "kb-anchor")}
"""What it makes of an article after its Markdown is HTML; asserted below."""


@dataclass(frozen=True, slots=True)
class Built:
    """The pages that MkDocs made of a repository, and where the source for Zensical lies."""

    root: Path
    site: Path
    source: Path


def run(folder: Path, *arguments: str) -> None:
    """Run a builder of this environment."""
    finished = subprocess.run(  # noqa: S603 -- a program of this environment
        [sys.executable, "-m", *arguments],
        cwd=folder,
        env=os.environ | {"NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert finished.returncode == 0, finished.stderr[-2000:]


@pytest.fixture(scope="module")
def built(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Built:
    """A part of the shipped articles; the hook writes the source for Zensical beside the pages."""
    place = tmp_path_factory.mktemp("ways-out")
    for folder in ("en/payment", "de/zahlung"):
        shutil.copytree(root / "kb" / folder, place / "kb" / folder)
    write(place / "kb", CONTENTS)
    settings = (root / "mkdocs.yml").read_text(encoding="utf-8")
    hook = Path(bridge.__file__).as_posix()
    write(place, {"mkdocs.yml": settings, "hooked.yml": f"{settings}hooks: [{hook}]\n"})
    run(place, "mkdocs", "build", "--quiet", "--config-file", "hooked.yml")
    return Built(place, place / "site", place / "zensical")


@pytest.fixture(scope="module")
def by_zensical(built: Built) -> Path:
    run(built.source, "zensical", "build")
    return built.source / "site"


def files(site: Path) -> dict[str, bytes]:
    found = (file for file in site.rglob("*") if file.is_file())
    return {file.relative_to(site).as_posix(): file.read_bytes() for file in found}


def pages(site: Path) -> set[str]:
    return {name for name in files(site) if name.endswith(".html")}


def test_properdocs_makes_the_same_files_byte_for_byte(built: Built) -> None:
    run(built.root, "properdocs", "build", "--quiet", "-f", "mkdocs.yml", "-d", "proper")

    assert files(built.site) == files(built.root / "proper")


def test_zensical_makes_every_page_but_those_that_only_the_plugin_knows(
    built: Built, by_zensical: Path
) -> None:
    missing = pages(built.site) - pages(by_zensical)

    assert missing == {"en/404.html", "de/404.html", "en/payment/old/index.html"}
    assert pages(by_zensical) <= pages(built.site)


@pytest.mark.parametrize("url", ["/", "/en/", "/de/zahlung/", "/en/search/", ARTICLE])
def test_a_page_of_zensical_has_our_forms_fields_and_scripts(
    built: Built, by_zensical: Path, url: str
) -> None:
    assert ours(page(built.site, url)) == ours(page(by_zensical, url))


def ours(html: str) -> set[tuple[str, str]]:
    """What our templates put into a page: forms and fields, scripts, parts by their class."""
    forms = {(each.tag, each["action"].lstrip("./")) for each in elements(html, "form")}
    fields = {(each["name"], each["value"]) for each in elements(html, "input")}
    scripts = {
        ("script", each["src"].partition("?")[0].lstrip("./")) for each in elements(html, "script")
    }
    parts = {(each.tag, name) for each in elements(html) for name in each["class"].split()}
    return (
        forms
        | fields
        | {each for each in scripts if "assets/answerloop" in each[1]}
        | {each for each in parts if each[1].startswith("kb-")} - OF_THE_PLUGIN
    )


def test_our_scripts_run_on_a_page_of_zensical(by_zensical: Path, browser: Browser) -> None:
    faults: list[str] = []
    with browser.new_context() as context:
        opened = context.new_page()
        opened.on("pageerror", lambda error: faults.append(str(error)))
        opened.goto((by_zensical / ARTICLE.strip("/") / "index.html").as_uri())
        opened.keyboard.press("/")
        expect(opened.get_by_role("combobox")).to_be_focused()
        opened.get_by_role("button", name="No", exact=True).click()

        expect(opened.get_by_label("Anything to add?")).to_be_visible()
        assert faults == []


def test_what_the_plugin_makes_of_an_article_is_missing_with_zensical(
    built: Built, by_zensical: Path
) -> None:
    made_by_mkdocs, made_by_zensical = page(built.site, ARTICLE), page(by_zensical, ARTICLE)

    for mark in ("data-kb-anchor", "?v="):
        assert (mark in made_by_mkdocs, mark in made_by_zensical) == (True, False)
    # Nobody takes out what could run: only trusted authors may write for such a site.
    raw = "/en/payment/raw/"
    assert "planted()" not in page(built.site, raw)
    assert "planted()" in page(by_zensical, raw)
