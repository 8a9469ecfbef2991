"""Age and votes move an article a little, and two builds of one commit and its votes are equal."""

from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from answerloop import builds, catalog, highlights, history, installation, priors, store
from answerloop.highlights import Heard
from answerloop.settings import Settings
from feedback import votes
from feedback.model import ArticleId, ArticleKey, Ballot, Revision
from search.formula import FORMULA
from search.reader import Reader
from tests.answerloop.builders import NOW, built, repository, write
from tests.answerloop.test_history import FIRST, commit, git

OLD, NEW = ArticleKey(ArticleId("old"), "en"), ArticleKey(ArticleId("new"), "en")
ARRAYS = "editions/public/en.arrays"
YEARS = timedelta(days=730)
SAME = "# Money back\n\nAll of your money comes back within a week.\n"


@pytest.fixture
def known(tmp_path: Path) -> Settings:
    """Two articles of the same words, written four years apart."""
    found = repository(tmp_path, {"old.md": SAME}, kb_toml="")
    write(tmp_path, {".gitignore": "var/\nsite\n"})
    git(tmp_path, "init", "--quiet", "--initial-branch", "main")
    commit(tmp_path, "Write", FIRST)
    write(tmp_path / "kb", {"new.md": SAME})
    commit(tmp_path, "Write another", FIRST + 2 * YEARS)
    return found


def weighed(known: Settings) -> priors.Priors:
    return priors.of(built(known).catalog, history.last_changes(known.content_dir), known)


def scores(known: Settings) -> dict[str, float]:
    with Reader(known.builds_dir, key=installation.secret(known)) as reader:
        return {hit.id: hit.score for hit in reader.search("money").hits}


def say(known: Settings, article: str, *, helpful: bool, readers: int) -> None:
    """Let readers of different networks vote on the text that is published."""
    with closing(store.open(known)) as db, db.write() as connection:
        for number in range(readers):
            ballot = Ballot(
                article=ArticleId(article),
                lang="en",
                revision=revision(known, article),
                visitor=f"reader {number}",
                network=f"network {number}",
                helpful=helpful,
            )
            votes.cast(connection, ballot, NOW)


def revision(known: Settings, article: str) -> Revision:
    return Revision(catalog.load(known).by_id[ArticleId(article)]["en"].revision)


@pytest.mark.parametrize(("age", "expected"), [(0, 1.0), (1, 0.0), (2, -0.5), (50, -1.0)])
def test_freshness_halves_every_two_years(age: int, expected: float) -> None:
    newest = datetime(2026, 1, 1)  # noqa: DTZ001 -- only the distance counts

    assert priors.freshness(newest - age * YEARS, newest) == pytest.approx(expected)


def test_the_newer_of_two_equal_articles_stands_first_by_a_little(known: Settings) -> None:
    assert weighed(known) == {NEW: 0.5, OLD: -0.25}

    found = scores(known)
    assert list(found) == ["new", "old"]
    assert found["new"] / found["old"] == pytest.approx(
        (1 + FORMULA.prior * 0.5) / (1 - FORMULA.prior * 0.25), abs=1e-4
    )


def test_votes_move_an_article_past_its_age(known: Settings) -> None:
    built(known)
    say(known, "old", helpful=True, readers=40)
    say(known, "new", helpful=False, readers=40)

    moved = weighed(known)

    assert moved == {OLD: 0.15, NEW: 0.1}
    assert list(scores(known)) == ["old", "new"]


def test_nothing_moves_a_score_by_more_than_five_in_a_hundred(known: Settings) -> None:
    built(known)
    say(known, "new", helpful=False, readers=500)

    assert all(-1 <= prior <= 1 for prior in weighed(known).values())


def test_two_builds_of_one_commit_are_one_version_until_somebody_votes(known: Settings) -> None:
    first = built(known).version
    again = built(known).version
    say(known, "old", helpful=True, readers=3)
    voted = built(known).version

    assert first.build == again.build
    assert first.manifest.files[ARRAYS] == again.manifest.files[ARRAYS]
    assert voted.build != again.build
    assert not installation.is_stale(known)


def test_without_git_and_votes_nothing_moves(tmp_path: Path) -> None:
    known = repository(tmp_path, {"a.md": SAME})

    version = built(known).version

    assert weighed(known) == {}
    assert version.build == installation.fingerprint(known)


def test_where_nobody_can_have_voted_yet_no_database_is_made(tmp_path: Path) -> None:
    known = repository(tmp_path, {"a.md": SAME})

    moved, heard = priors.of(catalog.load(known), {}, known), highlights.hear(known, [])

    assert (moved, heard) == ({}, Heard())
    assert not (known.state_dir / "kb.db").exists()


def test_the_index_alone_is_built_even_where_the_votes_cannot_be_read(
    known: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    built(known)
    (known.state_dir / "kb.db").write_bytes(b"no database " * 500)

    builds.build_index(known, lambda _what, _share: None)

    assert "The votes do not count" in caplog.text
    assert list(scores(known)) == ["new", "old"]
