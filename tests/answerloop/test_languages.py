"""Which language a path is in, and how a language is called."""

from datetime import date
from pathlib import PurePosixPath

import pytest

from answerloop import languages
from tests.answerloop.builders import recognised


@pytest.mark.parametrize(
    ("paths", "folders"),
    [
        (("en/a.md", "de/b.md"), {"en", "de"}),
        (("de/a.md",), {"de"}),
        (("index.md", "de/a.md"), {"de"}),
        (("it/a.md", "sales/b.md"), set()),
        (("it/a.md", "hr/b.md", "sales/c.md"), set()),
        (("it/index.md", "hr/index.md", "sales/index.md"), set()),
        (("en/a.md", "de/b.md", "includes/c.md"), {"en", "de"}),
        (("en/a.md", "includes/c.md"), {"en"}),
        (("account/a.md", "de/account/a.md"), {"de"}),
        (("account/a.md", "de/a.md", "fr/a.md"), {"de", "fr"}),
        (("pt-BR/a.md", "pt_PT/a.md"), {"pt-BR", "pt_PT"}),
        (("zh-CN/a.md", "zh-TW/a.md", "es-419/a.md"), {"zh-CN", "zh-TW", "es-419"}),
        (("sr-Latn/a.md", "en/a.md"), {"sr-Latn", "en"}),
        (("faq/a.md", "api/b.md"), set()),
        (("xx/a.md",), set()),
        (("DE/a.md",), set()),
        ((), set()),
    ],
)
def test_top_folders_are_languages_unless_they_may_be_departments(
    paths: tuple[str, ...], folders: set[str]
) -> None:
    assert folders == recognised(*paths).folders


def test_a_department_is_a_language_when_the_settings_say_so() -> None:
    known = recognised("it/a.md", "sales/b.md", configured=("it",))

    assert {"it"} == known.folders


def test_a_folder_is_no_language_when_the_settings_name_others() -> None:
    known = recognised("en/a.md", "de/b.md", "fr/c.md", configured=("en", "de"))

    assert {"en", "de"} == known.folders


def test_configured_languages_may_be_written_in_any_form() -> None:
    known = recognised("pt_BR/a.md", "name.pt-BR.md", configured=("pt-br",))

    assert known.folders | known.suffixes == {"pt_BR", "pt-BR"}


def test_a_language_that_no_table_knows_can_be_configured() -> None:
    known = recognised("xx/a.md", configured=("xx",))

    assert known.place(PurePosixPath("xx/a.md")).lang == "xx"


@pytest.mark.parametrize(
    ("path", "suffixes"),
    [
        ("a.de.md", {"de"}),
        ("a._de.md", {"de"}),
        ("x/a.pt-BR.md", {"pt-BR"}),
        ("a.zh-CN.md", {"zh-CN"}),
        ("a.min.md", set()),
        ("v1.2.md", set()),
        ("a.faq.md", set()),
        (".de.md", set()),
        ("de.md", set()),
    ],
)
def test_a_suffix_is_a_language_when_one_is_called_so(path: str, suffixes: set[str]) -> None:
    assert suffixes == recognised(path).suffixes


def test_a_place_is_the_path_without_its_mark() -> None:
    known = recognised("en/a.md", "de/a.md", "a.fr.md")

    assert languages.Place("de", PurePosixPath("x/a.md"), marked=True) == known.place(
        PurePosixPath("de/x/a.md")
    )
    assert languages.Place("fr", PurePosixPath("x/a.md"), marked=True) == known.place(
        PurePosixPath("x/a.fr.md")
    )
    assert languages.Place("en", PurePosixPath("x/a.md"), marked=False) == known.place(
        PurePosixPath("x/a.md")
    )


def test_a_file_named_like_a_folder_is_no_mark() -> None:
    known = recognised("de/a.md", "en/a.md")

    assert not known.place(PurePosixPath("de.md")).marked


@pytest.mark.parametrize(
    ("name", "tag"),
    [
        ("de", "de"),
        ("DE", "de"),
        ("pt_br", "pt-BR"),
        ("zh_hans", "zh-Hans"),
        ("zh-hans-cn", "zh-Hans-CN"),
        ("es_419", "es-419"),
    ],
)
def test_a_tag_is_written_as_the_standard_says(name: str, tag: str) -> None:
    assert tag == languages.tag(name)


@pytest.mark.parametrize(
    ("lang", "name"),
    [
        ("de", "Deutsch"),
        ("sv", "Svenska"),
        ("pt-BR", "Português (Brasil)"),
        ("zh-CN", "中文 (简体, 中国)"),
        ("xx", "xx"),
        ("", ""),
    ],
)
def test_a_language_is_called_as_its_speakers_call_it(lang: str, name: str) -> None:
    assert name == languages.display_name(lang)


@pytest.mark.parametrize(
    ("lang", "direction"),
    [
        ("ar", "rtl"),
        ("he", "rtl"),
        ("fa-IR", "rtl"),
        ("de", "ltr"),
        ("zh-TW", "ltr"),
        ("xx", "ltr"),
    ],
)
def test_some_languages_are_written_from_right_to_left(lang: str, direction: str) -> None:
    assert direction == languages.direction(lang)


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("en", "3 November 2026"),
        ("en-US", "November 3, 2026"),
        ("de", "3. November 2026"),
        ("xx", "3 November 2026"),
    ],
)
def test_a_day_is_written_in_the_words_of_the_language(lang: str, words: str) -> None:
    assert words == languages.long_date(date(2026, 11, 3), lang)


@pytest.mark.parametrize(
    ("lang", "titles"),
    [
        ("de", ["Abo", "Ändern", "Bezahlen", "Größe", "Zoll"]),
        ("sv", ["Zon", "Återbetalning", "Ändra", "Öppettider"]),
        ("nb", ["Zone", "Ære", "Øst", "Åpent"]),
        ("es", ["Abrir", "¿Cómo pago?", "Éxito", "¡Hola!"]),
        ("en", ["2 lamps", "10 lamps", "Part 2", "“Part” 3", "part 10"]),
    ],
)
def test_titles_stand_where_readers_of_the_language_look(lang: str, titles: list[str]) -> None:
    shuffled = sorted(titles, key=len)

    found = sorted(shuffled, key=lambda title: languages.reading_order(title, lang))

    assert found == titles
