"""Words and terms: what a reader types finds what an author wrote."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search import analysis, languages


def words(text: str) -> list[str]:
    return [token.text for token in analysis.tokens(text)]


def term(word: str, lang: str) -> str:
    return languages.language(lang).stem(analysis.surface(word))


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
        ("ar", "الطلب", "طلب"),
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
    assert term("objednávky", "sk") == "objednavky"


def test_stop_words_are_known_in_any_case_and_without_accents() -> None:
    assert languages.language("fr").is_stop_word("été")
    assert languages.language("en").is_stop_word(analysis.surface("The"))
    assert not languages.language("en").is_stop_word("refund")


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("resetPassword", ["resetPassword", "reset", "Password"]),
        ("HTMLPage", ["HTMLPage", "HTML", "Page"]),
        ("Windows11", ["Windows11", "Windows", "11"]),
        ("ändraLösenord", ["ändraLösenord", "ändra", "Lösenord"]),
        ("PAY-3DS-07", ["PAY-3DS-07", "PAY", "3DS", "07"]),
        ("x509", ["x509"]),
        ("0x80070005", ["0x80070005"]),
        ("Refund", ["Refund"]),
        ("FAQ", ["FAQ"]),
    ],
)
def test_what_is_written_as_one_comes_whole_and_in_its_parts(
    word: str, expected: list[str]
) -> None:
    assert expected == words(word)


@pytest.mark.parametrize(
    ("one", "other"),
    [("E-1042", "e1042"), ("PAY_3DS-07", "pay3ds07"), ("Rück\u00adgabe", "rückgabe")],
)
def test_the_joints_of_a_word_do_not_count(one: str, other: str) -> None:
    assert analysis.surface(one) == analysis.surface(other)


def test_points_in_a_version_count() -> None:
    assert analysis.surface("2.7.5") != analysis.surface("27.5")


def test_a_word_has_the_grams_of_its_letters_and_edges() -> None:
    assert {"<ref", "refu", "efun", "fund", "und>"} == analysis.grams("refund")


@pytest.mark.parametrize("word", ["in", "1042", "e1042"])
def test_a_short_word_or_a_code_is_one_gram(word: str) -> None:
    assert {f"<{word}>"} == analysis.grams(word)


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
