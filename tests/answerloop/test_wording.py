"""The words of the interface: every sentence that a template says stands in every catalogue."""

import re
from collections.abc import Iterator
from importlib import resources
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from answerloop import wording as words
from answerloop.wording import available, wording
from feedback.model import Reason

APPLICATION = Path(str(resources.files("answerloop")))
LANGS = ("ar", "de", "es", "fr", "sv")
# t("…") and home.t("…"), but not lang.t("…"), which are Material's own words
SAID = re.compile(r"""(?<!lang\.)\bt\(\s*(["'])(?P<sentence>(?:(?!\1)[^\\]|\\.)*)\1""")
COUNTED = re.compile(r'\bt\.many\(\s*"(?P<one>[^"]+)",\s*"(?P<other>[^"]+)"')
SAID_BY_PROGRAM = re.compile(r'(?:wording\([\w.]+\)|\bsay)\(\s*"(?P<sentence>[^"]+)"')
TOGGLE = re.compile(r'"toggle": \{.*"name": "(?P<sentence>[^"]+)"')
PLACE = re.compile(r"%\((\w+)\)s")


def sentences() -> set[str]:
    """Every English sentence of the site and of the fragments that the service fills in."""
    templates = [
        *APPLICATION.glob("theme/**/*.html"),
        *APPLICATION.glob("templates/**/*.html"),
    ]
    said = {
        match["sentence"]
        for path in templates
        for match in SAID.finditer(path.read_text(encoding="utf-8"))
    }
    programs = [
        path.read_text(encoding="utf-8")
        for path in APPLICATION.glob("**/*.py")
        if "desk" not in path.parts  # which has catalogues of its own
    ]
    return said | {
        match["sentence"]
        for text in programs
        for pattern in (SAID_BY_PROGRAM, TOGGLE)
        for match in pattern.finditer(text)
    }


def counted() -> set[tuple[str, str]]:
    """The pairs of sentences of which a number chooses one."""
    folders = ("theme/**/*.html", "templates/**/*.html", "site/*.py")
    return {
        (match["one"], match["other"])
        for path in (path for folder in folders for path in APPLICATION.glob(folder))
        for match in COUNTED.finditer(path.read_text(encoding="utf-8"))
    }


def catalogue(lang: str) -> Catalog:
    with (APPLICATION / "translations" / f"{lang}.po").open("rb") as stream:
        return read_po(stream)


def test_the_interface_is_offered_in_five_languages_and_in_arabic() -> None:
    assert ("en", *sorted(LANGS)) == available()


def test_the_templates_say_something() -> None:
    assert {"Search", "Did this answer your question?", "Previous"} <= sentences()


@pytest.mark.parametrize("lang", LANGS)
def test_every_sentence_of_the_templates_stands_in_the_catalogue(lang: str) -> None:
    translated = {message.id for message in catalogue(lang) if message.id and message.string}

    assert not (sentences() | counted()) - translated


@pytest.mark.parametrize("lang", LANGS)
def test_no_sentence_of_the_catalogue_is_unused(lang: str) -> None:
    kept = {message.id for message in catalogue(lang) if message.id}

    assert not kept - sentences() - counted()


@pytest.mark.parametrize("lang", LANGS)
def test_a_translation_has_the_places_of_its_sentence(lang: str) -> None:
    differing = [
        message.id
        for message in catalogue(lang)
        if message.id
        and set(PLACE.findall(str(message.id))) != set(PLACE.findall(str(message.string)))
    ]

    assert not differing


@pytest.mark.parametrize("lang", LANGS)
def test_no_translation_is_marked_as_doubtful(lang: str) -> None:
    assert not [message.id for message in catalogue(lang) if message.id and message.fuzzy]


@pytest.mark.parametrize("template", ["theme/partials/feedback.html", "templates/outcome.html"])
def test_every_reason_is_put_in_words(template: str) -> None:
    text = (APPLICATION / template).read_text(encoding="utf-8")

    assert not [reason for reason in Reason if f'"{reason}": t("' not in text]


@pytest.mark.parametrize(
    ("lang", "expected"),
    [("de", "Treffer: 7"), ("de-AT", "Treffer: 7"), ("en", "Results: 7"), ("zh", "Results: 7")],
)
def test_a_region_speaks_its_language_and_an_unknown_one_english(lang: str, expected: str) -> None:
    assert expected == wording(lang)("Results: %(count)s", count=7)


RESULTS = ("%(count)s result", "%(count)s results")


@pytest.mark.parametrize(
    ("lang", "count", "expected"),
    [
        ("en", 1, "1 result"),
        ("en", 2, "2 results"),
        ("de", 1, "1 Treffer"),
        ("sv", 2, "2 träffar"),
        ("fr", 0, "0 résultat"),
        ("es", 0, "0 resultados"),
        ("ar", 2, "نتيجتان"),
        ("ar", 3, "3 نتائج"),
        ("ar", 11, "11 نتيجة"),
        ("zh", 2, "2 results"),
    ],
)
def test_a_number_chooses_the_form_of_its_language(lang: str, count: int, expected: str) -> None:
    assert expected == wording(lang).many(*RESULTS, count=count)


POLISH = r"""
msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\n"
"Plural-Forms: nplurals=3; plural=(n==1 ? 0 : n%10>=2 && n%10<=4 && (n%100<12 || n%100>14)"
" ? 1 : 2);\n"

msgid "Yes"
msgstr "Tak"

msgid "Not stored: %(why)s"
msgstr "Nie zapisano: %(reason)s"

msgid "%(count)s result"
msgid_plural "%(count)s results"
msgstr[0] "%(count)s wynik"
msgstr[1] "%(count)s wyniki"
msgstr[2] "%(count)s wyników"
"""


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Path]:
    """The `translations/` of a content repository, in use until the test ends."""
    folder = tmp_path / words.FOLDER
    folder.mkdir()
    (folder / "pl.po").write_text(POLISH, encoding="utf-8")
    (folder / "de.po").write_text('msgid "Yes"\nmsgstr "Jawohl"\n', encoding="utf-8")
    words.use(tmp_path)
    yield folder
    words.use(tmp_path / "nowhere")


@pytest.mark.usefixtures("own")
def test_a_language_is_added_by_a_file_in_the_content_repository() -> None:
    polish = wording("pl-PL")

    assert (polish("Yes"), polish("No")) == ("Tak", "No")
    assert [polish.many(*RESULTS, count=n) for n in (1, 4, 5)] == [
        "1 wynik",
        "4 wyniki",
        "5 wyników",
    ]


@pytest.mark.usefixtures("own")
def test_a_sentence_of_the_content_repository_goes_before_ours() -> None:
    assert (wording("de")("Yes"), wording("de")("No")) == ("Jawohl", "Nein")


def test_a_translation_that_could_not_be_filled_in_is_told_and_not_used(own: Path) -> None:
    said = wording("pl")("Not stored: %(why)s", why="no")

    assert [line for line, _ in words.faults(own / "pl.po")] == [11]
    assert said == "Not stored: no"


def test_a_catalogue_that_cannot_be_read_is_told_and_loses_nothing(own: Path) -> None:
    (own / "de.po").write_text("rubbish\n", encoding="utf-8")
    words.use(own.parent)

    assert [line for line, _ in words.faults(own / "de.po")] == [0]
    assert wording("de")("Yes") == "Ja"
