"""The files of the content folder: which are articles, which are attachments, which stay out."""

import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from operator import attrgetter
from pathlib import Path, PurePosixPath

import pathspec

from answerloop.errors import Finding, Level, SettingsError
from answerloop.settings import Settings

MARKDOWN = (".md", ".markdown", ".mdown", ".mkdn", ".mkd")

# What MkDocs itself leaves out when `exclude_docs` says nothing, and the drafts of Jekyll.
_ALWAYS_EXCLUDED = ".*\n/templates/\n_drafts/\n"
# What an editor or a merge leaves beside an article holds its text, internal or not.
_LEFT_BEHIND = re.compile(
    r"\.(?:md|markdown|mdown|mkdn?)(?:~|#|\.(?:bak|backup|old|orig|rej|save|sw[a-z]|te?mp|~\d+~))+$",
    re.IGNORECASE,
)
# What other tools write for themselves: Docusaurus' categories, and its pages that are programs.
_OF_OTHER_TOOLS = re.compile(r"(?:^_category_\.(?:json|ya?ml)|\.mdx)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Files:
    """Paths relative to the content folder, in order; `findings` says what cannot be read."""

    articles: tuple[PurePosixPath, ...]
    attachments: tuple[PurePosixPath, ...]
    findings: tuple[Finding, ...]


def find(settings: Settings) -> Files:
    """What the content folder holds. Raises SettingsError for a malformed `exclude_docs`."""
    excluded = _excluded(settings)
    articles: list[PurePosixPath] = []
    attachments: list[PurePosixPath] = []
    findings: list[Finding] = []
    resolved = cache(Path.resolve)
    for file in walk(settings.content_dir):
        path = PurePosixPath(file.relative_to(settings.content_dir).as_posix())
        real = _real(file, settings.content_dir, resolved)
        names = {path, real or path}
        if any(excluded.match_file(_printable(name)) for name in names):
            continue
        if _LEFT_BEHIND.search(path.name):
            continue
        if problem := _problem(file, path, real):
            findings.append(problem)
        elif _OF_OTHER_TOOLS.search(path.name):
            findings.extend(_unread(path))
        elif path.suffix.lower() in MARKDOWN:
            articles.append(path)
        else:
            attachments.append(path)
    doubled = [path for path in articles if _has_index_beside(path, articles)]
    findings.extend(_doubled(path) for path in doubled)
    kept = tuple(path for path in articles if path not in doubled)
    return Files(kept, tuple(attachments), tuple(findings))


def walk(folder: Path, above: frozenset[Path] = frozenset()) -> Iterator[Path]:
    """Every file below a folder in a fixed order, links followed, each circle once.

    A folder that cannot be listed is yielded itself, and so is a link to one that lies outside.
    """
    real = folder.resolve()
    if real in above:
        return
    if above and not real.is_relative_to(min(above, key=lambda each: len(each.parts))):
        yield folder
        return
    try:
        with os.scandir(folder) as listed:
            entries = sorted(listed, key=attrgetter("name"))
    except OSError:
        yield folder
        return
    for entry in entries:
        if _is_folder(entry):
            yield from walk(folder / entry.name, above | {real})
        else:
            yield folder / entry.name


def _is_folder(entry: os.DirEntry[str]) -> bool:
    """Whether it is one, or a link to one; a link in a circle of links is none."""
    try:
        return entry.is_dir()
    except OSError:
        return False


def _excluded(settings: Settings) -> pathspec.GitIgnoreSpec:
    try:
        return pathspec.GitIgnoreSpec.from_lines(
            (_ALWAYS_EXCLUDED + settings.exclude_docs).splitlines()
        )
    except ValueError as problem:
        raise SettingsError(
            f"{settings.mkdocs_yml}: exclude_docs: {problem}. Write patterns as in `.gitignore`."
        ) from None


def _real(file: Path, folder: Path, resolved: Callable[[Path], Path]) -> PurePosixPath | None:
    """Where in the folder a file really lies; None when it lies outside, or nowhere.

    `resolved` resolves a folder, once for all files in it.
    """
    try:
        real = file.resolve() if file.is_symlink() else resolved(file.parent) / file.name
        return PurePosixPath(real.relative_to(resolved(folder)).as_posix())
    except (OSError, RuntimeError, ValueError):
        return None


def _problem(file: Path, path: PurePosixPath, real: PurePosixPath | None) -> Finding | None:
    """Why a file cannot be read at all, or must not be, if so; `real` is where it lies."""
    shown = _printable(path)
    if shown != str(path):
        return _error(shown, "its name is not UTF-8.", "Rename it.")
    if real is None and file.exists():
        return _error(
            shown,
            "a link that leads out of this folder, where anything may lie.",
            "Copy the file here, or name the link in `exclude_docs`.",
        )
    if file.is_file():
        return None
    if file.is_dir():
        return _error(shown, "this folder cannot be read.", "Check its rights.")
    return _error(shown, "no file, or a link that leads nowhere.", "Mend or remove it.")


def _unread(path: PurePosixPath) -> Iterator[Finding]:
    """A warning for a page that is none here; files without words need none."""
    if path.suffix.lower() == ".mdx":
        yield Finding(
            path,
            0,
            Level.WARNING,
            "left out: MDX is a program, not only Markdown.",
            "Write it as Markdown and call it `.md`.",
        )


def _error(path: str, message: str, remedy: str) -> Finding:
    return Finding(PurePosixPath(path), 0, Level.ERROR, message, remedy)


def _printable(path: PurePosixPath) -> str:
    """The path as text that can be written: bytes that are no UTF-8 become marks."""
    return str(path).encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _has_index_beside(path: PurePosixPath, articles: list[PurePosixPath]) -> bool:
    return path.stem.lower() == "readme" and any(
        other.stem.lower() in ("index", "_index") and other.parent == path.parent
        for other in articles
    )


def _doubled(path: PurePosixPath) -> Finding:
    return Finding(
        path,
        0,
        Level.WARNING,
        "left out: the index of this folder stands at the same address.",
        "Rename it, or name it in `exclude_docs`.",
    )
