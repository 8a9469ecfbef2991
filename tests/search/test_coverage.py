"""Coverage: which questions an index answers, by the words that its best hit has."""

import math
from collections.abc import Iterator
from pathlib import Path

import pytest

from search import coverage
from search.coverage import Coverage, Verdict
from search.reader import Reader
from tests.search.building import KEY, article, publish

ARTICLES = (
    article("refund", "Money back after delivery", "The parcel goes back to us."),
    article("parcel", "Where is my parcel?", "The carrier has the parcel."),
    article("lamp", "The lamp flickers", "The dimmer does not fit."),
)


@pytest.fixture
def asked(tmp_path: Path) -> Iterator[Coverage]:
    publish(tmp_path, *ARTICLES)
    with Reader(tmp_path, key=KEY) as reader:
        yield Coverage(reader, len(ARTICLES))


def test_a_question_whose_every_word_the_best_hit_has_is_covered(asked: Coverage) -> None:
    found = asked.judge("Parcel, carrier?")

    assert (found.verdict, found.coverage, found.missing) == (Verdict.COVERED, 1.0, ())
    assert found.hit is not None
    assert found.hit.id == "parcel"


def test_a_question_that_finds_nothing_is_uncovered(asked: Coverage) -> None:
    found = asked.judge("gift cards")

    assert (found.verdict, found.coverage, found.hit) == (Verdict.UNCOVERED, 0.0, None)
    assert found.missing == ("gift", "cards")


def test_a_rare_word_that_is_missing_weighs_more_than_a_common_one_that_is_there(
    asked: Coverage,
) -> None:
    found = asked.judge("parcel zebra")

    # Two of the three articles have `parcel`, none has `zebra`.
    parcel, zebra = math.log(1 + 3 / 2.5), math.log(1 + 3 / 0.5)
    assert found.coverage == pytest.approx(parcel / (parcel + zebra))
    assert found.missing == ("zebra",)


def test_finding_something_is_no_answer_while_most_words_are_missing(asked: Coverage) -> None:
    half, less = asked.judge("dimmer zebra"), asked.judge("parcel zebra giraffe")

    assert (half.verdict, less.verdict) == (Verdict.WEAK, Verdict.UNCOVERED)
    assert less.hit is not None


def test_the_number_of_an_order_is_no_word_of_the_question(asked: Coverage) -> None:
    assert asked.judge("parcel carrier 4711").words == ("parcel", "carrier")


@pytest.mark.parametrize("question", ["", "???", "4711"])
def test_a_question_without_words_is_uncovered(asked: Coverage, question: str) -> None:
    assert asked.judge(question).verdict is Verdict.UNCOVERED


def test_words_are_small_each_once_and_bare() -> None:
    assert coverage.words("Won't „Open“ (E-1042), won't!") == ("won't", "open", "e-1042")
