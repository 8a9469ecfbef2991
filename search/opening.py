"""What a search opens of a version: the compiled arrays of its shelves. It needs no Whoosh."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from search import analysis, versions
from search.errors import NoIndex
from search.languages import WHOOSH
from search.versions import Version

FORMAT = 9
"""Number of this way of writing; raise it whenever an old index would be misread."""

WRITTEN_BY = f"format {FORMAT}, whoosh {WHOOSH}"

_EDITIONS = "editions"


def current(root: Path, *, key: bytes) -> Version:
    """The version to search in, verified against its manifest.

    Falls back, with a warning in the log, to the newest valid version; raises `NoIndex` when
    there is none.
    """
    return versions.current(root, key=key, written_by=WRITTEN_BY)


def edition_files(version: Version, names: Sequence[str]) -> dict[str, Path]:
    """The compiled arrays of shelves as one index, by language.

    Raises `NoIndex` for a shelf that the version does not have, and for shelves that were not
    compiled together.
    """
    absent = [name for name in names if name not in version.manifest.shelves]
    if absent:
        raise NoIndex(f"{version.path}: has no shelf {', '.join(absent)}. Build again.")
    found = {}
    for base in sorted(bases(version.langs(names))):
        holding = [name for name in names if base in bases(version.manifest.shelves[name])]
        name = file(holding, base)
        if name not in version.manifest.files:
            raise NoIndex(f"{version.path}: {name} was not compiled as one index.")
        found[base] = version.path / "index" / name
    return found


def bases(langs: Iterable[str]) -> set[str]:
    """The languages, without their regions."""
    return set(map(analysis.base, langs))


def file(names: Iterable[str], base: str) -> str:
    """Where the arrays of a language are, by the shelves on which it has articles."""
    return f"{_EDITIONS}/{'+'.join(sorted(names))}/{base}.arrays"
