"""What one build keeps for the next: results that follow from their key alone, in `var/cache.db`.

A key is a digest of everything a result depends on, so nothing here can be out of date; a result
that nobody asked for in the last build is forgotten, which bounds the file by the size of the
site. Each carries a digest of itself, and a file that cannot be used is made anew: without a cache
a build gives the same and only takes longer. Holds internal text, so only its owner may read it.
"""

import hashlib
import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from importlib import metadata, resources
from pathlib import Path
from typing import Any

from answerloop import files
from answerloop.settings import Settings

FILE_NAME = "cache.db"
_FORMAT = 1
_DIGEST = 16
# What turns text into pages beside this program: another version may turn it into others.
_MAKERS = ("babel", "jinja2", "markdown", "mkdocs", "mkdocs-material", "mkdocs-materialx")
_MAKERS_OF_MARKDOWN = ("pygments", "pymdown-extensions")


def digest(*parts: bytes | str) -> bytes:
    """Names these parts in this order; no other parts have the same name."""
    found = hashlib.sha256()
    for part in parts:
        data = part if isinstance(part, bytes) else part.encode("utf-8", "surrogatepass")
        found.update(len(data).to_bytes(8, "little"))
        found.update(data)
    return found.digest()


@cache
def program() -> bytes:
    """Names this program as it is installed, and the libraries that make pages of articles."""
    parts: list[bytes | str] = [_version(name) for name in _MAKERS + _MAKERS_OF_MARKDOWN]
    for package in ("answerloop", "search"):
        folder = Path(str(resources.files(package)))
        for file in files.walk(folder):
            if "__pycache__" not in file.parts:
                parts += [str(file.relative_to(folder)), file.read_bytes()]
    return digest(*parts)


def _version(name: str) -> str:
    """The version of a library, empty where it is not installed: the theme has two makers."""
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return ""


class Cache:
    """Results by kind and key. One that cannot be read or kept is none."""

    def __init__(self, db: sqlite3.Connection | None) -> None:
        self._db = db
        self._asked: set[tuple[str, bytes]] = set()
        self._spared: set[str] = set()

    def get(self, kind: str, key: bytes) -> Any:
        """What was put under a key, None for nothing."""
        if self._db is None:
            return None
        self._asked.add((kind, key))
        with suppress(sqlite3.Error, ValueError):
            found = self._db.execute(
                "SELECT result FROM results WHERE kind = ? AND key = ?", (kind, key)
            ).fetchone()
            if found and found[0][:_DIGEST] == _checksum(found[0][_DIGEST:]):
                return json.loads(found[0][_DIGEST:])
        return None

    def put(self, kind: str, key: bytes, result: Any) -> None:
        """Keep something that JSON can say."""
        if self._db is None:
            return
        self._asked.add((kind, key))
        data = json.dumps(result, ensure_ascii=True, separators=(",", ":")).encode()
        data = _checksum(data) + data
        with suppress(sqlite3.Error):
            self._db.execute("INSERT OR REPLACE INTO results VALUES (?, ?, ?)", (kind, key, data))

    def hold(self, kind: str, key: bytes) -> None:
        """Forget not what was put under a key, though this build had no need to ask for it."""
        self._asked.add((kind, key))

    def spare(self, kind: str) -> None:
        """Forget nothing of a kind that this build had no need to ask for."""
        self._spared.add(kind)

    def keep(self) -> None:
        """Have what was asked for on the disk, and forget the rest."""
        if self._db is None:
            return
        with suppress(sqlite3.Error):
            self._db.execute(
                "CREATE TEMP TABLE asked (kind TEXT, key BLOB, PRIMARY KEY (kind, key))"
            )
            self._db.executemany("INSERT INTO asked VALUES (?, ?)", self._asked)
            self._db.executemany(
                "INSERT OR IGNORE INTO asked SELECT kind, key FROM results WHERE kind = ?",
                [(kind,) for kind in self._spared],
            )
            self._db.execute("DELETE FROM results WHERE (kind, key) NOT IN asked")
            self._db.commit()


def _checksum(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()[:_DIGEST]


NONE = Cache(None)
"""For those who keep nothing."""


@contextmanager
def opened(settings: Settings) -> Iterator[Cache]:
    """The cache of an installation until the block ends; kept only where `keep` was called.

    One that cannot be opened, or that another program holds, is done without.
    """
    file = settings.state_dir / FILE_NAME
    db = _opened(file) or _opened_anew(file)
    try:
        yield Cache(db)
    finally:
        if db is not None:
            db.close()


def _opened_anew(file: Path) -> sqlite3.Connection | None:
    with suppress(OSError):
        file.unlink(missing_ok=True)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch(mode=0o600)
        return _opened(file)
    return None


def _opened(file: Path) -> sqlite3.Connection | None:
    """None for a file that is not there, or was written by another release, or is damaged."""
    if not file.is_file():
        return None
    db = sqlite3.connect(file, timeout=0, isolation_level="IMMEDIATE")
    try:
        (written,) = db.execute("PRAGMA user_version").fetchone()
        empty = file.stat().st_size == 0
        if written != _FORMAT and not empty:
            db.close()
            return None
        db.executescript(
            f"PRAGMA user_version = {_FORMAT}; CREATE TABLE IF NOT EXISTS results"
            " (kind TEXT, key BLOB, result BLOB, PRIMARY KEY (kind, key)) WITHOUT ROWID"
        )
        db.execute("SELECT count(*) FROM results").fetchone()
    except sqlite3.Error:
        db.close()
        return None
    return db
