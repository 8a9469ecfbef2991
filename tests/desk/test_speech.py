"""The desk speaks the language of whoever works at it, and its catalogues lack nothing."""

import re
from importlib import resources
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from answerloop.desk import acts, gap_acts, gaps, phrases, speech
from feedback import sentences as written
from feedback import words
from tests.desk.desk import Desk

DESK = Path(str(resources.files("answerloop.desk")))
LANGS = speech.LANGS[1:]
SAID = r"""\b{}\(\s*(["'])(?P<sentence>(?:(?!\1)[^\\]|\\.)*)\1"""
COUNTED = re.compile(r"""\bmany\(\s*"(?P<one>[^"]+)",\s*"(?P<other>[^"]+)\"""")
JOINED = re.compile(r'"\s*\n\s*"')
"""Where a long sentence goes on in the next line."""
TOLD = ("queue.py", "words.py")
"""Modules of the loop that are given the speaking function."""
PATCHES = ("drafts.py", "patches.py", "commits.py")
"""Modules that say why there is no patch."""
REFUSED = re.compile(
    r'''\b(?:StaleItem|_words)\(\s*(?:f?"[^"]+"|[\w.]+),\s*"(?P<sentence>[^"]+)"'''
)
"""What somebody else did in the meantime; which words are missing."""
PLACE = re.compile(r"%\((\w+)\)s")


def sentences() -> set[str | tuple[str, str]]:
    """Every English sentence that the desk says."""
    said: set[str | tuple[str, str]] = {*worded()}
    loop = Path(str(resources.files("feedback")))
    sources = (
        *((path, "_") for path in DESK.glob("templates/**/*.html")),
        *((path, "say") for path in DESK.glob("*.py")),
        *((loop / name, "say") for name in TOLD),
        *((DESK.parent / name, "PatchError") for name in PATCHES),
        *((loop / name, "") for name in ("actions.py", "remarks.py")),
    )
    for path, name in sources:
        if path.name != "speech.py":
            text = JOINED.sub("", path.read_text(encoding="utf-8"))
            sought = SAID.format(name) if name else REFUSED
            said.update(match["sentence"] for match in re.finditer(sought, text))
            said.update((match["one"], match["other"]) for match in COUNTED.finditer(text))
    return said


def worded() -> set[str]:
    """The sentences that stand in tables."""
    tables = (
        *(table for name, table in vars(phrases).items() if name.isupper() and name != "UTC"),
        {name: act.done for name, act in acts.ACTS.items()},
        {name: act.done for name, act in gap_acts.ACTS.items()},
        words.REASONS,
        {name: said for name, said in vars(written).items() if name.isupper()},
        dict.fromkeys([*words.MONTHS, gaps.COMMITTED]),
    )
    found: set[str] = set()
    for table in tables:
        for key, value in table.items():
            found.update([key] if value is None else [value] if isinstance(value, str) else value)
    return found


def catalogue(lang: str) -> Catalog:
    with (DESK / "translations" / f"{lang}.po").open("rb") as stream:
        return read_po(stream, locale=lang)


def test_the_desk_is_offered_in_three_languages() -> None:
    assert speech.LANGS == ("en", "de", "sv")
    assert "Sign out" in sentences()


@pytest.mark.parametrize("lang", LANGS)
def test_every_sentence_of_the_desk_stands_in_the_catalogue_and_no_other(lang: str) -> None:
    translated = {
        message.id for message in catalogue(lang) if message.id and all(message.string or ())
    }

    assert sentences() == translated


@pytest.mark.parametrize("lang", LANGS)
def test_a_translation_has_the_places_of_its_sentence(lang: str) -> None:
    differing = [
        message.id
        for message in catalogue(lang)
        if message.id
        and set(PLACE.findall(str(message.id))) != set(PLACE.findall(str(message.string)))
    ]

    assert not differing


def test_the_desk_speaks_what_the_browser_asks_for(desk: Desk) -> None:
    page = desk.browser().get("/desk/login", headers={"Accept-Language": "de-AT,en;q=0.5"})

    assert '<html lang="de">' in page.text
    assert "Zum Inhalt springen" in page.text


def test_a_language_that_was_chosen_goes_before(desk: Desk) -> None:
    browser = desk.browser()
    chosen = browser.post("/desk/language", data={"lang": "sv", "next": "/desk/login"})

    page = browser.get("/desk/login", headers={"Accept-Language": "de"})

    assert (chosen.status_code, chosen.location) == (303, "/desk/login")
    assert "Hoppa till innehållet" in page.text


def test_a_language_that_there_is_not_is_not_kept(desk: Desk) -> None:
    chosen = desk.browser().post("/desk/language", data={"lang": "tlh", "next": "//evil.example/"})

    assert (chosen.status_code, chosen.location) == (303, "/desk/")
    assert "Set-Cookie" not in chosen.headers
