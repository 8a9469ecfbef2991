"""What Git knows of the articles, asked of real repositories."""

import subprocess
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

import pytest

from answerloop import history
from feedback.model import FixingCommit
from tests.answerloop.builders import write

FIRST = datetime(2026, 1, 5, 12, tzinfo=UTC)
SECOND = datetime(2026, 2, 5, 12, tzinfo=UTC)
THIRD = datetime(2026, 3, 5, 12, tzinfo=UTC)


def git(folder: Path, *arguments: str, at: datetime = FIRST) -> str:
    stamp = at.isoformat()
    done = subprocess.run(  # noqa: S603  our own arguments
        ["git", "-c", "user.name=Charlie", "-c", "user.email=charlie@example.com", *arguments],  # noqa: S607  the machine's Git
        cwd=folder,
        check=True,
        capture_output=True,
        text=True,
        env={
            "HOME": str(folder),
            "PATH": "/usr/local/bin:/usr/bin:/bin",
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_COMMITTER_DATE": stamp,
            "GIT_AUTHOR_DATE": stamp,
        },
    )
    return done.stdout.strip()


def commit(folder: Path, message: str, at: datetime) -> str:
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", message, at=at)
    return git(folder, "rev-parse", "HEAD")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    git(tmp_path, "init", "--quiet", "--initial-branch", "main")
    return tmp_path


def test_without_git_nothing_is_known(tmp_path: Path) -> None:
    assert history.last_changes(tmp_path) == {}


