"""What the usual extensions make stays as it is, byte for byte; what could run is taken out."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown import Markdown

from answerloop import catalog as catalogs
from answerloop import cleaning, settings
from answerloop.site import builder
from tests.answerloop.builders import WORDS_ONLY, built, page, repository, site_of
from tests.answerloop.markup import elements

EXTENSIONS: dict[str, dict[str, Any]] = {
    **{
        name: {}
        for name in (
            *("abbr", "admonition", "attr_list", "def_list", "footnotes", "md_in_html", "tables"),
            *("pymdownx.betterem", "pymdownx.caret", "pymdownx.mark", "pymdownx.tilde"),
            *("pymdownx.critic", "pymdownx.details", "pymdownx.inlinehilite", "pymdownx.keys"),
            *("pymdownx.smartsymbols", "pymdownx.superfences", "pymdownx.progressbar"),
            *("pymdownx.blocks.caption", "pymdownx.fancylists", "pymdownx.saneheaders"),
            *("pymdownx.magiclink",),
        )
    },
    "toc": {"permalink": True},
    "pymdownx.arithmatex": {"generic": True},
    "pymdownx.tabbed": {"alternate_style": True},
    "pymdownx.tasklist": {"custom_checkbox": True},
    "pymdownx.quotes": {"callouts": True},
    "pymdownx.highlight": {"anchor_linenums": True, "line_spans": "__span", "linenums": True},
}
ICON = (
    '<span class="twemoji"><svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24">'
    '<path d="M21 7 9 19l-5.5-5.5"/></svg></span>'
)


def test_what_the_extensions_make_is_left_as_it_is() -> None:
    source = (Path(__file__).parent / "every_extension.md").read_text(encoding="utf-8")
    converter = Markdown(extensions=list(EXTENSIONS), extension_configs=EXTENSIONS)
    html = converter.convert(source) + ICON

    assert cleaning.Clean(html) == cleaning.clean(html)
    assert {"input", "label", "details", "kbd", "svg", "table", "pre"} <= {
        element.tag for element in elements(html)
    }


def test_the_shipped_articles_are_left_as_they_are(root: Path) -> None:
    known = settings.load(root, WORDS_ONLY)
    renderer = builder.renderer(known)
    rendered = [renderer.html(article.body) for article in catalogs.load(known).articles]

    assert [html for html in rendered if cleaning.clean(html) != cleaning.Clean(html)] == []


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("<script>alert(1)</script>Text", "Text"),
        ("<p>a<style>p{}</style></p>", "<p>a</p>"),
        ("<IMG SRC=x OnError=alert(1)>", '<img src="x">'),
        ('<a href="java\tscript:alert(1)">x</a>', "<a>x</a>"),
        ('<a href="&#1;&#106;avascript:alert(1)">x</a>', "<a>x</a>"),
        ('<a href="data:text/html,x">x</a>', "<a>x</a>"),
        ('<p style="position:fixed">x</p>', "<p>x</p>"),
        ('<iframe src="https://x.example/"></iframe>', ""),
        ('<form action="/feedback"><input name="a"><button>x</button></form>', "x"),
        ('<p id="__config">{}</p>', "<p>{}</p>"),
        ('<p data-md-component="announce" data-x="1">x</p>', '<p data-x="1">x</p>'),
        ('<p data-kb-search="">x</p>', "<p>x</p>"),
        ("<p>x</p></div></article>", "<p>x</p>"),
        ("<div></div></div><div><p>x</p>", "<div></div><div><p>x</p></div>"),
        ("<!--><script>alert(1)</script>-->", "--&gt;"),
        ("<svg><animate onbegin=alert(1)></animate></svg>", "<svg></svg>"),
        ('<img src="https://x.example/a.png" alt="A">', "<a>"),
        ('<video src="//x.example/a.mp4"></video>', "<video></video>"),
        ('<img srcset="//x.example/a.png 2x" src="a.png">', '<img src="a.png">'),
    ],
)
def test_what_could_run_or_pose_as_the_site_is_taken_out(written: str, shown: str) -> None:
    if shown == "<a>":
        shown = '<a href="https://x.example/a.png" rel="noreferrer">A</a>'

    cleaned = cleaning.clean(written)

    assert shown == cleaned.html
    assert cleaning.clean(cleaned.html).html == cleaned.html


@pytest.mark.parametrize(
    "html",
    [
        "<!-- a note --><p>x</p>",
        '<p title="a > b">x &lt; y</p>',
        '<a href="mailto:a@b.example">x</a> <a href="/a#b">y</a> <a href="//x.example">z</a>',
        '<img src="data:image/png;base64,AA" alt="">',
        '<td style="text-align: right;">1</td>',
    ],
)
def test_what_is_harmless_stays(html: str) -> None:
    assert cleaning.Clean(html) == cleaning.clean(html)


PIECES = st.sampled_from(
    ["<", ">", '"', "'", "=", " ", "/", "!--", "--", "-->", "<p>", "</p>", "<a href=", "<script>",
     "</script>", "onclick", "javascript:", "x", "<svg>", "<img src=", "style", "&lt;", "\n"]
)  # fmt: skip


@given(st.lists(PIECES, max_size=14))
def test_nothing_that_is_kept_can_run(pieces: list[str]) -> None:
    for element in elements(cleaning.clean("".join(pieces)).html):
        assert element.tag not in ("script", "style", "iframe", "object")
        assert not [name for name in element.attributes if name.startswith("on")]
        assert not element["href"].startswith("javascript:")


RAW = '# A\n\n<iframe src="/x.html"></iframe>\n\n<b onclick="x()">bold</b>\n'


def test_authors_who_are_trusted_may_write_any_html(tmp_path: Path) -> None:
    known = repository(tmp_path, {"a.md": RAW}, kb_toml="[site]\ntrusted = true\n")

    html = page(site_of(known), "/a/")

    assert [e["src"] for e in elements(html, "iframe")] == ["/x.html"]
    assert [e["onclick"] for e in elements(html, "b")] == ["x()"]


def test_an_author_is_told_what_was_taken_out(tmp_path: Path) -> None:
    done = built(repository(tmp_path, {"a.md": RAW}))

    assert [e["onclick"] for e in elements(page(tmp_path / "site", "/a/"), "b")] == [""]
    assert any(w.startswith("a.md: HTML ") and "<iframe" in w for w in done.warnings)
