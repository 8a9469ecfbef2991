"""Where files came from: when each was first committed, and what its address was before.

One `git log` and one `git cat-file` for the whole folder. A file that has gone is followed by the
`id` that it held, else by Git's own guess at renames, so that a fresh clone knows what the folder
in which the articles were written knows. Without Git the answer is empty.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import NewType

from answerloop import fields, frontmatter, git, visibility
from answerloop.errors import ArticleError
from answerloop.files import MARKDOWN
from answerloop.visibility import Audience, State

_Blob = NewType("_Blob", str)
_LARGEST = 2_000_000


@dataclass(frozen=True, slots=True)
class Departure:
    """A file that left a path. `heir` is where Git believes it went; `id` what it called itself.

    `heir` is a path of today. Either may be empty. Of one that readers could not see (`was_public`)
    nobody outside knows the address, and nobody shall.
    """

    path: PurePosixPath
    heir: PurePosixPath | None
    id: str
    was_public: bool


@dataclass(frozen=True, slots=True)
class Lineage:
    """`born` holds the first commit's time of each file; `departures` the newest first."""

    born: Mapping[PurePosixPath, datetime] = field(default_factory=dict)
    departures: tuple[Departure, ...] = ()


@dataclass(frozen=True, slots=True)
class _Said:
    """What the front matter of a file that has gone said of it."""

    id: str = ""
    is_public: bool = True


@dataclass(frozen=True, slots=True)
class _Event:
    """One file in one commit; `new` is empty unless it was renamed to it."""

    at: datetime
    status: str
    blob: _Blob
    path: PurePosixPath
    new: PurePosixPath | None = None


def read(content_dir: Path) -> Lineage:
    """The lineage of every Markdown file below `content_dir`, by paths relative to it."""
    events = [event for event in _events(content_dir) if _is_article(event.path)]
    said = _said(content_dir, {event.blob for event in events if event.status != "A"})
    born: dict[PurePosixPath, datetime] = {}
    # Where a path's file is today, as seen from the commit that is looked at; None: nowhere.
    today: dict[PurePosixPath, PurePosixPath | None] = {}
    departures = []
    for event in events:
        if event.status == "A":
            if here := today.get(event.path, event.path):
                born[here] = event.at
            continue
        heir = today.get(event.new, event.new) if event.new else None
        today[event.path] = heir
        last = said.get(event.blob, _Said())
        departures.append(Departure(event.path, heir, last.id, last.is_public))
    return Lineage({} if _is_shallow(content_dir) else born, tuple(departures))


def _is_shallow(content_dir: Path) -> bool:
    """Whether the history was cut: its oldest commit seems to have made every file."""
    return git.ask(content_dir, "rev-parse", "--is-shallow-repository").strip() == b"true"


def _is_article(path: PurePosixPath) -> bool:
    return path.name.lower().endswith(MARKDOWN)


def _events(content_dir: Path) -> Iterator[_Event]:
    """What was added, deleted and renamed, the newest commit first."""
    prefix = git.ask(content_dir, "rev-parse", "--show-prefix").decode("utf-8", "replace")
    log = git.ask(
        content_dir,
        "log",
        "--topo-order",
        "--format=%x01%ct",
        "--raw",
        "--no-abbrev",
        "--find-renames",
        "--diff-filter=ADR",
        "-z",
        "--",
        ".",
    ).decode("utf-8", "replace")
    for entry in log.split("\x01")[1:]:
        seconds, *fields = entry.replace("\n", "").split("\0")
        at = datetime.fromtimestamp(int(seconds), tz=UTC)
        # Each file is `:modes blobs status`, its path, and of a rename the new path.
        waiting = iter([field for field in fields if field])
        for head in waiting:
            *_, blob, _new_blob, status = head.split(" ")
            path = _relative(next(waiting), prefix)
            new = _relative(next(waiting), prefix) if status.startswith("R") else None
            yield _Event(at, status[0], _Blob(blob), path, new)


def _relative(name: str, prefix: str) -> PurePosixPath:
    return PurePosixPath(name.removeprefix(prefix.strip("\n")))


def _said(content_dir: Path, blobs: set[_Blob]) -> Mapping[_Blob, _Said]:
    """What the front matter of each of these blobs says, of those that are there."""
    if not blobs:
        return {}
    wanted = "".join(f"{blob}\n" for blob in sorted(blobs)).encode()
    printed = git.ask(content_dir, "cat-file", "--batch", "--buffer", given=wanted)
    found: dict[_Blob, _Said] = {}
    while printed:
        head, _, printed = printed.partition(b"\n")
        name, *described = head.decode("ascii", "replace").split(" ")
        if len(described) < 2:  # noqa: PLR2004  `<blob> missing`, as in a partial clone
            continue
        size = int(described[1])
        found[_Blob(name)] = _read(printed[:size])
        printed = printed[size + 1 :]
    return found


def _read(source: bytes) -> _Said:
    if len(source) > _LARGEST:
        return _Said()
    text = source.decode("utf-8-sig", "replace").replace("\r\n", "\n").replace("\r", "\n")
    try:
        front, _, _ = frontmatter.split(text)
        reading = fields.Reading(PurePosixPath(), front)
        is_public = visibility.audience(reading) is Audience.PUBLIC
        is_public = is_public and visibility.state(reading) in (
            State.VALIDATED,
            State.NOT_VALIDATED,
        )
    except (frontmatter.FrontMatterError, ArticleError):
        return _Said(is_public=False)  # no build could publish it
    return _Said(reading.identifier("id"), is_public)