def test_where_git_is_not_installed_nothing_is_known(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(folder, {"kb/a.md": "1"})
    commit(folder, "Write", FIRST)

    monkeypatch.setenv("PATH", "")

    assert history.last_changes(folder / "kb") == {}


def test_before_the_first_commit_nothing_is_known(folder: Path) -> None:
    assert history.last_changes(folder) == {}


def test_each_file_has_its_last_change(folder: Path) -> None:
    write(folder, {"kb/a.md": "1", "kb/x/b.md": "1"})
    first = commit(folder, "Write", FIRST)
    write(folder, {"kb/a.md": "2", "kb/c.md": "1"})
    second = commit(folder, "Edit", SECOND)

    changes = history.last_changes(folder / "kb")

    assert {
        PurePosixPath("a.md"): history.Change(second, SECOND, is_minor=False, author="Charlie"),
        PurePosixPath("c.md"): history.Change(second, SECOND, is_minor=False, author="Charlie"),
        PurePosixPath("x/b.md"): history.Change(first, FIRST, is_minor=False, author="Charlie"),
    } == dict(changes)


def test_what_lies_outside_of_the_content_is_left_out(folder: Path) -> None:
    write(folder, {"kb/a.md": "1", "kb2/b.md": "1", "mkdocs.yml": "1"})
    commit(folder, "Write", FIRST)

    assert [PurePosixPath("a.md")] == list(history.last_changes(folder / "kb"))


@pytest.mark.parametrize(
    "name",
    ["größe.md", "退款.md", "my page.md", 'quo"te.md', "back\\slash.md", "tab\there.md", "-n.md"],
)
def test_a_name_may_hold_any_letters(folder: Path, name: str) -> None:
    write(folder, {f"kb/{name}": "1"})
    commit(folder, "Write", FIRST)

    assert [PurePosixPath(name)] == list(history.last_changes(folder / "kb"))


@pytest.mark.parametrize(
    ("message", "minor"),
    [
        ("Mend a typing error\n\nKb-Minor: yes", True),
        ("Mend\n\nText.\n\nKb-Minor: true\nSigned-off-by: Charlie <c@example.com>", True),
        ("Mend\n\nkb-minor: Yes", True),
        ("Mend\n\nKb-Minor: no", False),
        ("Mend\n\nKb-Minor: yes\n\nBut this is no trailer any more.", False),
        ("Kb-Minor: yes", False),
        ("Edit", False),
    ],
)
def test_a_commit_says_in_its_trailer_that_it_is_minor(
    folder: Path, message: str, *, minor: bool
) -> None:
    write(folder, {"kb/a.md": "1"})
    commit(folder, message, FIRST)

    assert minor == history.last_changes(folder / "kb")[PurePosixPath("a.md")].is_minor


def test_only_the_last_commit_of_a_file_says_that_it_is_minor(folder: Path) -> None:
    write(folder, {"kb/a.md": "1", "kb/b.md": "1"})
    commit(folder, "Write\n\nKb-Minor: yes", FIRST)
    write(folder, {"kb/a.md": "2"})
    commit(folder, "Edit", SECOND)

    changes = history.last_changes(folder / "kb")

    assert (
        changes[PurePosixPath("a.md")].is_minor,
        changes[PurePosixPath("b.md")].is_minor,
    ) == (False, True)


def test_a_change_on_a_branch_counts_after_its_merge(folder: Path) -> None:
    write(folder, {"kb/a.md": "1", "kb/b.md": "1"})
    commit(folder, "Write", FIRST)
    git(folder, "switch", "--quiet", "--create", "edit")
    write(folder, {"kb/a.md": "2"})
    on_branch = commit(folder, "Edit", SECOND)
    git(folder, "switch", "--quiet", "main")
    write(folder, {"kb/b.md": "2"})
    on_main = commit(folder, "Edit too", SECOND)
    git(folder, "merge", "--quiet", "--no-ff", "--message", "Merge", "edit", at=THIRD)

    changes = history.last_changes(folder / "kb")

    assert (on_branch, on_main) == (
        changes[PurePosixPath("a.md")].commit,
        changes[PurePosixPath("b.md")].commit,
    )


def test_a_text_written_while_merging_is_a_change_of_the_merge(folder: Path) -> None:
    write(folder, {"kb/a.md": "1"})
    commit(folder, "Write", FIRST)
    git(folder, "switch", "--quiet", "--create", "edit")
    write(folder, {"kb/a.md": "2"})
    commit(folder, "Edit", SECOND)
    git(folder, "switch", "--quiet", "main")
    write(folder, {"kb/a.md": "3"})
    commit(folder, "Edit too", SECOND)
    git(folder, "merge", "--quiet", "--no-commit", "--strategy", "ours", "edit")
    write(folder, {"kb/a.md": "2 and 3"})
    merge = commit(folder, "Merge", THIRD)

    assert merge == history.last_changes(folder / "kb")[PurePosixPath("a.md")].commit


def test_a_renamed_file_is_known_by_its_new_name(folder: Path) -> None:
    write(folder, {"kb/a.md": "Some text that stays."})
    commit(folder, "Write", FIRST)
    git(folder, "mv", "kb/a.md", "kb/b.md")
    renamed = commit(folder, "Rename", SECOND)

    assert renamed == history.last_changes(folder / "kb")[PurePosixPath("b.md")].commit


def test_what_is_not_committed_is_not_known(folder: Path) -> None:
    write(folder, {"kb/a.md": "1"})
    commit(folder, "Write", FIRST)
    write(folder, {"kb/b.md": "1"})

    assert [PurePosixPath("a.md")] == list(history.last_changes(folder / "kb"))


def test_git_is_asked_about_this_folder_even_inside_a_hook(
    folder: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(folder, {"kb/a.md": "1"})
    commit(folder, "Write", FIRST)
    pushed_to = tmp_path_factory.mktemp("bare")
    git(pushed_to, "init", "--quiet", "--bare")

    monkeypatch.setenv("GIT_DIR", str(pushed_to))

    assert [PurePosixPath("a.md")] == list(history.last_changes(folder / "kb"))


def test_the_commits_since_which_all_were_minor_are_known(folder: Path) -> None:
    write(folder, {"kb/a.md": "1"})
    commit(folder, "Write", FIRST)
    commits = []
    for number, trailer in enumerate(["no", "no", "yes", "yes"]):
        write(folder, {"kb/a.md": f"edit {number}"})
        commits.append(commit(folder, f"Edit\n\nKb-Minor: {trailer}", SECOND))

    assert set(commits[1:3]) == history.last_changes(folder)[PurePosixPath("kb/a.md")].minor_after


def test_an_edit_without_a_commit_is_pending(folder: Path) -> None:
    write(folder, {"kb/a.md": "1", "kb/b.md": "1"})
    commit(folder, "Write", FIRST)
    write(folder, {"kb/a.md": "2"})

    changes = history.last_changes(folder / "kb")

    assert (
        changes[PurePosixPath("a.md")].is_pending,
        changes[PurePosixPath("b.md")].is_pending,
    ) == (True, False)


def test_an_author_goes_by_a_name_and_never_by_an_address(folder: Path) -> None:
    write(folder, {"kb/a.md": "1"})
    git(folder, "add", "--all")
    git(folder, "commit", "-qm", "Write", "--author", "dora@example.com <dora@example.com>")

    assert history.last_changes(folder / "kb")[PurePosixPath("a.md")].author == "dora"


@pytest.mark.parametrize(
    ("message", "named"),
    [
        ("Mend\n\nKb-Fixes: 12", ("12",)),
        ("Mend\n\nkb-fixes: #12", ("12",)),
        ("Mend\n\nKb-Fixes: 12, #13\nKb-Minor: yes\nKb-Fixes: 14 15", ("12", "13", "14", "15")),
        ("Mend\n\nKb-Fixes: refund", ("refund",)),
        ("Mend\n\nKb-Fixes:", ()),
        ("Mend\n\nKb-Fixes: 12\n\nBut this is no trailer any more.", ()),
        ("Mend what Kb-Fixes: 12 means", ()),
        ("Mend", ()),
    ],
)
def test_a_commit_names_the_items_that_it_mends(
    folder: Path, message: str, named: tuple[str, ...]
) -> None:
    git(folder, "commit", "--quiet", "--allow-empty", "--message", message)
    made = git(folder, "rev-parse", "HEAD")

    found = history.fixing_commits(folder)

    assert found == ((FixingCommit(made, "Charlie", named),) if named else ())


def test_the_newest_commit_that_names_items_comes_first(folder: Path) -> None:
    for number, at in enumerate([FIRST, SECOND, THIRD]):
        git(folder, "commit", "-q", "--allow-empty", "-m", f"Mend\n\nKb-Fixes: {number}", at=at)

    assert [one.named for one in history.fixing_commits(folder)] == [("2",), ("1",), ("0",)]


def test_without_git_no_commit_names_anything(tmp_path: Path) -> None:
    assert history.fixing_commits(tmp_path) == ()
