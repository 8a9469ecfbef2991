"""`kb replay`: tickets of the past put to the search, and the unanswered ones grouped."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from answerloop.settings import Settings
from tests.answerloop.builders import built, repository, write
from tests.answerloop.builders import with_front_matter as fm
from tests.answerloop.test_command_line import failed, kb

TICKETS = """subject
Parcel late
parcel late
Parcel late
Re: gift card balance
gift card expired
buy a gift card for alice@example.org
do you repair bicycles
parcel damaged zebra
"""


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A repository that was built once; not to be changed."""
    known = repository(
        tmp_path_factory.mktemp("original"),
        {
            "en/parcel.md": fm("id: parcel", "# My parcel is late\n\nParcel damaged?\n"),
            "en/refund.md": fm("id: refund", "# Money back\n\nFor a parcel.\n"),
            "en/limits.md": fm("id: limits\naudience: internal", "# Gift card limits\n"),
            **{
                f"en/x{number}.md": fm(f"id: x{number}", f"# Lamp{number}\n") for number in range(5)
            },
            "de/paket.md": fm("id: parcel", "# Paket zu spät\n"),
        },
    )
    built(known)
    return known


def replayed(known: Settings, folder: Path, *options: str) -> Mapping[str, object]:
    write(folder, {"tickets.csv": TICKETS})
    done = kb(known.root, "replay", str(folder / "tickets.csv"), "--json", *options)
    told: Mapping[str, object] = json.loads(done.stdout)
    return told


def test_tickets_are_counted_by_how_well_they_are_covered(
    original: Settings, tmp_path: Path
) -> None:
    told = replayed(original, tmp_path, "--lang", "en")

    assert (told["total"], told["different"]) == (8, 7)
    assert told["counts"] == {"covered": 3, "weak": 1, "uncovered": 4}


def test_a_language_narrows_what_answers(original: Settings, tmp_path: Path) -> None:
    assert replayed(original, tmp_path, "--lang", "de")["counts"] == {
        "covered": 0,
        "weak": 0,
        "uncovered": 8,
    }


def test_what_is_not_covered_is_grouped_by_the_words_it_shares(
    original: Settings, tmp_path: Path
) -> None:
    told = replayed(original, tmp_path, "--lang", "en")

    assert told["groups"] == [
        {
            "words": ["gift", "card"],
            "count": 3,
            "uncovered": 3,
            "nearest": None,
            "examples": [
                "gift card balance",
                "gift card expired",
                "buy a gift card for [e-mail]",
            ],
        }
    ]
    assert told["alone"] == ["do you repair bicycles", "parcel damaged zebra"]


def test_a_group_names_the_article_that_comes_nearest(original: Settings, tmp_path: Path) -> None:
    write(tmp_path, {"tickets.csv": "subject\nparcel damaged zebra\nparcel late zebra\n"})

    done = kb(original.root, "replay", str(tmp_path / "tickets.csv"))

    assert "2 tickets, 2 different subjects: 0 covered (0%), 2 weak (100%)" in done.stdout
    assert "    2  zebra\n       nearest: My parcel is late (parcel)\n" in done.stdout
    assert "       - parcel damaged zebra\n" in done.stdout


def test_an_internal_article_answers_no_customer(original: Settings, tmp_path: Path) -> None:
    write(tmp_path, {"tickets.csv": "subject\ngift card limits\n"})

    done = kb(original.root, "replay", str(tmp_path / "tickets.csv"))

    assert "1 uncovered (100%)" in done.stdout
    assert "limits)" not in done.stdout


def test_a_column_that_is_not_there_is_said(original: Settings, tmp_path: Path) -> None:
    write(tmp_path, {"tickets.csv": "subject\na\n"})

    said = failed(original.root, "replay", str(tmp_path / "tickets.csv"), "--column", "betreff")

    assert said.endswith("tickets.csv:1: no column `betreff`. There are: `subject`.")


def test_a_replay_before_the_first_build_names_the_remedy(tmp_path: Path) -> None:
    repository(tmp_path, {"a.md": "# A\n"})
    write(tmp_path, {"tickets.csv": "subject\na\n"})

    assert "`kb build`" in failed(tmp_path, "replay", "tickets.csv")
