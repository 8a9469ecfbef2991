"""A disk under SQLite: what was not synced may be lost, and a write may fail.

What a power cut leaves: all that was synced, and of the rest each sector of 512 bytes with the
chance of one half, in whatever order it was written.
"""

from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

import apsw

if TYPE_CHECKING:
    from collections.abc import Callable

SECTOR = 512
_names = count()


@dataclass(slots=True)
class _File:
    """What a file holds for certain, and what was written since (bytes) or cut off (a length)."""

    synced: bytearray
    since: list[tuple[int, bytes] | int] = field(default_factory=list)

    def sync(self) -> None:
        for one in self.since:
            _apply(self.synced, one)
        self.since.clear()

    def survivor(self, random: Random) -> bytes:
        image = bytearray(self.synced)
        for one in self.since:
            if isinstance(one, int):
                if random.random() < 0.5:
                    _apply(image, one)
                continue
            for sector in _sectors(*one):
                if random.random() < 0.5:
                    _apply(image, sector)
        return bytes(image)


class Disk:
    """A VFS of APSW over the real files, by its `name`.

    `before` is called before each write, sync and truncation, and may raise an error of APSW in
    its place.
    """

    def __init__(self) -> None:
        self.name = f"disk {next(_names)}"
        self.files: dict[str, _File] = {}
        self.before: Callable[[], None] = lambda: None
        self._vfs = _Vfs(self)

    def survivors(self, random: Random) -> dict[str, bytes]:
        """What each file would hold after a power cut at this moment, by name."""
        return {
            Path(path).name: kept.survivor(random)
            for path, kept in self.files.items()
            if not path.endswith("-shm")
        }

    def close(self) -> None:
        self._vfs.unregister()


class _Vfs(apsw.VFS):
    def __init__(self, disk: Disk) -> None:
        super().__init__(disk.name, "")
        self._disk = disk

    def xOpen(  # noqa: N802 -- APSW's name
        self, name: str | apsw.URIFilename | None, flags: list[int]
    ) -> apsw.VFSFile:
        path = name.filename() if isinstance(name, apsw.URIFilename) else name
        return _Handle(self._disk, path or "", name, flags)

    def xDelete(self, filename: str, syncdir: bool) -> None:  # noqa: FBT001, N802 -- APSW's name
        super().xDelete(filename, syncdir)
        self._disk.files.pop(filename, None)


class _Handle(apsw.VFSFile):
    def __init__(
        self, disk: Disk, path: str, name: str | apsw.URIFilename | None, flags: list[int]
    ) -> None:
        file = Path(path)
        if path and path not in disk.files:
            disk.files[path] = _File(bytearray(file.read_bytes() if file.exists() else b""))
        self._disk = disk
        self._file = disk.files.get(path, _File(bytearray()))
        super().__init__("", name, flags)

    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802 -- APSW's name
        self._disk.before()
        super().xWrite(data, offset)
        self._file.since.append((offset, bytes(data)))

    def xTruncate(self, newsize: int) -> None:  # noqa: N802 -- APSW's name
        self._disk.before()
        super().xTruncate(newsize)
        self._file.since.append(newsize)

    def xSync(self, flags: int) -> None:  # noqa: N802 -- APSW's name
        self._disk.before()
        super().xSync(flags)
        self._file.sync()


def _apply(image: bytearray, change: tuple[int, bytes] | int) -> None:
    if isinstance(change, int):
        del image[change:]
        return
    offset, data = change
    if len(image) < offset:
        image.extend(bytes(offset - len(image)))
    image[offset : offset + len(data)] = data


def _sectors(offset: int, data: bytes) -> list[tuple[int, bytes]]:
    """A write in pieces that end where the disk's sectors end."""
    pieces = []
    start = 0
    while start < len(data):
        end = min(len(data), start + SECTOR - (offset + start) % SECTOR)
        pieces.append((offset + start, data[start:end]))
        start = end
    return pieces
