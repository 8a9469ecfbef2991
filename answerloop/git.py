"""Asks Git; where there is none, or no repository, every answer is empty."""

import os
import subprocess
from pathlib import Path

# Set inside a Git hook, where they name the repository that was pushed to.
_ANOTHER_PLACE = frozenset({"GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX"})


def ask(directory: Path, *arguments: str, given: bytes = b"") -> bytes:
    """What git prints when it is `given` something to read; empty when it fails."""
    try:
        done = _run(directory, *arguments, given=given)
    except OSError:
        return b""
    return done.stdout if done.returncode == 0 else b""


def refusal(directory: Path) -> str:
    """Why Git tells nothing of a repository that is there; empty where it does, or none is there.

    Git reads no repository of another user, as a service or a container often meets one.
    """
    if not any((folder / ".git").exists() for folder in (directory, *directory.parents)):
        return ""
    try:
        done = _run(directory, "rev-parse", "--git-dir")
    except OSError:
        return "git is not installed"
    if done.returncode == 0:
        return ""
    said = done.stderr.decode(errors="replace").strip().partition("\n")[0]
    return said.removeprefix("fatal: ") or f"it ended with {done.returncode}"


def _run(
    directory: Path, *arguments: str, given: bytes = b""
) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(  # noqa: S603  our own arguments, no shell
        ["git", *arguments],  # noqa: S607  the user's own Git
        cwd=directory,
        env={name: value for name, value in os.environ.items() if name not in _ANOTHER_PLACE},
        input=given,
        capture_output=True,
        check=False,
    )
