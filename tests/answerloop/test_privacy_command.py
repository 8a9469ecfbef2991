"""`kb privacy` finds readers by what they have: a private link, or an address."""

import json
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from answerloop import installation, store
from answerloop.cli import main
from feedback import keepsakes, revisions, votes
from feedback.model import Ballot
from feedback.sealing import Seals
from tests.answerloop.builders import NOW, repository
from tests.feedback.builders import FIRST, KEY, article, draws

ALICE = "alice@example.org"
WORDS = "The shelf in the blue room is too high."


@pytest.fixture
def token(tmp_path: Path) -> str:
    """A reader has left a remark and an address; the token of the link to both."""
    settings = repository(tmp_path, {"en/a.md": "# A\n"})
    seals = Seals(installation.contacts_key(settings))
    ballot = Ballot(KEY.article, KEY.lang, FIRST, helpful=False, visitor="a", network="n",
                    remark=WORDS)  # fmt: skip
    said = keepsakes.prepare(votes.prepare(ballot), ALICE, seals=seals, randomness=draws)
    with closing(store.open(settings)) as database, database.write() as db:
        revisions.publish(db, [article()], NOW)
        token = keepsakes.store(db, said, NOW).token
    assert token is not None
    return token


@pytest.mark.parametrize("kind", ["receipt", "mail"])
def test_what_a_reader_left_is_shown_and_erased_to_the_last_byte(
    tmp_path: Path, token: str, kind: str
) -> None:
    whom = ALICE if kind == "mail" else f"https://help.example.org/f/{token}"

    kept = privacy(tmp_path, "export", kind, whom)
    trial = privacy(tmp_path, "erase", kind, whom, "--dry-run")
    erased = privacy(tmp_path, "erase", kind, whom)
    after = privacy(tmp_path, "export", kind, whom)

    assert kept[kind]["beside votes"][0]["remark"][0]["text"] == WORDS
    assert trial["erased"] == erased["erased"]
    assert erased["erased"]["beside votes"] == 4
    assert (trial["wiped"], erased["wiped"]) == (False, True)
    assert after[kind]["beside votes"] == []
    for file in (tmp_path / "var").glob("kb.db*"):
        assert WORDS.encode() not in file.read_bytes()


def privacy(root: Path, verb: str, kind: str, whom: str, *options: str) -> Any:
    """What the command prints; the person is named on standard input."""
    arguments = ["-C", str(root), "privacy", verb, kind, "-", *options]
    done = CliRunner().invoke(main, arguments, input=f"{whom}\n", catch_exceptions=False)
    assert done.exit_code == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize(
    ("kind", "whom", "said"),
    [
        ("account", "charly", "Is it spelt as `kb user list` has it?"),
        ("receipt", "xyz", "Expected the whole link"),
        ("mail", "nobody@example.org", "nothing is kept under this address"),
    ],
)
def test_who_erases_nobody_is_told_so(tmp_path: Path, kind: str, whom: str, said: str) -> None:
    repository(tmp_path, {"a.md": "# A"})
    runner = CliRunner()

    shown = runner.invoke(main, ["-C", str(tmp_path), "privacy", "export", kind, whom])
    erased = runner.invoke(main, ["-C", str(tmp_path), "privacy", "erase", kind, whom])

    assert (shown.exit_code, erased.exit_code) == (0, 0)
    assert said in shown.stderr
    assert said in erased.stderr
