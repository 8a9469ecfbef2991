"""A reader's words are words: no syntax, and no more of them than can be answered."""

import tracemalloc
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search import analysis, query


def test_what_has_a_meaning_in_query_languages_has_none_here() -> None:
    asked = query.parse('title:"* NOT (x OR y~)^')

    assert [token.text for token in asked.tokens] == ["title", "not", "x", "or", "y"]


def test_space_around_and_between_words_is_not_kept() -> None:
    assert query.parse("  my \n\t order ").text == "my order"


def test_more_than_two_hundred_characters_are_not_read() -> None:
    assert query.parse("word " * 5_000).text == "word " * 39 + "word"


def test_more_than_forty_words_are_not_read() -> None:
    asked = query.parse("a " * 60)

    assert len(asked.tokens) == 40


def test_tokens_stand_where_they_say() -> None:
    asked = query.parse("Reset  PASSWORD")

    assert list(asked.tokens) == [("reset", 0, 5), ("password", 6, 14)]


def test_a_mended_word_takes_the_place_of_the_typed_one() -> None:
    assert query.parse("My pasword, please").rewritten({1: "password"}) == "My password, please"


def test_a_word_is_read_up_to_forty_letters() -> None:
    assert [token.text for token in query.parse("a" * 100_000).tokens] == ["a" * 40]


def test_half_a_surrogate_pair_becomes_a_question_mark() -> None:
    assert query.parse("\ud83d order").text == "? order"


@given(st.text(alphabet=st.characters(exclude_categories=()), max_size=1_000))
def test_every_text_is_read_within_the_limits(text: str) -> None:
    asked = query.parse(text)

    assert len(asked.text) <= query.MAX_CHARACTERS
    assert len(asked.tokens) <= query.MAX_TOKENS
    assert asked.text == asked.text.encode("utf-8").decode("utf-8")


def wall(number: int) -> str:
    """A long line of Chinese that nobody has written before."""
    return "".join(chr(0x4E00 + (number * 211 + place * place) % 20_000) for place in range(199))


@pytest.mark.parametrize(
    ("asked", "text"),
    [
        (query.parse, wall),
        (analysis.tag, lambda number: f"{number} {wall(number) * 100}"),
    ],
)
def test_what_nobody_asks_twice_is_not_kept(
    asked: Callable[[str], object], text: Callable[[int], str]
) -> None:
    asked(text(0))
    tracemalloc.start()

    for number in range(1, 300):
        asked(text(number))

    kept, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert kept < 6_000_000  # the words themselves are: a few hundred bytes for each pair
