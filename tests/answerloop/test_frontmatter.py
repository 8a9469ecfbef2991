"""Front matter: YAML or TOML before the text, with the line of everything that is wrong in it."""

import pytest

from answerloop import frontmatter
from answerloop.frontmatter import FrontMatterError


def problem(source: str) -> FrontMatterError:
    with pytest.raises(FrontMatterError) as caught:
        frontmatter.split(source)
    return caught.value


def test_a_file_without_front_matter_is_all_body() -> None:
    front, body, line = frontmatter.split("# Hello\n\n---\n\nText\n")

    assert (front.text, body, line) == ({}, "# Hello\n\n---\n\nText\n", 1)


def test_the_body_begins_on_the_line_after_the_front_matter() -> None:
    front, body, line = frontmatter.split("---\ntitle: A\nkind: faq\n---\nText\n")

    assert (front.text["title"], body, line) == ("A", "Text\n", 5)
    assert front.lines == {"title": 2, "kind": 3}


def test_front_matter_may_end_with_dots() -> None:
    front, body, _ = frontmatter.split("---\ntitle: A\n...\nText\n")

    assert (front.text["title"], body) == ("A", "Text\n")


def test_front_matter_may_end_with_the_file() -> None:
    front, body, _ = frontmatter.split("---\ntitle: A\n---")

    assert (front.text["title"], body) == ("A", "")


@pytest.mark.parametrize("head", ["", "# Only a comment\n", "\n\n"])
def test_front_matter_may_be_empty(head: str) -> None:
    front, body, _ = frontmatter.split(f"---\n{head}---\nText\n")

    assert (front.text, body) == ({}, "Text\n")


def test_empty_lines_before_front_matter_do_not_print_it() -> None:
    front, body, line = frontmatter.split("\n \n---\naudience: internal\n---\nText\n")

    assert (front.text["audience"], front.lines["audience"]) == ("internal", 4)
    assert (body, line) == ("Text\n", 6)


@pytest.mark.parametrize("written", ["2024", "yes", "1.10", "2024-02-31", "0123", "1e3", "0x1F"])
def test_a_text_stays_as_its_author_typed_it(written: str) -> None:
    front, _, _ = frontmatter.split(f"---\ntitle: {written}\n---\n")

    assert written == front.text["title"]


def test_values_have_the_types_of_yaml() -> None:
    front, _, _ = frontmatter.split("---\ndraft: yes\norder: 7\nnone: null\n---\n")

    assert front.values == {"draft": True, "order": 7, "none": None}


@pytest.mark.parametrize(
    "written",
    ["!!bool maybe", "!!int ''", "!!timestamp soon", "!!float x", "!include a.yml", "!!set x"],
)
def test_a_value_that_yaml_cannot_make_keeps_its_words(written: str) -> None:
    front, _, _ = frontmatter.split(f"---\nkey: {written}\n---\n")

    assert front.values["key"] == front.text["key"]


def test_a_key_that_stands_twice_is_refused_with_both_lines() -> None:
    found = problem("---\ntitle: A\nkind: faq\ntitle: B\n---\n")

    assert (found.line, found.message) == (4, "`title` stands twice, first on line 2.")


def test_a_tab_is_refused_with_its_line() -> None:
    found = problem("---\ntitle: A\ntags:\n\t- b\n---\n")

    assert (found.line, found.message) == (4, "a tab in the front matter.")
    assert "spaces" in found.remedy


def test_a_colon_in_a_value_is_refused_with_its_line_and_a_remedy() -> None:
    found = problem("---\nkind: faq\ntitle: Error: no route\n---\n")

    assert found.line == 3
    assert "quotes" in found.remedy


def test_front_matter_that_is_not_closed_is_refused() -> None:
    found = problem("---\ntitle: A\n\nText\n")

    assert (found.line, found.message) == (1, "the front matter is not closed.")


def test_front_matter_that_begins_with_a_comment_and_is_not_closed_is_refused() -> None:
    assert problem("---\n# Note\naudience: internal\n\nText\n").line == 1


def test_front_matter_without_keys_is_refused() -> None:
    assert problem("---\naudience internal\n---\nText\n").line == 2


def test_a_control_character_is_refused_with_its_line() -> None:
    found = problem("---\ntitle: A\nowner: b\x07c\n---\n")

    assert (found.line, found.message) == (3, "a control character (U+0007) in the front matter.")


@pytest.mark.parametrize("depth", [50, 200_000])
def test_deep_nesting_is_refused(depth: int) -> None:
    found = problem("---\na: " + "[" * depth + "]" * depth + "\n---\n")

    assert (found.line, found.message) == (2, "the front matter is nested too deep.")


@pytest.mark.parametrize("value", ["&self [*self]", "*unknown"])
def test_a_reference_to_another_value_is_refused(value: str) -> None:
    found = problem(f"---\ntitle: A\nlist: {value}\n---\n")

    assert found.line == 3
    assert "refers to another value" in found.message


def test_a_message_stays_on_one_line() -> None:
    assert "\n" not in problem("---\na: 'b\n---\n").message


def test_toml_stands_between_pluses() -> None:
    source = '+++\ntitle = "A"\ndraft = true\ndate = 2024-05-01\n[params]\nx = 1\n+++\nText\n'

    front, body, line = frontmatter.split(source)

    assert tuple(front.text[key] for key in ("title", "draft", "date")) == (
        "A",
        "true",
        "2024-05-01",
    )
    assert front.values["draft"] is True
    assert (front.lines, body, line) == ({"title": 2, "draft": 3, "date": 4}, "Text\n", 8)


def test_broken_toml_is_refused_with_its_line() -> None:
    found = problem('+++\ntitle = "A"\nkind = faq\n+++\n')

    assert found.line == 3
    assert "\n" not in found.message


def test_toml_that_is_not_closed_is_refused() -> None:
    found = problem('+++\ntitle = "A"\n\nText\n')

    assert "`+++`" in found.remedy
