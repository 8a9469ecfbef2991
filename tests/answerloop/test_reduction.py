"""A query reduced to the words that count."""

from datetime import UTC, datetime

from answerloop.reduction import Reduction, Vocabulary
from feedback.model import Search

KNOWN = Vocabulary(
    [("en", "Where is my parcel? Change or charge a password."), ("de", "Wo ist mein Paket?")]
)


def asked(query: str, reader: str, lang: str = "en") -> Search:
    return Search(datetime(2026, 11, 3, tzinfo=UTC), lang, query, reader)


def reduced(query: str, *searches: Search, lang: str = "en") -> list[str]:
    def mended(word: str, _lang: str) -> str:
        return {"pasword": "password", "passwordreset": "password reset"}.get(word, word)

    return [said.key for said in Reduction(mended, KNOWN, searches)(query, lang)]


def test_forms_of_a_word_are_one_and_stop_words_say_nothing() -> None:
    assert reduced("Where are the PARCELS?") == reduced("parcel") == ["parcel"]


def test_what_the_search_mends_counts_as_it_was_meant() -> None:
    assert reduced("pasword") == ["password"]
    assert reduced("passwordreset") == ["password", "reset"]


def test_a_word_knows_where_it_stands_and_whether_it_was_mended() -> None:
    words = Reduction(lambda word, _: word.replace("pas", "pass"), KNOWN, ())

    (found,) = words("my pasword?", "en")

    assert ("my pasword?"[found.start : found.end], found.is_mended) == ("pasword", True)


def test_a_rare_spelling_of_a_word_that_no_article_has_counts_as_the_usual_one() -> None:
    usual = [asked("klarna", f"r{number}") for number in range(3)]

    assert reduced("clarna", *usual, asked("clarna", "x")) == ["klarna"]


def test_what_fewer_than_three_readers_wrote_is_no_usual_spelling() -> None:
    usual = [asked("klarna", f"r{number}") for number in range(2)]

    assert reduced("clarna", *usual, asked("clarna", "x")) == ["clarna"]


def test_two_words_that_articles_have_stay_two_however_alike() -> None:
    usual = [asked("change", f"r{number}") for number in range(9)]

    assert reduced("charge", *usual, asked("charge", "x")) == ["charg"]


def test_a_language_has_its_own_words() -> None:
    assert KNOWN.has("parcels", "en-GB")
    assert not KNOWN.has("parcels", "de")
    assert KNOWN.has("Pakete", "de")
