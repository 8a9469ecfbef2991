"""The grams of many words at once are those of each word, numbered as they are first met."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from search import analysis, vocabulary

WORDS = st.lists(st.text(alphabet="abäж東1<>", max_size=9), max_size=30)


@given(WORDS)
def test_the_grams_of_many_words_are_those_of_each(words: list[str]) -> None:
    found = vocabulary.grams(words)

    expected = [sorted(analysis.grams(word)) for word in words]
    grams = [found.names[number] for number in found.terms]
    assert expected == [grams[start:end] for start, end in pairwise(found.at)]
    assert list(dict.fromkeys(gram for each in expected for gram in each)) == found.names


@given(WORDS)
def test_turned_round_each_gram_has_the_words_that_have_it(words: list[str]) -> None:
    grams = vocabulary.grams(words)

    at, members = grams.inverted()

    expected = [
        [number for number, word in enumerate(words) if gram in analysis.grams(word)]
        for gram in grams.names
    ]
    assert expected == [members[start:end].tolist() for start, end in pairwise(at)]


def test_more_words_than_are_cut_at_a_time_are_numbered_as_one() -> None:
    words = [f"word{'abcdefgh'[number % 8]}{'xyz'[number % 3]}" for number in range(9_000)]

    found = vocabulary.grams(words)

    few = vocabulary.grams(words[:24])
    assert few.names == found.names
    assert [*few.terms] * 375 == found.terms.tolist()
