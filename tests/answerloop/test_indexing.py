"""From an article and its HTML to what the search knows of it."""

from pathlib import Path

import pytest

from answerloop import indexing
from answerloop.rendering import Renderer
from search.documents import Section
from tests.answerloop.builders import article, loaded, with_front_matter


def texts(html: str, title: str = "") -> list[tuple[str, str, str]]:
    return [(s.heading, s.anchor, s.text) for s in indexing.sections(html, title)]


def test_a_section_begins_at_each_heading_with_its_anchor() -> None:
    html = '<p>Intro.</p><h2 id="cost">Cost</h2><p>Free.</p><h3 id="vat">VAT</h3><p>19 %.</p>'

    assert texts(html) == [("", "", "Intro."), ("Cost", "cost", "Free."), ("VAT", "vat", "19 %.")]


def test_a_first_heading_that_repeats_the_title_is_no_section() -> None:
    html = '<h1 id="refunds">Refunds</h1><p>Intro.</p><h2 id="a">A</h2><p>Text.</p>'

    assert texts(html, "refunds") == [("", "", "Intro."), ("A", "a", "Text.")]


def test_a_later_heading_that_repeats_the_title_keeps_its_anchor() -> None:
    html = '<p>Intro.</p><h2 id="a">A</h2><p>Text.</p><h2 id="refunds">Refunds</h2><p>More.</p>'

    assert texts(html, "Refunds")[-1] == ("Refunds", "refunds", "More.")


def test_a_heading_without_text_below_is_a_section() -> None:
    assert texts('<h2 id="a">A</h2><h2 id="b">B</h2><p>Text.</p>') == [
        ("A", "a", ""),
        ("B", "b", "Text."),
    ]


def test_an_article_without_a_heading_is_one_section() -> None:
    assert texts("<p>Only text.</p>") == [("", "", "Only text.")]


@pytest.mark.parametrize("html", ["", "   ", "<p></p>", "<script>x()</script>"])
def test_an_article_without_words_has_no_section(html: str) -> None:
    assert texts(html) == []


def test_the_mark_beside_a_heading_is_left_out() -> None:
    html = '<h2 id="a">Cost<a class="headerlink" href="#a" title="Link">&para;</a></h2><p>Free.</p>'

    assert texts(html) == [("Cost", "a", "Free.")]


@pytest.mark.parametrize("tag", ["script", "style", "template", "svg"])
def test_what_nobody_reads_is_left_out(tag: str) -> None:
    assert texts(f"<p>One <{tag}>hidden</{tag}> two.</p>") == [("", "", "One two.")]


def test_a_picture_speaks_through_its_description() -> None:
    html = '<p>Press<img alt="the green button" src="a.png">twice.</p><img src="b.png">'

    assert texts(html) == [("", "", "Press the green button twice.")]


def test_blocks_are_kept_apart_and_inline_marks_are_not() -> None:
    html = (
        "<ul><li>One</li><li>Two</li></ul><p>Thr<b>ee</b><br>four</p><pre><code>five</code></pre>"
    )

    assert texts(html) == [("", "", "One Two Three four five")]


def test_the_cells_of_a_table_are_kept_apart() -> None:
    html = "<table><tr><td>Standard</td><td>3 days</td></tr></table>"

    assert texts(html) == [("", "", "Standard · 3 days")]


def test_entities_become_letters() -> None:
    assert texts("<p>Fish &amp; chips &lt;now&gt;</p>") == [("", "", "Fish & chips <now>")]


def test_broken_html_loses_no_words() -> None:
    found = texts("<p>One <b>two<h2>three <h2 id='x'>four")

    assert " ".join(" ".join(part) for part in found).replace("x", "").split() == [
        "One",
        "two",
        "three",
        "four",
    ]


def test_a_document_says_what_the_article_says(tmp_path: Path) -> None:
    source = with_front_matter(
        "id: refund\ntitle: Refunds\nkind: problem\ntags: [money]\nasked_as: [money back]"
    )
    found = article(source, "orders/refund.md")

    document = indexing.document(
        found, (Section("", "", "Text."),), {"/orders/refund/": ("Orders",)}, "2026-11-03"
    )

    assert (
        document.id,
        document.lang,
        document.title,
        document.url,
        document.asked_as,
        document.tags,
    ) == ("refund", "en", "Refunds", "/orders/refund/", ("money back",), ("money",))
    assert (("Orders",), (Section("", "", "Text."),), "problem", "2026-11-03") == (
        document.breadcrumbs,
        document.sections,
        document.kind,
        document.updated,
    )


def test_an_article_without_a_page_has_no_address() -> None:
    found = article(with_front_matter("audience: internal"))

    assert indexing.document(found, (), {}, None).url == ""


def test_breadcrumbs_are_the_categories_above_a_page(tmp_path: Path) -> None:
    catalog = loaded(
        tmp_path,
        {
            "index.md": "",
            "start.md": "",
            "orders/index.md": with_front_matter("title: Your orders"),
            "orders/change.md": "",
            "orders/returns/label.md": "",
            "account.md": "",
            "account/password.md": "",
        },
    )

    trails = indexing.breadcrumbs(catalog)

    assert dict(trails) == {
        "/start/": (),
        "/orders/": (),
        "/orders/change/": ("Your orders",),
        "/orders/returns/": ("Your orders",),
        "/orders/returns/label/": ("Your orders", "Returns"),
        "/account/": (),
        "/account/password/": ("Account",),
    }


def test_markdown_is_rendered_with_the_extensions_of_the_site() -> None:
    renderer = Renderer(["toc", "tables"], {"toc": {"permalink": True}})

    html = renderer.html("## Cost\n\n| a | b |\n|---|---|\n| 1 | 2 |\n")

    assert texts(html) == [("Cost", "cost", "a · b · 1 · 2")]


def test_anchors_of_one_article_do_not_depend_on_the_one_before() -> None:
    renderer = Renderer(["toc"], {})

    assert renderer.html("## Cost\n") == renderer.html("## Cost\n")
