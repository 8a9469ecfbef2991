"""A build refuses what would have a reader's browser ask another host."""

from pathlib import Path

import pytest

from answerloop import catalog as catalogs
from answerloop.errors import ContentError, SettingsError
from answerloop.inspection import hosts
from answerloop.inspection.hosts import Allowed
from tests.answerloop.builders import MKDOCS_YML, repository, site_of

OWN = Allowed(("https://cdn.example.com",), "help.example.com")


def refused(tmp_path: Path, text: str, name: str = "x/index.html") -> list[str]:
    catalog = catalogs.load(repository(tmp_path, {}))
    return [str(finding) for finding in hosts.foreign(name, text, OWN, catalog)]


@pytest.mark.parametrize(
    "text",
    [
        '<script src="https://x.example/a.js"></script>',
        "<script src=//x.example/a.js></script>",
        '<link rel="stylesheet" href="https://x.example/a.css">',
        '<link href="https://x.example/a.css" rel="preconnect">',
        "<img alt='a' src='http://x.example/a.png'>",
        '<img srcset="a.png 1x, https://x.example/a.png 2x" src="a.png">',
        '<video poster="https://x.example/a.png"></video>',
        '<iframe src="https://x.example/"></iframe>',
        '<object data="https://x.example/a.svg"></object>',
        '<form action="https://x.example/"></form>',
        "<style>@import 'https://x.example/a.css';</style>",
        '<p style="background: url(https://x.example/a.png)">x</p>',
        '<svg><use xlink:href="https://x.example/a.svg#a"/></svg>',
        '<img src="https://cdn.example.com.x.example/a.png">',
        '<IMG\nSRC = "HTTPS://x.example/a.png">',
    ],
)
def test_what_a_page_would_fetch_is_refused(tmp_path: Path, text: str) -> None:
    found = refused(tmp_path, f"<p>\n{text}")

    assert len(found) == 1
    assert found[0].startswith(("site/x/index.html:2: error: ", "site/x/index.html:3: error: "))
    assert 'foreign_hosts = ["https://' in found[0]


@pytest.mark.parametrize(
    "text",
    [
        '<a href="https://x.example/">x</a>',
        '<link rel="canonical" href="https://x.example/">',
        '<link rel="alternate " hreflang="de" href="https://x.example/de/">',
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">',
        '<img src="/a.png"><img src="a//b.png">',
        '<img src="https://help.example.com/a.png"><script src="https://cdn.example.com/a.js">',
        "<p>See https://x.example/ and src=https://x.example/</p>",
        '<meta name="x" content="https://x.example/">',
    ],
)
def test_what_is_only_named_or_allowed_is_not(tmp_path: Path, text: str) -> None:
    assert refused(tmp_path, text) == []


def test_a_style_sheet_is_read_too(tmp_path: Path) -> None:
    text = 'a{}\n@import "//x.example/a.css";\nb{background:url( "https://y.example/z.png" )}'

    assert len(refused(tmp_path, text, "own.css")) == 2


TRUSTED = "[site]\ntrusted = true\n"


def test_the_article_and_the_line_are_named(tmp_path: Path) -> None:
    known = repository(
        tmp_path,
        {"a.md": "---\nid: a\n---\n# A\n\n![x](https://x.example/a.png)\n"},
        kb_toml=TRUSTED,
    )

    with pytest.raises(ContentError, match=r"^a\.md:6: error: https://x\.example/a\.png would be"):
        site_of(known)

    assert not (tmp_path / "site").exists()


def test_a_script_of_the_site_itself_is_fine_and_one_from_elsewhere_is_not(tmp_path: Path) -> None:
    own = MKDOCS_YML + "extra_javascript: [own.js]\nextra_css: [own.css]\n"
    files = {"a.md": "# A\n", "own.js": "", "own.css": ""}
    fine = site_of(repository(tmp_path / "own", files, mkdocs_yml=own))
    foreign = own.replace("own.js", "https://x.example/own.js")

    assert 'src="../own.js"' in (fine / "a/index.html").read_text(encoding="utf-8")
    with pytest.raises(ContentError, match=r"https://x\.example/own\.js would be asked"):
        site_of(repository(tmp_path / "foreign", files, mkdocs_yml=foreign))


def test_a_host_that_the_operator_allows_is_in_the_policy(tmp_path: Path) -> None:
    known = repository(
        tmp_path,
        {"a.md": "![x](https://x.example/a.png)"},
        kb_toml=TRUSTED + 'foreign_hosts = ["https://x.example"]\n',
    )

    site = site_of(known)

    assert "https://x.example" in (site.parent / "policy.json").read_text(encoding="utf-8")


@pytest.mark.parametrize("host", ["x.example", "https://x.example/path", "https://x y", "'self'"])
def test_an_allowed_host_is_an_origin(tmp_path: Path, host: str) -> None:
    with pytest.raises(SettingsError, match="foreign_hosts"):
        repository(tmp_path, {}, kb_toml=f'[site]\nforeign_hosts = ["{host}"]\n')
