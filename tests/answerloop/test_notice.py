"""The notice for readers says of this installation what is true of it, in three languages."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from answerloop import notice
from answerloop.sections import FeedbackSettings, PrivacySettings, ServerSettings
from answerloop.settings import Settings
from tests.answerloop.builders import repository
from tests.answerloop.test_command_line import kb

LANGUAGES = ("en", "de", "sv")


@pytest.fixture
def known(tmp_path: Path) -> Settings:
    return repository(tmp_path, {"en/a.md": "# A\n"})


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_figures_are_those_of_the_settings(known: Settings, lang: str) -> None:
    known = replace(known, privacy=PrivacySettings(searches_days=12, remarks_months=7))

    text = notice.text(known, lang)

    assert re.findall(r"\b\d+\b", text.partition("\n---\n")[2]) == [
        "12", "7", "48", "180", "6", "1", "35",
    ]  # fmt: skip
    assert set(re.findall(r"@[a-z_]+@", text)) == {"@id@", "@title@"}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_random_id_is_told_of_where_there_is_one(known: Settings, lang: str) -> None:
    without = replace(known, feedback=FeedbackSettings(device_id=False))

    with_it, without_it = notice.text(known, lang), notice.text(without, lang)

    assert len(with_it.split("\n\n")) == len(without_it.split("\n\n")) + 1


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_is_logged_is_told_as_it_is(known: Settings, lang: str) -> None:
    logging = replace(known, server=ServerSettings(access_log=True))

    here, elsewhere = notice.text(logging, lang), notice.text(known, lang)

    assert here != elsewhere
    assert len(here.split("\n\n")) == len(elsewhere.split("\n\n"))


def test_all_languages_say_the_same_in_the_same_order(known: Settings) -> None:
    texts = [notice.text(known, lang).split("\n\n") for lang in LANGUAGES]

    shapes = {tuple(part[:2] if part[0] in "#<" else "" for part in text) for text in texts}

    assert len(shapes) == 1


@pytest.mark.parametrize(("lang", "same"), [("pt-BR", "en"), ("de-AT", "de"), ("../en", "en")])
def test_any_other_language_has_the_english_one(known: Settings, lang: str, same: str) -> None:
    assert notice.text(known, lang) == notice.text(known, same)


@pytest.mark.parametrize(
    ("path", "words"),
    [("de/hilfe/datenschutz", "Wer verantwortlich ist"), ("en/privacy", "Who is responsible")],
)
def test_the_command_writes_it_as_work_in_progress_in_the_language_of_its_path(
    tmp_path: Path, path: str, words: str
) -> None:
    repository(tmp_path, {"en/a.md": "# A\n", "de/a.md": "# A\n"})

    done = kb(tmp_path, "new", "privacy", path)
    text = (tmp_path / f"kb/{path}.md").read_text("utf-8")

    assert done.exit_code == 0
    assert words in text
    assert "state: work-in-progress" in text
    assert kb(tmp_path, "check").exit_code == 0
