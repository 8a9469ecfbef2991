"""Synonyms: another word in the place of the one asked for, in a real index."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search import alternatives, index
from search.documents import Document, Results
from search.edition import Edition
from search.synonyms import Synonym
from tests.search.building import KEY, article, ids

REFUND = article("refund", "Refund", "When is my refund here?")
MONEY = article("money", "Money back", "We send your money back by card.")
PASSWORD = article("password", "Reset a password", "The form sends a mail.")
CARD = article("card", "Pay by card", "Money is taken when we send the parcel.")
ENGLISH = (REFUND, MONEY, PASSWORD, CARD)


def both(*words: str, lang: str | None = None) -> Synonym:
    return Synonym(words, words, lang)


def one_way(asked: str, found: str, lang: str | None = None) -> Synonym:
    return Synonym((asked,), (found,), lang)


class Index:
    """An index of some articles; each question says which synonyms it was built with."""

    def __init__(self, root: Path, *documents: Document) -> None:
        self._root = root
        self._documents = documents

    def ask(self, words: str, *listed: Synonym, lang: str | None = None) -> Results:
        with index.begin(self._root, "asked", key=KEY, synonyms=listed) as draft:
            draft.write_shelf("public", self._documents)
            return Edition(draft.complete(), ("public",)).search(words, lang=lang, limit=50)

    def scores(self, words: str, *listed: Synonym) -> dict[str, float]:
        return {hit.id: hit.score for hit in self.ask(words, *listed).hits}


@pytest.fixture
def english(tmp_path: Path) -> Index:
    return Index(tmp_path, *ENGLISH)


def test_both_find_one_another(english: Index) -> None:
    known = both("refund", "money back")

    assert set(english.scores("refund", known)) == {"refund", "money"}
    assert {"refund", "money"} <= set(english.scores("money back", known))


def test_one_way_finds_in_one_direction(english: Index) -> None:
    known = one_way("pw", "password")

    assert ids(english.ask("pw", known)) == ["password"]
    assert english.ask("password", known) == english.ask("password")


def test_the_word_asked_for_stays_above_its_synonym(english: Index) -> None:
    assert ids(english.ask("refund", both("refund", "money back"))) == ["refund", "money"]


def test_a_rare_synonym_does_not_outdo_the_word_in_a_title(tmp_path: Path) -> None:
    titled = [article(f"d{number}", f"Password {number}") for number in range(9)]
    found = Index(tmp_path, *titled, article("rare", "Notes", "A pw is one."))

    assert ids(found.ask("password", both("password", "pw")))[-1] == "rare"


def test_the_words_of_a_phrase_are_looked_for_together(english: Index) -> None:
    known = one_way("kohle", "money back")

    assert ids(english.ask("kohle", known)) == ["money"]


def test_a_phrase_is_known_only_where_its_words_follow_one_another(english: Index) -> None:
    known = one_way("money back", "password")

    assert "password" in english.scores("how do i get money back", known)
    assert "password" not in english.scores("back is the money", known)


def test_other_forms_of_a_word_have_its_synonyms(english: Index) -> None:
    known = one_way("reimbursements", "refunds")

    assert ids(english.ask("Reimbursement", known)) == ["refund"]


def test_two_forms_of_one_word_are_no_synonyms(english: Index) -> None:
    assert english.ask("refund", both("refund", "refunds")) == english.ask("refund")


def test_a_word_with_synonyms_is_no_typing_error(english: Index) -> None:
    mended = english.ask("passwerd")
    known = english.ask("passwerd", one_way("passwerd", "refund"))

    assert (mended.corrected, ids(mended)) == ("password", ["password"])
    assert known.corrected is None
    assert ids(known)[0] == "refund"


def test_synonyms_that_no_article_has_change_nothing(english: Index) -> None:
    known = one_way("passwerd", "zebra"), both("refund", "zebra crossing")

    assert english.ask("passwerd", *known) == english.ask("passwerd")
    assert english.ask("refund", *known) == english.ask("refund")


def test_typing_errors_in_synonyms_are_not_mended(english: Index) -> None:
    assert ids(english.ask("kohle", one_way("kohle", "passwrod"))) == []


def test_synonyms_of_synonyms_are_none(english: Index) -> None:
    known = one_way("pw", "secret"), one_way("secret", "password")

    assert ids(english.ask("pw", *known)) == []


def test_a_synonym_is_no_second_word_of_the_question(tmp_path: Path) -> None:
    found = Index(tmp_path, article("all", "Refund money cash"), article("one", "Refund"), CARD)

    assert ids(found.ask("refund", both("refund", "money", "cash")))[:2] == ["one", "all"]


def test_one_word_may_stand_in_a_phrase_that_has_synonyms_itself(english: Index) -> None:
    known = one_way("lost code", "password"), one_way("code", "card")

    assert set(english.scores("lost code", *known)) == {"password", "card", "money"}


def test_of_phrases_that_share_a_word_the_first_counts(english: Index) -> None:
    known = one_way("lost secret", "refund"), one_way("secret code", "password")

    assert ids(english.ask("lost secret code", *known)) == ["refund"]


def test_a_code_is_known_with_and_without_its_joints(english: Index) -> None:
    known = one_way("E-1042", "refund")

    for words in ("e-1042", "E1042", "error E-1042 in the app"):
        assert ids(english.ask(words, known)) == ["refund"]


def test_an_excerpt_marks_the_words_of_a_synonym(english: Index) -> None:
    (_, second) = english.ask("refund", both("refund", "money back")).hits

    assert second.excerpt == "We send your <mark>money</mark> <mark>back</mark> by card."


def test_a_synonym_of_one_language_does_not_hold_in_another(tmp_path: Path) -> None:
    found = Index(tmp_path, *ENGLISH, article("erstattung", "Erstattung", lang="de"))
    german, english = (one_way("cash", word, lang) for word, lang in _IN_TWO_LANGUAGES)

    assert ids(found.ask("cash", german, english, lang="de")) == ["erstattung"]
    assert ids(found.ask("cash", german, english, lang="en")) == ["refund"]
    assert ids(found.ask("cash", one_way("cash", "refund", "de"))) == []


_IN_TWO_LANGUAGES = (("Erstattung", "de-AT"), ("refund", "en"))


def test_a_synonym_without_a_language_holds_in_all(tmp_path: Path) -> None:
    found = Index(
        tmp_path, article("tan", "Your PIN"), article("pin", "Deine PIN vergessen", lang="de")
    )

    assert set(ids(found.ask("tan code", one_way("tan", "pin")))) == {"tan", "pin"}


@pytest.mark.parametrize(
    ("lang", "asked", "known", "title"),
    [
        ("de", "Rabattcoupons", "Rabattcoupon", "Gutscheincodes einlösen"),
        ("de", "mein retoure label", "Retoure Label", "Rücksendeetikett drucken"),
        ("sv", "få hem stålarna", "hem stålarna", "Återbetalning"),
        ("ja", "返金はいつ", "返金", "払い戻しの方法"),
        ("ja", "払い戻しはいつ", "払い戻し", "返金の方法"),
        ("ar", "ارجاع النقود", "إرجاع النقود", "استرداد الأموال"),
        ("th", "รีฟันด์", "รีฟันด์", "ขอเงินคืน"),
    ],
)
def test_a_synonym_goes_through_the_analysis_of_its_language(
    tmp_path: Path, *, lang: str, asked: str, known: str, title: str
) -> None:
    found = Index(tmp_path, article("a", title, lang=lang), article("b", "1", lang=lang))

    assert ids(found.ask(asked, one_way(known, title, lang))) == ["a"]
    assert ids(found.ask(asked)) == []


def test_of_very_many_synonyms_in_a_question_the_first_count(tmp_path: Path) -> None:
    asked = ["lorem", "ipsum", "dolor", "sit", "amet"]
    names = [f"x{number}" for number in range(100)]
    known = [
        Synonym((word,), tuple(names[20 * at : 20 * at + 20])) for at, word in enumerate(asked)
    ]
    found = Index(tmp_path, *map(article, names))

    assert found.ask(" ".join(asked), *known).total == alternatives.MOST


def test_a_version_carries_its_own_synonyms(tmp_path: Path) -> None:
    with index.begin(tmp_path, "one", key=KEY, synonyms=[one_way("pw", "password")]) as draft:
        draft.write_shelf("public", ENGLISH)
        draft.write_shelf("internal", [article("secret", "Password of the till")])
        version = draft.publish()

    assert ids(Edition(version, ("public",)).search("pw")) == ["password"]
    assert set(ids(Edition(version, ("public", "internal")).search("pw"))) == {"password", "secret"}


WORDS = ("refund", "money", "back", "password", "form", "card", "the", "mail", "pw", "zebra")
PHRASE = st.lists(st.sampled_from(WORDS), min_size=1, max_size=3).map(" ".join)
SIDE = st.lists(PHRASE, min_size=1, max_size=3).map(tuple)


QUESTION = st.lists(st.sampled_from(WORDS[:-2]), min_size=1, max_size=4).map(" ".join)


@settings(max_examples=60)
@given(question=QUESTION, listed=st.lists(st.builds(Synonym, SIDE, SIDE), max_size=3))
def test_a_synonym_takes_no_hit_away(
    tmp_path_factory: pytest.TempPathFactory, question: str, listed: Sequence[Synonym]
) -> None:
    found = Index(tmp_path_factory.getbasetemp() / "property", *ENGLISH)

    without, with_them = found.scores(question), found.scores(question, *listed)

    assert without.keys() <= with_them.keys()


@settings(max_examples=30)
@given(question=QUESTION, found=st.lists(SIDE, max_size=3))
def test_synonyms_of_other_words_change_nothing(
    tmp_path_factory: pytest.TempPathFactory, question: str, found: Sequence[tuple[str, ...]]
) -> None:
    known = Index(tmp_path_factory.getbasetemp() / "property", *ENGLISH)
    listed = [Synonym(("pw", "zebra"), side) for side in found]

    assert known.ask(question, *listed) == known.ask(question)
