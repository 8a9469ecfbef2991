"""What can befall an index on the disk while a service searches in it."""

import os
import random
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

Act = Callable[[Path, random.Random], str]
"""Does it to a directory of versions; says to what."""


def current(builds: Path) -> Path:
    return builds / (builds / "CURRENT").read_text(encoding="utf-8").strip()


def flip(file: Path, chance: random.Random) -> str:
    """Turn one bit around, in place, as a failing disk does."""
    place = chance.randrange(file.stat().st_size)
    with file.open("r+b") as opened:
        opened.seek(place)
        byte = opened.read(1)[0]
        opened.seek(place)
        opened.write(bytes([byte ^ 1 << chance.randrange(8)]))
    return f"byte {place} of {file.relative_to(file.parents[4])}"


def _flip_one(pattern: str) -> Act:
    def act(builds: Path, chance: random.Random) -> str:
        files = sorted((current(builds) / "index").glob(pattern))
        return flip(chance.choice(files), chance)

    return act


def _flip_older(builds: Path, chance: random.Random) -> str:
    older = sorted(path for path in builds.glob("v-*") if path != current(builds))
    files = [file for path in older for file in (path / "index").rglob("*") if file.is_file()]
    return flip(chance.choice(sorted(files)), chance) if files else "there is none"


def _shorten(builds: Path, chance: random.Random) -> str:
    """Another file, half as long, in the place of one that is open; the open one is whole."""
    file = chance.choice(sorted((current(builds) / "index").glob("editions/*/*.arrays")))
    shorter = file.with_suffix(".shorter")
    shorter.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    shorter.replace(file)
    return file.name


def _delete_version(builds: Path, _: random.Random) -> str:
    shutil.rmtree(current(builds))
    return "all of it"


def _delete_pointer(builds: Path, _: random.Random) -> str:
    (builds / "CURRENT").unlink()
    return "CURRENT"


def _write_pointer(content: bytes) -> Act:
    def act(builds: Path, _: random.Random) -> str:
        (builds / "CURRENT").write_bytes(content)
        return repr(content)

    return act


ACTS: Mapping[str, Act] = {
    "a bit flipped in the arrays that are open": _flip_one("editions/*/*.arrays"),
    "CURRENT deleted": _delete_pointer,
    "a bit flipped in the engine's files": _flip_one("public/*"),
    "CURRENT emptied": _write_pointer(b""),
    "a bit flipped in the manifest": _flip_one("MANIFEST.json"),
    "the open version deleted": _delete_version,
    "CURRENT full of garbage": _write_pointer(os.urandom(64)),
    "a bit flipped in an older version": _flip_older,
    "CURRENT that leads nowhere": _write_pointer(b"v-gone\n"),
    "an array file replaced by half of it": _shorten,
}
