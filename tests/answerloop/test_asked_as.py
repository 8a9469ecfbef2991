"""Phrases written into front matter of every form; all else stays as it is."""

import difflib
import json
from collections.abc import Callable
from pathlib import PurePosixPath

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from answerloop import asked_as
from answerloop.asked_as import NotEditable
from tests.answerloop.builders import ENGLISH, article

PATH = PurePosixPath("question.md")


def added(source: str, *phrases: str) -> str:
    return asked_as.added(source.encode(), PATH, phrases or ("new one",), ENGLISH).decode()


def test_a_list_of_lines_gets_one_more_as_it_is_indented() -> None:
    source = "---\ntitle: T # why\nasked_as:\n    - one # here\n# note\nid: x\n---\nBody\n"

    assert added(source) == source.replace("# here\n", "# here\n    - new one\n")


def test_a_list_without_indent_stays_without() -> None:
    assert added("---\nasked_as:\n- one\nid: x\n---\n") == (
        "---\nasked_as:\n- one\n- new one\nid: x\n---\n"
    )


def test_a_list_in_brackets_stays_in_brackets() -> None:
    assert added("---\nasked_as: [one, 'two, three'] # c\n---\n", "a: b", "c") == (
        "---\nasked_as: [one, 'two, three', \"a: b\", c] # c\n---\n"
    )


def test_brackets_over_several_lines_keep_their_lines() -> None:
    assert added("---\nasked_as: [\n  one, # c\n  two,\n]\nid: x\n---\n") == (
        "---\nasked_as: [\n  one, # c\n  two, new one,\n]\nid: x\n---\n"
    )


@pytest.mark.parametrize("empty", ["[]", "[ ]", "~", "null", ""])
def test_an_empty_list_is_filled(empty: str) -> None:
    written = added(f"---\nasked_as: {empty}\nid: x\n---\nBody\n")

    assert article(written).asked_as == ("new one",)


def test_a_missing_key_goes_to_the_end_of_the_front_matter() -> None:
    source = "---\nid: x\nreply: |\n  Hello\n\n---\n# Title\n"

    assert added(source) == source.replace("\n---\n#", "\nasked_as:\n  - new one\n---\n#")


def test_a_single_phrase_becomes_a_list() -> None:
    assert added("---\nasked_as: money back # c\nid: x\n---\n") == (
        "---\nasked_as:\n  - money back # c\n  - new one\nid: x\n---\n"
    )


def test_a_file_without_front_matter_gets_some() -> None:
    assert added("# Title\n") == "---\nasked_as:\n  - new one\n---\n# Title\n"


@pytest.mark.parametrize("head", ["", "# nothing yet\n"])
def test_empty_front_matter_is_filled(head: str) -> None:
    assert added(f"---\n{head}---\nBody\n") == f"---\n{head}asked_as:\n  - new one\n---\nBody\n"


def test_files_of_windows_keep_their_line_ends_and_their_mark() -> None:
    source = b"\xef\xbb\xbf---\r\nid: x\r\nasked_as:\r\n  - one\r\n---\r\nBody\r\n"

    written = asked_as.added(source, PATH, ["new one"], ENGLISH)

    assert written == source.replace(b"- one\r\n", b"- one\r\n  - new one\r\n")


def test_mixed_line_ends_stay_mixed() -> None:
    source = b"---\r\nid: x\nasked_as: [one]\r\n---\nBody\r\nmore\n"

    written = asked_as.added(source, PATH, ["new"], ENGLISH)

    assert written == source.replace(b"[one]", b"[one, new]")


@pytest.mark.parametrize(
    "head",
    [
        "layout: post\npermalink: /faq/x/\ncategories: [a, b]\ndate: 2020-01-01 10:00:00 +0100",
        'sidebar_position: 2\nsidebar_label: "Say: hi"\nkeywords:\n  - a\n  - b\nhide_title: true',
    ],
    ids=["Jekyll", "Docusaurus"],
)
def test_front_matter_of_other_tools_only_grows(head: str) -> None:
    source = f"---\n{head}\n---\n# Body\n"

    assert added(source) == f"---\n{head}\nasked_as:\n  - new one\n---\n# Body\n"


