"""The script for other sites: there where it may be used, in the languages of the site."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from answerloop import settings
from answerloop.errors import SettingsError
from answerloop.machines import embed
from tests.answerloop.builders import repository
from tests.answerloop.machines.world import public

FRAMERS = ("https://app.example.com",)


def told(script: str) -> Any:
    """What the build has told the script of the site."""
    line = next(line for line in script.splitlines() if "const site = " in line)
    return json.loads(line.partition("const site = ")[2].rpartition(";")[0])


def test_there_is_no_script_where_nobody_may_use_it(tmp_path: Path) -> None:
    assert embed.text(public(tmp_path)) == ""


def test_the_script_knows_the_pages_and_the_words_of_each_language(tmp_path: Path) -> None:
    site = told(embed.text(replace(public(tmp_path), framers=FRAMERS)))

    assert site["first"] == "en"
    assert set(site["langs"]) == {"en", "de"}
    german = site["langs"]["de"]
    assert (german["home"], german["search"], german["dir"]) == ("de/", "de/search/", "ltr")
    assert german["words"]["help"] == "Hilfe"


@pytest.mark.parametrize("origin", ["*", "https://app.example.com/", "app.example.com"])
def test_an_origin_is_a_scheme_and_a_host(tmp_path: Path, origin: str) -> None:
    with pytest.raises(SettingsError, match="expected an address"):
        repository(tmp_path, {}, kb_toml=f'[embed]\norigins = ["{origin}"]\n')


def test_without_settings_nobody_may_frame_the_pages(tmp_path: Path) -> None:
    assert settings.load(repository(tmp_path, {}).root, {}).embed.origins == ()
