"""Every heading and step of an article can be linked, and the links outlive edits."""

import re

import pytest
from markdown import markdown

from answerloop.site import anchors
from answerloop.wording import wording
from tests.answerloop.markup import elements

STEPS = "1. Open the box.\n2. Take the lamp out.\n3. Screw it in.\n"


def linked(body: str, lang: str = "en") -> str:
    html = markdown(
        body,
        extensions=["toc", "footnotes", "md_in_html"],
        extension_configs={"toc": {"permalink": True}},
    )
    return anchors.linked(html, wording(lang))


def targets(html: str) -> list[str]:
    return [
        element["href"] for element in elements(html, "a") if element["class"] != "footnote-ref"
    ]


def labels(html: str) -> list[str]:
    return [element["aria-label"] for element in elements(html, "a")]


def steps(html: str) -> list[str]:
    return [element["id"] for element in elements(html, "li") if element["id"]]


def test_each_step_has_an_address_of_its_own_words() -> None:
    html = linked(STEPS)

    assert steps(html) == ["step-open-the-box", "step-take-the-lamp-out", "step-screw-it-in"]
    assert [f"#{name}" for name in steps(html)] == targets(html)


def test_a_step_keeps_its_address_when_others_are_edited_moved_or_added() -> None:
    edited = linked("1. Switch off the power.\n2. Screw it in.\n3. Open the carton.\n")

    assert "step-screw-it-in" in steps(edited)


def test_steps_of_the_same_words_have_different_addresses() -> None:
    html = linked("# Press OK\n\n1. Press OK\n2. Wait\n3. Press OK\n")

    assert steps(html) == ["step-press-ok", "step-wait", "step-press-ok-2"]


def test_an_author_names_a_step_themselves() -> None:
    html = anchors.linked('<ol><li id="mine">One</li><li>Two</li></ol>', wording("en"))

    assert steps(html) == ["mine", "step-two"]
    assert targets(html) == ["#mine", "#step-two"]


@pytest.mark.parametrize(
    "body",
    [
        "- a\n- b\n",
        "1. Alone\n",
        "- a\n\n    1. x\n    2. y\n",
        "Text[^1][^2].\n\n[^1]: One.\n[^2]: Two.\n",
        "    1. code\n    2. code\n",
    ],
)
def test_what_is_no_procedure_gets_no_links(body: str) -> None:
    assert "kb-anchor" not in linked(body)


def test_the_link_stands_after_the_words_of_a_step_and_before_what_hangs_on_it() -> None:
    html = linked("1. Choose:\n\n    - red\n    - blue\n\n2. Done\n")

    assert re.search(r"<p>Choose:<a [^>]*>#</a></p>\s*<ul>", html)
    assert re.search(r"Done<a [^>]*>#</a></p>", html)


def test_a_heading_has_one_link_in_the_words_of_the_page() -> None:
    html = linked('## A "b" & &lt;c&gt;\n', "de")

    assert labels(html) == ['Link zu „A "b" & <c>“']


def test_the_title_needs_no_link() -> None:
    assert "<a" not in linked("# Title\n")


def test_a_step_without_words_is_called_by_its_number() -> None:
    html = linked("1. ![](a.png)\n2. ![](b.png)\n")

    assert steps(html) == ["step-1", "step-2"]


def test_words_of_any_script_make_an_address() -> None:
    assert steps(linked("1. افتح الصندوق\n2. 打开\n")) == ["step-افتح-الصندوق", "step-打开"]
