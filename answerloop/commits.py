"""Changes of files made as one commit of the checkout that they lie in."""

import contextlib
from collections.abc import Sequence
from pathlib import Path

from answerloop import git, patches
from answerloop.errors import PatchError
from answerloop.patches import Change


def make(changes: Sequence[Change], root: Path, *, message: str, author: str) -> str:
    """Write the changes below `root` and commit them, and nothing else; gives the commit.

    What others have staged stays staged. Raises PatchError, and then nothing has changed.
    """
    before = _head(root)
    patches.apply(changes, root)
    paths = [str(change.path) for change in changes]
    mail = "".join(character if character.isalnum() else "-" for character in author)
    git.ask(root, "add", "--intent-to-add", "--", *paths)
    git.ask(
        root,
        "-c",
        f"user.name={author}",
        "-c",
        f"user.email={mail}@desk.invalid",
        "commit",
        "--quiet",
        "--no-verify",
        f"--message={message}",
        "--only",
        "--",
        *paths,
    )
    made = _head(root)
    if not made or made == before:
        _take_back(changes, root)
        git.ask(root, "reset", "--quiet", "--", *paths)
        raise PatchError(
            "Git did not take the commit, so nothing was changed. Download the patch instead, or "
            "ask who runs this help whether the checkout may be written."
        )
    return made


def _head(root: Path) -> str:
    return git.ask(root, "rev-parse", "--verify", "--quiet", "HEAD").decode("ascii").strip()


def _take_back(changes: Sequence[Change], root: Path) -> None:
    for change in changes:
        file = root / change.path
        with contextlib.suppress(OSError):
            if change.before is None:
                file.unlink()
            else:
                file.write_bytes(change.before)
