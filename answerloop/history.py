"""What Git knows of the articles: when each file last changed, and by which commit.

Everything works without Git; then the answer is empty.
"""

import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

# Set inside a Git hook, where they name the repository that was pushed to.
_ANOTHER_PLACE = frozenset({"GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX"})


@dataclass(frozen=True, slots=True)
class Change:
    """The last commit that touched a file."""

    commit: str
    at: datetime
    is_minor: bool


def last_changes(content_dir: Path) -> Mapping[PurePosixPath, Change]:
    """The last change of each file below `content_dir`, by its path relative to it.

    One `git log` for the whole folder: a call for each file takes minutes in a large one.
    """
    # `--relative` would spare this, but does not hold for merges.
    prefix = _git(content_dir, "rev-parse", "--show-prefix").strip("\n")
    log = _git(
        content_dir,
        "log",
        "--format=%x01%H%x02%ct%x02%(trailers:key=Kb-Minor,valueonly,separator=%x2C)",
        "--name-only",
        "-c",  # of a merge the files that are like none of the merged
        "--no-renames",
        "-z",
        "--",
        ".",
    )
    ends = _shallow_ends(content_dir)
    changes: dict[PurePosixPath, Change] = {}
    for entry in log.split("\x01")[1:]:
        head, _, names = entry.partition("\0")
        commit, seconds, minor = head.rstrip("\n").split("\x02")
        if commit in ends:
            continue
        change = Change(
            commit,
            datetime.fromtimestamp(int(seconds), tz=UTC),
            minor.strip().lower() in ("yes", "true"),
        )
        for name in names.split("\0"):
            inside = name.strip("\n").removeprefix(prefix)
            if inside:
                changes.setdefault(PurePosixPath(inside), change)
    return changes


def _shallow_ends(content_dir: Path) -> frozenset[str]:
    """The commits at which a shallow clone was cut: they seem to have made every file."""
    name = _git(content_dir, "rev-parse", "--git-path", "shallow").strip("\n")
    try:
        return frozenset((content_dir / name).read_text(encoding="ascii").split())
    except OSError:
        return frozenset()


def _git(directory: Path, *arguments: str) -> str:
    """What git prints, empty when there is no Git or no repository."""
    try:
        done = subprocess.run(  # noqa: S603  our own arguments, no shell
            ["git", *arguments],  # noqa: S607  the user's own Git
            cwd=directory,
            env={name: value for name, value in os.environ.items() if name not in _ANOTHER_PLACE},
            capture_output=True,
            check=False,
        )
    except OSError:
        return ""
    return done.stdout.decode("utf-8", "replace") if done.returncode == 0 else ""
