"""The versions of the index in one directory: which is current, which may go.

    root/CURRENT            the name of the current version
    root/v-<build>/         a published version, never changed; its index is `index/`
    root/.tmp-<build>-<pid> one being built

Other parts of a build (pages, catalogue) may lie beside `index/`; this module looks only at
`index/`. It knows no engine.
"""

import fcntl
import logging
import os
import shutil
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from search import manifest
from search.errors import DamagedIndex, IndexUnwritable, NoIndex
from search.manifest import Manifest

logger = logging.getLogger(__name__)

PUBLISHED = "v-"
DRAFT = ".tmp-"


@dataclass(frozen=True, slots=True)
class Version:
    """A published version whose manifest has been checked."""

    path: Path
    manifest: Manifest

    @property
    def build(self) -> str:
        return self.manifest.build

    def shelf(self, name: str) -> Path:
        return self.path / "index" / name

    def langs(self, shelves: Iterable[str]) -> Counter[str]:
        """How many documents these shelves hold in each language tag."""
        langs: Counter[str] = Counter()
        for name in shelves:
            langs.update(self.manifest.shelves[name])
        return langs


def stamp(pointer: str) -> tuple[int, int] | None:
    """Changes whenever the file `CURRENT` is replaced; None without one. Costs one `stat`."""
    try:
        found = os.stat(pointer)  # noqa: PTH116  # on every search; pathlib costs ten times that
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns


def named(root: Path) -> str | None:
    """The directory that `CURRENT` names, without a look at it; None when nothing usable."""
    try:
        name = (root / "CURRENT").read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return None
    # Only a name: a path in CURRENT could lead out of the directory.
    return name if name.startswith(PUBLISHED) and Path(name).name == name else None


def check(path: Path, *, key: bytes, written_by: str) -> Version:
    """Read and verify one version; raise `DamagedIndex` when it must not be opened."""
    listed = manifest.read(path / "index", key=key)
    if listed.written_by != written_by:
        raise DamagedIndex(
            f"{path}: written by {listed.written_by}, this is {written_by}. Build again."
        )
    manifest.verify(listed, path / "index")
    return Version(path=path, manifest=listed)


def current(root: Path, *, key: bytes, written_by: str) -> Version:
    """The version that `CURRENT` names or, when it is unusable, the newest valid older one.

    Raises `NoIndex` when there is none.
    """
    name = named(root)
    if name is not None:
        try:
            return check(root / name, key=key, written_by=written_by)
        except DamagedIndex as error:
            logger.warning("The current index cannot be used. %s", error)
    elif published(root):
        logger.warning("%s: missing or unreadable; looking for a version.", root / "CURRENT")
    for path in _newest_first(root, key=key):
        if path.name == name:
            continue
        try:
            version = check(path, key=key, written_by=written_by)
        except DamagedIndex as error:
            logger.warning("An older index cannot be used either. %s", error)
            continue
        logger.warning("Searching an older index, %s. Build again.", path)
        return version
    raise NoIndex(f"{root}: no valid index. Build it with `kb build` or `kb index`.")


def published(root: Path) -> list[Path]:
    return sorted(path for path in root.glob(f"{PUBLISHED}*") if path.is_dir())


def last_sequence(root: Path, *, key: bytes) -> int:
    """The number of the latest publication here; 0 before the first."""
    return max(_sequences(root, key=key).values(), default=0)


def _newest_first(root: Path, *, key: bytes) -> list[Path]:
    sequences = _sequences(root, key=key)
    return sorted(sequences, key=lambda path: sequences[path], reverse=True)


def _sequences(root: Path, *, key: bytes) -> dict[Path, int]:
    found: dict[Path, int] = {}
    for path in published(root):
        with suppress(DamagedIndex):
            found[path] = manifest.read(path / "index", key=key).sequence
    return found


def point(root: Path, name: str) -> None:
    """Make `CURRENT` name a version, in one step that survives a power cut."""
    temporary = root / f"CURRENT.{os.getpid()}"
    with temporary.open("w", encoding="utf-8") as file:
        file.write(f"{name}\n")
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(root / "CURRENT")
    sync(root)


def prune(root: Path, *, keep: set[str]) -> None:
    """Delete every published version but those named."""
    for path in published(root):
        if path.name not in keep:
            shutil.rmtree(path, ignore_errors=True)


def sweep(root: Path, *, keep: set[Path]) -> None:
    """Delete what builders left that died; another process's live draft stays."""
    for path in root.glob(f"{DRAFT}*-*"):
        if path not in keep and _is_left(path.name.rpartition("-")[2]):
            shutil.rmtree(path, ignore_errors=True)
    for path in root.glob("CURRENT.*"):
        # One of our own number may be another thread's that publishes now.
        owner = path.name.rpartition(".")[2]
        if owner != str(os.getpid()) and _is_left(owner):
            path.unlink(missing_ok=True)


def _is_left(owner: str) -> bool:
    """Whether what carries this process number was left by a process that died."""
    return owner.isdigit() and not _other_lives(int(owner))


def _other_lives(pid: int) -> bool:
    if pid == os.getpid():
        return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return True
    return True


def sync(path: Path | str) -> None:
    """Have a file or a directory written to the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_tree(folder: Path | str) -> None:
    """The same for all below a folder, but for files that have another name.

    These are of a published version, so they are on the disk.
    """
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                sync_tree(entry.path)
            elif entry.is_file() and entry.stat().st_nlink == 1:
                sync(entry.path)
    sync(folder)


@contextmanager
def publishing(root: Path) -> Iterator[None]:
    """One publication at a time in a directory, over all processes."""
    descriptor = os.open(root, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


@contextmanager
def writing(root: Path) -> Iterator[None]:
    """Say what an operator can do where the system only says what it refused."""
    try:
        yield
    except OSError as error:
        where = error.filename or root
        raise IndexUnwritable(
            f"{where}: cannot write the index ({error.strerror or error}). {root} must be a "
            "directory that this user may write, with room left; mend that or choose another."
        ) from error
