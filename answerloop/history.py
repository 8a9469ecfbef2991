"""What Git knows: when each article last changed, by which commit, and what commits say they mend.

Everything works without Git; then the answer is empty.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

from answerloop import git
from feedback.model import FixingCommit


@dataclass(frozen=True, slots=True)
class Change:
    """The last commit that touched a file.

    `author` is a name, never an address. `minor_after` are the earlier commits of the file since
    which each was minor. `is_pending` says that the file was edited since, without a commit.
    """

    commit: str
    at: datetime
    is_minor: bool
    author: str = ""
    minor_after: frozenset[str] = frozenset()
    is_pending: bool = False


@dataclass(frozen=True, slots=True)
class _Read:
    """What was read of a log so far, the newest commit first.

    `running` are the files of which all commits so far were minor.
    """

    changes: dict[PurePosixPath, Change] = field(default_factory=dict)
    earlier: dict[PurePosixPath, set[str]] = field(default_factory=dict)
    running: set[PurePosixPath] = field(default_factory=set)

    def note(self, path: PurePosixPath, change: Change) -> None:
        if path not in self.changes:
            self.changes[path] = change
        elif path in self.running:
            self.earlier.setdefault(path, set()).add(change.commit)
        else:
            return
        (self.running.add if change.is_minor else self.running.discard)(path)


def last_changes(content_dir: Path) -> Mapping[PurePosixPath, Change]:
    """The last change of each file below `content_dir`, by its path relative to it.

    One `git log` for the whole folder: a call for each file takes minutes in a large one.
    """
    # `--relative` would spare this, but does not hold for merges.
    prefix = _git(content_dir, "rev-parse", "--show-prefix").strip("\n")
    log = _git(
        content_dir,
        "log",
        "--format=%x01%H%x02%ct%x02%(trailers:key=Kb-Minor,valueonly,separator=%x2C)%x02%aN",
        "--name-only",
        "-c",  # of a merge the files that are like none of the merged
        "--no-renames",
        "-z",
        "--",
        ".",
    )
    ends = _shallow_ends(content_dir)
    read = _Read()
    for entry in log.split("\x01")[1:]:
        head, _, names = entry.partition("\0")
        commit, seconds, minor, author = head.rstrip("\n").split("\x02", 3)
        if commit in ends:
            continue
        change = Change(
            commit,
            datetime.fromtimestamp(int(seconds), tz=UTC),
            minor.strip().lower() in ("yes", "true"),
            _name(author),
        )
        for path in _inside(names, prefix):
            read.note(path, change)
    for path, commits in read.earlier.items():
        read.changes[path] = replace(read.changes[path], minor_after=frozenset(commits))
    for path in _pending(content_dir, prefix) & read.changes.keys():
        read.changes[path] = replace(read.changes[path], is_pending=True)
    return read.changes


def fixing_commits(folder: Path) -> tuple[FixingCommit, ...]:
    """All commits of this repository that name items of the queue, the newest first.

    They do so in trailers, `Kb-Fixes: 12` or `Kb-Fixes: #12, #13`, whatever files they touch.
    """
    log = _git(
        folder,
        "log",
        "--format=%H%x02%(trailers:key=Kb-Fixes,valueonly,unfold,separator=%x2C)%x02%aN",
        "--regexp-ignore-case",
        "--grep=^Kb-Fixes:",
        "-z",
    )
    found = []
    for entry in log.split("\0"):
        commit, _, rest = entry.strip("\n").partition("\x02")
        named, _, author = rest.partition("\x02")
        items = tuple(name.removeprefix("#") for name in re.split(r"[\s,;]+", named) if name)
        if items:
            found.append(FixingCommit(commit, _name(author), items))
    return tuple(found)


def _inside(names: str, prefix: str) -> set[PurePosixPath]:
    """The paths of a list that Git gives, relative to the folder that `prefix` leads to."""
    relative = (name.strip("\n").removeprefix(prefix) for name in names.split("\0"))
    return {PurePosixPath(path) for path in relative if path}


def _pending(content_dir: Path, prefix: str) -> set[PurePosixPath]:
    """The files that are not as the last commit left them."""
    return _inside(_git(content_dir, "diff", "--name-only", "-z", "HEAD", "--", "."), prefix)


def _name(author: str) -> str:
    """Some give an address for their name; what stands before the @ names them as well."""
    return author.partition("@")[0].strip()


def _shallow_ends(content_dir: Path) -> frozenset[str]:
    """The commits at which a shallow clone was cut: they seem to have made every file."""
    name = _git(content_dir, "rev-parse", "--git-path", "shallow").strip("\n")
    try:
        return frozenset((content_dir / name).read_text(encoding="ascii").split())
    except OSError:
        return frozenset()


def _git(directory: Path, *arguments: str) -> str:
    """What git prints, empty when there is no Git or no repository."""
    return git.ask(directory, *arguments).decode("utf-8", "replace")
