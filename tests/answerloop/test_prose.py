"""Markdown read without rendering: headings and links, and what of it is only an example."""

import pytest

from answerloop import prose


def targets(markdown: str) -> list[str]:
    return [link.target for link in prose.links(markdown, 1)]


@pytest.mark.parametrize(
    ("markdown", "target"),
    [
        ("See [this](a.md).", "a.md"),
        ("See [this](a.md#part).", "a.md#part"),
        ('See [this](a.md "Title").', "a.md"),
        ("See [this](my%20page.md).", "my%20page.md"),
        ("See [this](<my page.md>).", "my page.md"),
        ("![picture](a.png)", "a.png"),
        ("See [this][1].\n\n[1]: a.md", "a.md"),
        ("See [this][1].\n\n  [1]: <a.md> 'Title'", "a.md"),
    ],
)
def test_a_link_is_found(markdown: str, target: str) -> None:
    assert [target] == targets(markdown)


@pytest.mark.parametrize(
    "markdown",
    [
        "`[this](a.md)`",
        "``[this](a.md) ` ``",
        "`code over\ntwo lines [this](a.md)`",
        "```\n[this](a.md)\n```",
        "```markdown\n[this](a.md)\n\n[that](b.md)\n```\n",
        "~~~\n[this](a.md)\n```\n~~~",
        "````\n```\n[this](a.md)\n```\n````",
        "1. Step\n\n    ```\n    [this](a.md)\n    ```",
        "- ```\n  [this](a.md)\n  ```",
        "> ```\n> [this](a.md)\n> ```",
        "```\n[never closed](a.md)\n",
        "Text:\n\n    [this](a.md)\n\n    [that](b.md)\n",
        "    [this](a.md)\n",
        "<!-- [this](a.md)\n-->",
        "<pre>\n[this](a.md)\n</pre>",
        "[^1]: notes.md says so",
        "Text [without a target]() here",
    ],
)
def test_a_link_in_code_or_a_comment_is_none(markdown: str) -> None:
    assert targets(markdown) == []


@pytest.mark.parametrize(
    "markdown",
    [
        "- item\n\n    [this](a.md)\n",
        "1. item\n\n    [this](a.md)\n",
        '!!! note "Title"\n\n    [this](a.md)\n',
        '=== "Tab"\n\n    [this](a.md)\n',
        "Term\n\n:   [this](a.md)\n",
        "Text\n    [this](a.md)\n",
        "A ` alone.\n\n[this](a.md)\n\nAnother ` alone.",
        "\\`[this](a.md)\\`",
        "```inline``` and [this](a.md)",
    ],
)
def test_an_indented_link_that_is_no_code_is_found(markdown: str) -> None:
    assert targets(markdown) == ["a.md"]


def test_a_link_knows_its_line() -> None:
    links = list(prose.links("One\n\n```\ncode\n```\n[two](b.md)\n", first_line=10))

    assert [prose.Link("b.md", 15)] == links


@pytest.mark.parametrize(
    ("markdown", "heading"),
    [
        ("# Hello\n\nText", "Hello"),
        ("Text first\n\n# Hello", "Hello"),
        ("# Hello #", "Hello"),
        ("# About C#", "About C#"),
        ("# Hello {#anchor .class}", "Hello"),
        ("# The `kb` command", "The kb command"),
        ("# Set KB_SITE_URL", "Set KB_SITE_URL"),
        ("# A **bold** and _soft_ word", "A bold and soft word"),
        ("# See [the page](a.md)", "See the page"),
        ("# ![logo](a.png) Hello", "logo Hello"),
        ("# Fish &amp; chips", "Fish & chips"),
        ("# 5 \\* 3", "5 * 3"),
        ("Hello\n=====\n\nText", "Hello"),
        ("```sh\n# install\n```\n\n# Hello", "Hello"),
        ("<!-- # no -->\n# Hello", "Hello"),
        ("## Only a section", ""),
        ("#hashtag", ""),
        ("", ""),
    ],
)
def test_the_first_heading_names_the_page(markdown: str, heading: str) -> None:
    assert heading == prose.first_heading(markdown)


def test_code_is_blanked_without_losing_a_row() -> None:
    markdown = "One\n\n```\ncode\n```\n<!-- a\nb -->\nTwo\n"

    assert markdown.count("\n") == prose.without_code_blocks(markdown).count("\n")
