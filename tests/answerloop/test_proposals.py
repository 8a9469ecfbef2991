"""Which of readers' words become proposals."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

import pytest

from answerloop import proposals
from answerloop.proposals import Articles, Phrase
from answerloop.reduction import Reduction, Vocabulary
from feedback import arrivals, wordings
from feedback.model import ArticleId, ArticleKey, Opened, Search

START = datetime(2026, 11, 3, tzinfo=UTC)
REFUND = ArticleKey(ArticleId("refund"), "en")
PARCEL = ArticleKey(ArticleId("parcel"), "en")
HOLDING = {REFUND: ("How do I get a refund?", "money back"), PARCEL: ("Where is my parcel?",)}
KNOWN = Vocabulary(("en", text) for texts in HOLDING.values() for text in texts)
WORDS = Reduction(lambda word, _: word, KNOWN, ())


def articles(ranks: Mapping[str, int] | None = None) -> Articles:
    """Articles that are found nowhere but for the queries given."""
    return Articles(HOLDING, lambda text, _: (ranks or {}).get(text), WORDS)


def searched(query: str, article: str, readers: int = 3, lang: str = "en") -> list[Search]:
    opened = (Opened(ArticleId(article), 1),)
    return [Search(START, lang, query, f"{query} {n}", opened) for n in range(readers)]


def refined(query: str, after: str, article: str) -> list[Search]:
    later = START + timedelta(seconds=30)
    return [
        each
        for reader in "uvw"
        for each in (
            Search(START, "en", query, reader),
            Search(later, "en", after, reader, (Opened(ArticleId(article), 1),)),
        )
    ]


def proposed(
    searches: Sequence[Search], ranks: Mapping[str, int] | None = None, *, also_found: bool = False
) -> tuple[Phrase, ...]:
    asked = wordings.group(arrivals.of(searches), WORDS)
    return proposals.phrases(asked, articles(ranks), also_found=also_found)


def test_a_phrase_that_does_not_find_its_article_first_is_proposed() -> None:
    (found,) = proposed(searched("cash for my sofa", "refund"), {"cash for my sofa": 4})

    assert (found.text, found.key, found.before) == ("cash for my sofa", REFUND, 4)
    assert (found.end.readers, found.askers) == (3, 3)


def test_a_phrase_that_finds_its_article_first_is_not() -> None:
    asked = [*searched("cash", "refund", 9), *searched("coin", "refund")]

    assert [each.text for each in proposed(asked, {"cash": 1})] == ["coin"]


def test_on_request_it_comes_after_those_that_do_not() -> None:
    asked = [*searched("cash", "refund", 9), *searched("coin", "refund")]

    found = proposed(asked, {"cash": 1}, also_found=True)

    assert [each.text for each in found] == ["coin", "cash"]


@pytest.mark.parametrize(
    "query", ["money back", "back money", "get refunds", "How do I get REFUND"]
)
def test_what_an_article_has_in_any_form_is_not_proposed(query: str) -> None:
    assert proposed(searched(query, "refund")) == ()


@pytest.mark.parametrize("query", ["x", "4711", "the", "a\u202eb c", "long " * 41])
def test_what_is_no_phrase_is_not_proposed(query: str) -> None:
    assert proposed(searched(query, "refund")) == ()


def test_an_article_gets_few_phrases_at_once_those_of_most_readers() -> None:
    asked = [each for n in range(9) for each in searched(f"sofa{chr(97 + n)}", "refund", 3 + n)]

    assert [each.text for each in proposed(asked)] == ["sofai", "sofah", "sofag", "sofaf"]


def test_an_article_that_is_there_no_more_gets_none() -> None:
    assert proposed(searched("cash", "gone")) == ()
    assert proposed(searched("cash", "refund", lang="de")) == ()


def test_the_article_of_the_language_is_meant_whatever_the_region() -> None:
    (found,) = proposed(searched("cash", "refund", lang="en-GB"))

    assert found.key == REFUND


def test_readers_who_do_not_agree_are_told_with_the_articles() -> None:
    asked = wordings.group(
        arrivals.of([*searched("late", "parcel", 2), *searched("late  ", "refund", 2)]), WORDS
    )

    (found,) = proposals.undecided(asked)

    assert found.because == "4 readers asked it and ended at parcel (2), refund (2)"


def test_a_word_that_no_article_has_becomes_a_synonym() -> None:
    exchanged = wordings.exchanges(
        arrivals.refinements(refined("my dosh", "my refund", "refund")), WORDS
    )

    found, undecided = proposals.synonyms(exchanged, KNOWN, articles())

    assert [(each.said, each.found, each.lang) for each in found] == [("dosh", "refund", "en")]
    assert undecided == ()


def test_who_goes_from_one_known_word_to_another_may_have_changed_the_subject() -> None:
    exchanged = wordings.exchanges(
        arrivals.refinements(refined("parcel", "refund", "refund")), WORDS
    )

    found, undecided = proposals.synonyms(exchanged, KNOWN, articles())

    assert found == ()
    assert [each.because for each in undecided] == [
        "3 readers asked for “refund” next, and articles have both"
    ]


def test_a_synonym_that_the_search_knows_is_not_proposed_again() -> None:
    exchanged = wordings.exchanges(arrivals.refinements(refined("dosh", "refund", "refund")), WORDS)

    assert proposals.synonyms(exchanged, KNOWN, articles({"dosh": 1})) == ((), ())


def test_words_that_no_article_has_are_nobodys_synonym() -> None:
    exchanged = wordings.exchanges(arrivals.refinements(refined("dosh", "wonga", "refund")), WORDS)

    assert proposals.synonyms(exchanged, KNOWN, articles()) == ((), ())
