"""Changes as a patch that Git takes, and written to the disk all at once."""

import subprocess
from pathlib import Path, PurePosixPath

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from answerloop import patches
from answerloop.errors import PatchError
from answerloop.patches import Change


def change(path: str, before: bytes | None, after: bytes) -> Change:
    return Change(PurePosixPath(path), before, after)


def patched(folder: Path, *changes: Change) -> dict[str, bytes]:
    """What the files hold once Git has applied the patch."""
    for each in changes:
        file = folder / each.path
        file.parent.mkdir(parents=True, exist_ok=True)
        if each.before is not None:
            file.write_bytes(each.before)
    done = subprocess.run(  # the real Git
        ["git", "apply", "-"],  # noqa: S607  as found on the PATH
        input=patches.diff(changes),
        cwd=folder,
        check=False,
        capture_output=True,
    )
    assert done.returncode == 0, done.stderr.decode()
    return {str(each.path): (folder / each.path).read_bytes() for each in changes}


@pytest.mark.parametrize("name", ["a.md", "kb/ä ö/b c.md", 'kb/"q"\\.md', "kb/tab\there.md"])
def test_git_applies_the_patch_whatever_the_name(name: str, tmp_path: Path) -> None:
    made = change(name, b"one\ntwo\n", b"one\nnew\ntwo\n")

    assert patched(tmp_path, made) == {name: made.after}


def test_git_applies_the_patch_below_the_root_of_the_checkout(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)  # noqa: S603, S607  real Git
    (tmp_path / "help").mkdir()
    made = change("kb/a.md", b"one\n", b"two\n")

    assert patched(tmp_path / "help", made) == {"kb/a.md": b"two\n"}


def test_a_new_file_and_several_changes_are_one_patch(tmp_path: Path) -> None:
    made = [change("a.md", b"x\r\ny", b"x\r\nz\r\ny"), change("b.toml", None, b"new\n")]

    assert patched(tmp_path, *made) == {"a.md": made[0].after, "b.toml": b"new\n"}


LINES = st.lists(st.sampled_from([b"a", b"b", b"", b"c\r", b"\xff", b"-- x"]), max_size=8)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
@given(LINES, LINES, st.booleans())
def test_git_makes_of_any_text_exactly_what_was_meant(
    tmp_path: Path,
    old: list[bytes],
    new: list[bytes],
    ended: bool,  # noqa: FBT001  a strategy's value
) -> None:
    end = b"\n" if ended else b""
    made = change("a.md", b"\n".join([b"first", *old]) + end, b"\n".join([b"first", *new, b"z"]))

    assert patched(tmp_path, made) == {"a.md": made.after}


def test_changes_are_written_with_the_rights_of_the_file(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_bytes(b"old")
    (tmp_path / "a.md").chmod(0o640)

    patches.apply([change("a.md", b"old", b"new"), change("b.md", None, b"made")], tmp_path)

    assert (tmp_path / "a.md").read_bytes() == b"new"
    assert (tmp_path / "b.md").read_bytes() == b"made"
    assert (tmp_path / "a.md").stat().st_mode & 0o777 == 0o640


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real.md").write_bytes(b"old")
    (tmp_path / "a.md").symlink_to("real.md")

    patches.apply([change("a.md", b"old", b"new")], tmp_path)

    assert (tmp_path / "a.md").is_symlink()
    assert (tmp_path / "real.md").read_bytes() == b"new"


@pytest.mark.parametrize("found", [b"edited", None])
def test_a_file_that_has_changed_meanwhile_stops_all_of_them(
    found: bytes | None, tmp_path: Path
) -> None:
    (tmp_path / "a.md").write_bytes(b"old")
    if found:
        (tmp_path / "b.md").write_bytes(found)

    with pytest.raises(PatchError, match=r"b\.md: has changed since it was read"):
        patches.apply([change("a.md", b"old", b"new"), change("b.md", b"old", b"new")], tmp_path)

    assert (tmp_path / "a.md").read_bytes() == b"old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.md"] + ["b.md"] * bool(found)


def test_a_file_that_cannot_be_written_takes_the_others_back(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_bytes(b"old")

    with pytest.raises(PatchError, match="cannot be written"):
        patches.apply([change("a.md", b"old", b"new"), change("gone/b.md", None, b"x")], tmp_path)

    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"old"]
