"""Typing errors, split and joined words: mended where a word is unknown, never made up."""

from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from search import spelling
from search.documents import Document
from search.reader import Reader
from search.spelling import Spelling
from tests.search.building import KEY, article, ids, publish

LETTERS = st.text(alphabet="abcde", max_size=8)


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    root = tmp_path_factory.mktemp("builds")
    common = (article(f"c{number:02}", "Parcel", "Your parcel.") for number in range(40))
    publish(
        root,
        article("password", "Reset your password", "Choose a new one."),
        article("address", "Change the delivery address"),
        article("rare", "Marcel", "A name."),
        article("zuruck", "Größe zurückgeben", lang="de"),
        Document(id="login", lang="en", title="I cannot log in", asked_as=("sign on fails",)),
        *common,
    )
    with Reader(root, key=KEY) as reader:
        yield reader


@pytest.mark.parametrize(
    ("typed", "expected", "corrected"),
    [
        ("pasword", "password", "password"),
        ("passsword", "password", "password"),
        ("apssword", "password", "password"),
        ("passwird", "password", "password"),
        ("delivrey adress", "address", "delivery address"),
        ("resetpassword", "password", "reset password"),
        ("pass word", "password", None),
    ],
)
def test_a_typing_error_finds_what_was_meant(
    reader: Reader, typed: str, expected: str, corrected: str | None
) -> None:
    found = reader.search(typed, lang="en")

    assert expected == ids(found)[0]
    assert corrected == found.corrected


def test_a_mended_word_is_shown_as_its_language_writes_it(reader: Reader) -> None:
    assert reader.search("zuruckgebn", lang="de").corrected == "zurückgeben"


def test_a_hardly_used_word_is_searched_for_as_it_was_typed(reader: Reader) -> None:
    found = reader.search("marcel parcl", lang="en")

    assert "rare" in ids(found)


@pytest.mark.parametrize("typed", ["xqzzv", "qqqqqqqqqq", "wpx", "9931"])
def test_what_is_like_nothing_finds_nothing(reader: Reader, typed: str) -> None:
    found = reader.search(typed, lang="en")

    assert (found.total, found.hits, found.corrected) == (0, (), None)


def test_where_nothing_matches_the_nearest_topics_are_named(reader: Reader) -> None:
    found = reader.search("xpasswxxyz", lang="en")

    assert found.total == 0
    assert [topic.id for topic in found.nearest] == ["password"]


@given(LETTERS, LETTERS)
def test_the_distance_is_the_same_both_ways_and_zero_only_for_equals(a: str, b: str) -> None:
    assert spelling.distance(a, b) == spelling.distance(b, a)
    assert (spelling.distance(a, b) == 0) == (a == b)


@given(*[st.text("abc", max_size=5)] * 4)
def test_what_two_words_begin_and_end_with_is_no_distance(
    a: str, b: str, start: str, end: str
) -> None:
    assert spelling.distance(start + a + end, start + b + end) == spelling.distance(a, b)


@given(st.lists(st.text(alphabet="abcdж", min_size=4, max_size=7), min_size=1, unique=True))
def test_every_word_one_error_away_is_found(words: list[str]) -> None:
    dictionary = Spelling(spelling.write(words, np.ones(len(words))), words)

    for word in words:
        near = {other for other in words if spelling.distance(word, other) == 1}
        found = {words[number] for number in dictionary.nearest(word)}
        assert found <= near
        assert len(found) == min(len(near), spelling.CANDIDATES)
