"""Proposals as changes of files: lines in articles, entries in `synonyms.toml`."""

import json
import os
import tomllib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from answerloop import asked_as
from answerloop.catalog import Catalog
from answerloop.patches import Change
from answerloop.proposals import Phrase, Synonym
from answerloop.settings import Settings

SYNONYMS = "synonyms.toml"


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
    file = settings.root / SYNONYMS
    path = PurePosixPath(SYNONYMS)
    source, known, reason = None, [], ""
    try:
        source = file.read_bytes() if file.exists() else None
        known = _entries(source or b"")
    except OSError as problem:
        reason = f"cannot be read: {problem.strerror}."
    except (ValueError, TypeError, AttributeError):
        reason = "TOML cannot read it."
    new = [each for each in synonyms if not any(_says(entry, each) for entry in known)]
    if not new:
        return
    blocks = "\n".join(map(_block, new))
    if reason:
        yield ByHand(path, 0, reason, blocks)
        return
    before = (source or b"").decode("utf-8-sig")
    newline = "\r\n" if "\r\n" in before else "\n"
    gap = "" if not before else "\n" if before.endswith("\n") else "\n\n"
    added = (gap + blocks).replace("\n", newline).encode()
    yield Change(path, source, (source or b"") + added)


def _entries(source: bytes) -> list[Mapping[str, Any]]:
    entries = tomllib.loads(source.decode("utf-8-sig")).get("synonym", [])
    return [dict(entry) for entry in entries]


def _says(entry: Mapping[str, Any], synonym: Synonym) -> bool:
    both = entry.get("words", [])
    asked, found = (set(map(str, entry.get(key, both))) for key in ("from", "to"))
    return synonym.said in asked and synonym.found in found


def _block(synonym: Synonym) -> str:
    said, found = (json.dumps([text], ensure_ascii=False) for text in (synonym.said, synonym.found))
    return f'[[synonym]]\nlang = "{synonym.lang}"\nfrom = {said}\nto = {found}\n'
