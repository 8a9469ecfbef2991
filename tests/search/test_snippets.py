"""The excerpt shows where an article answers, and can hold no markup but marks."""

import html
import re

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st

from search import analysed, cutting, gathering, languages, passages, query
from search.documents import Document, Section
from search.snippets import Excerpt, Snippets


def excerpt(words: str, *sections: Section, lang: str = "en") -> Excerpt:
    """The excerpt of an article in which the words are marked wherever they have the same stem."""
    stem = languages.language(lang).stem
    article = analysed.analyse(Document(id="a", lang=lang, title="A", sections=sections))
    said = {*article.body, *article.headings}
    found = sorted(article.texts[number] for number in said)
    asked = [stem(token.text) for token in query.parse(words).tokens]
    owners = [asked.index(stem(word)) + 1 if stem(word) in asked else 0 for word in found] + [0]
    opened = passages.write([gathering.gathered([article])], [{0: 0}], found)
    return Snippets(opened, found).excerpts([0], np.array(owners, dtype=np.uint8))[0]


def section(text: str, heading: str = "", anchor: str = "") -> Section:
    return Section(heading=heading, anchor=anchor, text=text)


def test_words_are_marked_through_their_endings() -> None:
    found = excerpt("refund order", section("We refunded both orders."))

    assert found.html == "We <mark>refunded</mark> both <mark>orders</mark>."


def test_markup_in_an_article_is_shown_as_text() -> None:
    found = excerpt("tag", section('Use <b>&amp; "tag"</b> <mark>'))

    assert (
        found.html == "Use &lt;b&gt;&amp;amp; &quot;<mark>tag</mark>&quot;&lt;/b&gt; &lt;mark&gt;"
    )


def test_the_section_with_more_of_the_words_is_shown() -> None:
    found = excerpt(
        "cancel order",
        section("You can order at night."),
        section("Cancel an order here.", heading="By phone", anchor="by-phone"),
    )

    assert found.section == 1


def test_a_heading_speaks_for_its_section() -> None:
    found = excerpt(
        "cancel order",
        section("Every order has a number."),
        section("Press the red button.", heading="Cancel an order", anchor="cancel"),
    )

    assert Excerpt("Press the red button.", 1) == found


def test_a_long_text_is_cut_around_the_words() -> None:
    found = excerpt("needle", section(f"{'hay ' * 500}needle {'straw ' * 500}"))

    assert found.html.startswith("… hay hay hay hay hay hay <mark>needle</mark> straw")
    assert found.html.endswith("straw\xa0…")
    assert len(found.html.split()) < 40


def test_without_any_of_the_words_it_is_the_beginning() -> None:
    found = excerpt("absent", section(""), section("Open the page.", anchor="steps"))

    assert Excerpt("Open the page.", 1) == found


def test_an_article_without_text_has_an_empty_excerpt() -> None:
    assert Excerpt() == excerpt("word")


def test_neighbouring_marks_are_one() -> None:
    found = excerpt("重置密码", section("请重置密码。"), lang="zh")

    assert found.html == "请<mark>重置密码</mark>。"


def test_what_stands_between_words_does_not_make_it_long() -> None:
    found = excerpt("needle", section(f"{'=' * 9_000} needle {'-' * 9_000} hay"))

    assert found.html.startswith("… <mark>needle</mark> ---")
    assert len(found.html) < 700


@given(st.text(), st.text(), st.text())
@example("", "0.0_:", "")
def test_an_excerpt_is_a_piece_of_the_text_with_nothing_but_marks(
    before: str, after: str, words: str
) -> None:
    text = f"{before} needle {after}"

    found = excerpt(f"needle {words}", section(text)).html
    bare = re.sub(r"</?mark>", "", found)

    assert found.count("<mark>") == found.count("</mark>")
    assert not set(bare) & set("<>\"'")
    assert html.unescape(bare).removeprefix("… ").removesuffix("\xa0…") in cutting.clean(text)