def test_toml_is_edited_where_the_list_is_on_one_line() -> None:
    assert added("+++\nid = 'x'\n[menu]\na = 1\n+++\nB\n") == (
        "+++\nasked_as = [\"new one\"]\nid = 'x'\n[menu]\na = 1\n+++\nB\n"
    )
    assert added('+++\nasked_as = ["a]", "b"] # ]\n+++\n') == (
        '+++\nasked_as = ["a]", "b", "new one"] # ]\n+++\n'
    )


@pytest.mark.parametrize(
    "source",
    [
        "---\nasked_as: |\n  one\n  two\n---\n",
        "---\nasked_as: {a: b}\n---\n",
        "---\n{id: x, title: y}\n---\n",
        "---\nasked_as:\n  - a: b\n---\n",
        '+++\nasked_as = [\n  "one",\n]\n+++\n',
        "---\ntitle: [\n---\n",
        "---\ntitle: not closed\n",
    ],
)
def test_what_cannot_be_edited_safely_is_refused(source: str) -> None:
    with pytest.raises(NotEditable):
        added(source)


def test_a_phrase_that_yaml_would_take_for_something_else_is_quoted() -> None:
    for phrase in ("yes", "2024", "a: b", "- a", "a # b", '"a"', "null", "é @ ü", "it's"):
        head = yaml.safe_load(added("---\nid: x\n---\n", phrase).split("---\n")[1])
        assert head["asked_as"] == [phrase]


def test_the_lines_to_paste_are_those_that_would_be_written() -> None:
    assert asked_as.pasted(["one", "a: b"]) == 'asked_as:\n  - one\n  - "a: b"\n'


TEXTS = st.text(
    st.characters(min_codepoint=32, max_codepoint=0x17F, exclude_characters="\x7f\x85\xa0\xad"),
    min_size=1,
    max_size=12,
).filter(lambda text: text.strip() == text and text.isprintable())
LISTS = st.lists(TEXTS, unique=True, max_size=4)


def _block(phrases: list[str]) -> str:
    rows = "".join(f"  - {json.dumps(each)}\n" for each in phrases)
    return f"asked_as:\n{rows}"


def _dashed(phrases: list[str]) -> str:
    return "asked_as:\n" + "".join(f"- {json.dumps(each)}  # c\n" for each in phrases)


def _dumped(phrases: list[str]) -> str:
    return yaml.safe_dump({"asked_as": phrases}, allow_unicode=True, width=20)


def _flow(phrases: list[str]) -> str:
    return (
        yaml.safe_dump({"asked_as": phrases}, allow_unicode=True, default_flow_style=True)[1:-2]
        + "\n"
    )


@given(
    LISTS,
    LISTS,
    st.sampled_from([_block, _dashed, _dumped, _flow]),
    st.sampled_from(["", "id: x\n", "reply: |+\n  Hi\n\n\n", "# c\r\ntags: [a]\r\n"]),
)
def test_the_article_then_has_its_old_phrases_the_new_ones_and_nothing_else_new(
    old: list[str], new: list[str], form: Callable[[list[str]], str], other: str
) -> None:
    new = [each for each in new if each not in old]
    source = f"---\n{other}{form(old)}title: T\n---\nBody: [x]\n\n- y"
    before = article(source)

    written = asked_as.added(source.encode(), PATH, new, ENGLISH).decode()

    after = article(written)
    assert after.asked_as == (*before.asked_as, *new)
    assert (after.body, after.title, after.reply) == (before.body, before.title, before.reply)
    lost = [row for row in difflib.ndiff([*source], [*written]) if row.startswith("- ")]
    assert lost == []
