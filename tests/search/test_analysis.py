"""Words and terms: what a reader types finds what an author wrote."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search import analysis, schema


def words(text: str) -> list[str]:
    return [token.text for token in analysis.tokens(text)]


def term(word: str, lang: str) -> str:
    return schema.language(lang).term(word)


def test_punctuation_separates_words() -> None:
    assert words("Log in; (then) \u2013 wait!") == ["Log", "in", "then", "wait"]


def test_a_code_comes_whole_and_in_its_parts() -> None:
    assert words("Error E-1042 in 2.7.5.") == [
        "Error",
        "E-1042",
        "E",
        "1042",
        "in",
        "2.7.5",
        "2",
        "7",
        "5",
    ]


def test_a_hyphen_between_plain_words_only_separates() -> None:
    assert words("e-mail") == ["e", "mail"]


def test_an_error_code_is_one_word() -> None:
    assert words("0x80070005") == ["0x80070005"]


def test_a_decomposed_accent_stays_in_its_word() -> None:
    assert words("cafe\u0301") == ["cafe\u0301"]


def test_a_soft_hyphen_does_not_break_a_word() -> None:
    assert analysis.fold("Rückgabe") == analysis.fold(words("Rück\u00adgabe")[0])


def test_scripts_without_spaces_come_as_characters_and_pairs() -> None:
    assert words("重置密码") == ["重", "重置", "置", "置密", "密", "密码", "码"]


def test_a_query_takes_pairs_alone_unless_a_character_stands_alone() -> None:
    pairs = [token.text for token in analysis.tokens("密码 税", singles=False)]

    assert pairs == ["密码", "税"]


def test_thai_vowels_stay_with_their_consonants() -> None:
    assert words("ที่นี่") == ["ที่", "ที่นี่", "นี่"]


def test_latin_words_inside_chinese_stay_whole() -> None:
    assert words("用iPhone付") == ["用", "iPhone", "付"]


def test_words_beyond_forty_letters_are_cut() -> None:
    assert words("a" * 100_000) == ["a" * 40]


@pytest.mark.parametrize(
    ("typed", "written"),
    [("GROSSE", "Größe"), ("cafe", "café"), ("ode", "Øde"), ("\uff11\uff12", "12"), ("лед", "лёд")],
)
def test_case_width_and_accents_do_not_matter(typed: str, written: str) -> None:
    assert analysis.fold(typed) == analysis.fold(written)


@pytest.mark.parametrize(
    ("lang", "typed", "written"),
    [
        ("en", "refunds", "refunded"),
        ("de", "Rechnungen", "Rechnung"),
        ("sv", "beställningar", "beställningen"),
        ("fr", "remboursements", "remboursement"),
        ("fr", "prelevement", "prélèvements"),
        ("es", "devoluciones", "devolución"),
        ("ru", "заказы", "заказа"),
        ("ar", "الطلبات", "طلبات"),
        ("nb", "bestillinger", "bestillingen"),
    ],
)
def test_forms_of_a_word_are_one_term(lang: str, typed: str, written: str) -> None:
    assert term(typed, lang) == term(written, lang)


def test_a_word_with_digits_is_not_stemmed() -> None:
    assert term("x509s", "en") == "x509s"


def test_a_word_that_is_all_ending_stays() -> None:
    assert term("ь", "ru") == "ь"


def test_a_language_without_a_stemmer_keeps_its_words() -> None:
    assert term("zamówienia", "pl") == "zamowienia"


def test_stop_words_do_not_count_beside_others() -> None:
    terms = schema.language("en").terms(["how", "do", "I", "get", "a", "refund"], limit=9)

    assert terms == ("get", "refund")


def test_stop_words_count_where_there_is_nothing_else() -> None:
    assert schema.language("en").terms(["How", "to"], limit=9) == ("how", "to")


def test_a_repeated_word_is_one_term() -> None:
    assert schema.language("en").terms(["refund", "Refunds"], limit=9) == ("refund",)


@pytest.mark.parametrize(
    ("lang", "expected"),
    [("pt-BR", "pt"), ("de_AT", "de"), ("EN", "en"), ("zh-Hant-TW", "zh"), ("", "und")],
)
def test_the_language_of_a_tag(lang: str, expected: str) -> None:
    assert expected == analysis.base(lang)


@pytest.mark.parametrize(
    ("lang", "expected"),
    [
        ("de", {"de", "de-AT"}),
        ("de-AT", {"de-AT"}),
        ("de-CH", {"de", "de-AT"}),
        ("PT_br", {"pt-BR"}),
        ("pt", {"pt-BR"}),
        ("tlh", set()),
        ("", set()),
        ("../", set()),
    ],
)
def test_the_articles_that_a_reader_of_a_language_means(lang: str, expected: set[str]) -> None:
    assert expected == analysis.matching(lang, ["de", "de-AT", "pt-BR", "en"])


@given(st.text())
def test_each_word_lies_where_it_says(text: str) -> None:
    tokens = list(analysis.tokens(text))

    assert [token.start for token in tokens] == sorted(token.start for token in tokens)
    assert all(text[token.start : token.end].startswith(token.text) for token in tokens)
    assert all(len(token.text) > 0 for token in tokens)


@given(st.text(min_size=1, max_size=40), st.sampled_from(["ar", "de", "en", "fi", "ru", "zh"]))
def test_every_word_has_a_term_in_every_language(word: str, lang: str) -> None:
    assert isinstance(term(word, lang), str)
