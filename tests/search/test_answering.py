"""When a question is answered, when nothing is found, and when another spelling is offered."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search import answering
from search.answering import Evidence
from search.reader import Reader
from tests.search.building import KEY, article, ids, publish

LONG_TEXT = "You choose how it reaches you, and we want you to be pleased with it. " * 8

words = st.builds(
    Evidence,
    worth=st.floats(0, 40),
    earned=st.floats(0, 80),
    is_there=st.booleans(),
    is_topic=st.booleans(),
    weight=st.sampled_from([1.0, 0.4]),
)


def word(
    earned: float, *, is_there: bool = False, is_topic: bool = False, weight: float = 1.0
) -> Evidence:
    """A word that would earn 10 in a title."""
    return Evidence(10.0, earned, is_there, is_topic, weight)


def test_a_question_without_words_has_no_answer() -> None:
    assert not answering.is_enough([])


def test_one_topic_word_is_enough() -> None:
    assert answering.is_enough([word(0.1, is_topic=True), word(0.0), word(0.0)])


def test_an_article_with_every_word_is_an_answer_however_little_they_earn() -> None:
    assert answering.is_enough([word(0.1, is_there=True), word(0.1, is_there=True)])


def test_without_a_topic_a_share_of_the_worth_must_be_earned() -> None:
    assert answering.is_enough([word(3.0, is_there=True), word(0.0)], 0.15)
    assert not answering.is_enough([word(2.0, is_there=True), word(0.0)], 0.15)


def test_no_word_makes_up_for_more_than_itself() -> None:
    assert not answering.is_enough([word(500.0), *(word(0.0) for _ in range(9))], 0.15)


def test_stop_words_count_in_the_sums_and_are_no_reason_by_themselves() -> None:
    stop = word(10.0, is_there=True, is_topic=True, weight=0.4)

    assert not answering.is_enough([stop, *(word(0.0) for _ in range(9))], 0.15)
    assert answering.is_enough([stop, word(0.0)], 0.15)


@given(st.lists(words, min_size=1, max_size=6), st.floats(0.01, 0.99), st.data())
def test_more_evidence_never_takes_an_answer_away(
    question: list[Evidence], enough: float, data: st.DataObject
) -> None:
    place = data.draw(st.integers(0, len(question) - 1))
    old = question[place]
    more = Evidence(old.worth, old.earned + 1, is_there=True, is_topic=True, weight=old.weight)
    better = [*question[:place], more, *question[place + 1 :]]

    assert answering.is_enough(better, enough) >= answering.is_enough(question, enough)


@given(st.lists(words, max_size=6), st.floats(0.01, 0.98))
def test_a_lower_bar_never_takes_an_answer_away(question: list[Evidence], enough: float) -> None:
    assert answering.is_enough(question, enough) >= answering.is_enough(question, enough + 0.01)


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    root = tmp_path_factory.mktemp("builds")
    common = (article(f"c{number:02}", "Parcel", "Your parcel.") for number in range(40))
    publish(
        root,
        article("delivery", "Delivery times", f"A parcel takes two days. {LONG_TEXT}"),
        article("klarna", "Ways to pay", f"By card or with Klarna. {LONG_TEXT}"),
        article("marcel", "Marcel", "A name."),
        article("untitled", " ", "Gift wrapping costs two euros."),
        *common,
    )
    with Reader(root, key=KEY) as reader:
        yield reader


@pytest.mark.parametrize(
    "asked", ["I want pizza", "reach lewis hamilton", "pleased zebra crossing"]
)
def test_a_word_in_passing_is_no_answer_to_a_question_about_something_else(
    reader: Reader, asked: str
) -> None:
    found = reader.search(asked, lang="en")

    assert (found.total, found.hits, found.corrected) == (0, (), None)


def test_the_nearest_topics_are_named_instead(reader: Reader) -> None:
    found = reader.search("reach lewis hamilton", lang="en")

    assert {topic.id for topic in found.nearest} >= {"delivery", "klarna"}


@pytest.mark.parametrize("asked", ["reaches", "klarna", "klana", "klarn", "klar na", "euros"])
def test_a_single_known_word_finds_its_articles_well_typed_or_not(
    reader: Reader, asked: str
) -> None:
    assert reader.search(asked, lang="en").total > 0


def test_a_topic_finds_its_articles_whatever_stands_beside_it(reader: Reader) -> None:
    found = reader.search("hello qqzzx delivery vvwwy 2214 please", lang="en")

    assert ids(found)[0] == "delivery"


def test_the_number_of_an_order_is_no_word_that_an_article_must_have(reader: Reader) -> None:
    assert ids(reader.search("klarna 4711-0815", lang="en")) == ["klarna"]


def test_an_article_without_a_title_has_its_text_for_topics(reader: Reader) -> None:
    assert ids(reader.search("wrapping for qqzzx vvwwy xxyyz", lang="en")) == ["untitled"]


def test_a_narrowed_search_is_judged_by_the_articles_that_it_may_show(reader: Reader) -> None:
    assert reader.search("klarna", lang="en", tag="none").total == 0


def test_every_page_of_an_answer_is_part_of_it(reader: Reader) -> None:
    first = reader.search("parcel", lang="en")
    last = reader.search("parcel", lang="en", offset=40)

    assert (first.total, len(last.hits)) == (last.total, last.total - 40)


def test_a_rare_word_with_a_poor_result_is_offered_as_the_common_one(reader: Reader) -> None:
    found = reader.search("marcel klarna delivery gift", lang="en")

    assert found.hits[0].score < 0.5
    assert found.likelier == "parcel klarna delivery gift"
    assert found.corrected is None


@pytest.mark.parametrize("asked", ["marcel", "a marcel", "parcel", "parcel klarna delivery gift"])
def test_no_other_spelling_is_offered_where_the_result_is_good_or_the_word_common(
    reader: Reader, asked: str
) -> None:
    assert reader.search(asked, lang="en").likelier is None
