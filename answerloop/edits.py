"""Proposals as changes of files: lines in articles, entries in `synonyms.toml`."""

import os
import tomllib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from answerloop import asked_as, synonyms_toml
from answerloop.catalog import Catalog
from answerloop.learned import Synonym
from answerloop.patches import Change
from answerloop.proposals import Phrase
from answerloop.settings import Settings
from search import analysis
from search import synonyms as listed


@dataclass(frozen=True, slots=True)
class ByHand:
    """Lines that a person must paste, the place, and why."""

    path: PurePosixPath
    line: int
    reason: str
    lines: str


@dataclass(frozen=True, slots=True)
class Edits:
    changes: tuple[Change, ...]
    by_hand: tuple[ByHand, ...]


def of(
    settings: Settings, catalog: Catalog, phrases: Sequence[Phrase], synonyms: Sequence[Synonym]
) -> Edits:
    """What to change in the files as they are now, paths relative to the content repository."""
    made = [*_articles(settings, catalog, phrases), *_synonyms(settings, synonyms)]
    return Edits(
        tuple(each for each in made if isinstance(each, Change)),
        tuple(each for each in made if isinstance(each, ByHand)),
    )


def of_synonyms(settings: Settings, synonyms: Sequence[Synonym]) -> Edits:
    """The same for synonyms alone."""
    made = [*_synonyms(settings, synonyms)]
    return Edits(
        tuple(each for each in made if isinstance(each, Change)),
        tuple(each for each in made if isinstance(each, ByHand)),
    )


def place(settings: Settings, path: PurePosixPath) -> PurePosixPath:
    """The path of an article, relative to the content repository instead of its content."""
    return PurePosixPath(
        PurePosixPath(os.path.relpath(settings.content_dir, settings.root)).as_posix(), path
    )


def _articles(
    settings: Settings, catalog: Catalog, phrases: Sequence[Phrase]
) -> Iterator[Change | ByHand]:
    by_path: dict[PurePosixPath, list[str]] = defaultdict(list)
    for phrase in phrases:
        by_path[catalog.by_id[phrase.key.article][phrase.key.lang].path].append(phrase.text)
    for path, texts in sorted(by_path.items()):
        shown = place(settings, path)
        try:
            source = (settings.content_dir / path).read_bytes()
            yield Change(shown, source, asked_as.added(source, path, texts, catalog.languages))
        except asked_as.NotEditable as problem:
            line = asked_as.line(catalog.by_path[path])
            yield ByHand(shown, line, str(problem), asked_as.pasted(texts))
        except OSError as problem:
            reason = f"cannot be read: {problem.strerror}."
            yield ByHand(shown, 0, reason, asked_as.pasted(texts))


def _synonyms(settings: Settings, synonyms: Sequence[Synonym]) -> Iterator[Change | ByHand]:
    """Entries at the end of the file, which is made where it is missing."""
    file = settings.root / synonyms_toml.FILE_NAME
    path = PurePosixPath(synonyms_toml.FILE_NAME)
    source, reason = None, ""
    try:
        source = file.read_bytes() if file.exists() else None
        tomllib.loads((source or b"").decode("utf-8-sig"))
    except OSError as problem:
        reason = f"cannot be read: {problem.strerror}."
    except ValueError:
        reason = "TOML cannot read it."
    known = [entry.synonym for entry in synonyms_toml.read(file)[0]]
    new = [each for each in synonyms if not any(_says(entry, each) for entry in known)]
    if not new:
        return
    blocks = "".join(synonyms_toml.written(_entry(each)) for each in new)
    if reason:
        yield ByHand(path, 0, reason, blocks.lstrip("\n"))
        return
    before = (source or b"").decode("utf-8-sig")
    newline = "\r\n" if "\r\n" in before else "\n"
    if not before:
        blocks = blocks.lstrip("\n")
    elif not before.endswith("\n"):
        blocks = f"\n{blocks}"
    yield Change(path, source, (source or b"") + blocks.replace("\n", newline).encode())


def _entry(synonym: Synonym) -> listed.Synonym:
    return listed.Synonym((synonym.said,), (synonym.found,), synonym.lang)


def _says(entry: listed.Synonym, proposed: Synonym) -> bool:
    said, found = proposed.said in entry.asked, proposed.found in entry.found
    return said and found and entry.holds_in(analysis.base(proposed.lang))
