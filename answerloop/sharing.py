"""Files that two versions have in common: one file on the disk under two names.

A version never changes once it is published, so a file that is the same in the next one needs to
be neither written nor stored again.
"""

import filecmp
import os
import shutil
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path


def link(source: Path | str, target: Path | str) -> None:
    """A second name for a file that never changes; a copy where the disk has no such names."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)


def write(file: str, content: bytes, same: str | None) -> None:
    """Write a new file: as a second name of `same`, where that holds the very same.

    Raises OSError, FileExistsError among them, and leaves what is there as it is.
    """
    if same is not None:
        with suppress(OSError):
            if _holds(same, content):
                os.link(same, file)
                return
    with open(file, "xb") as stream:  # noqa: PTH123  a path object for each file takes longer
        stream.write(content)


def _holds(file: str, content: bytes) -> bool:
    with open(file, "rb") as stream:  # noqa: PTH123  the same
        return os.fstat(stream.fileno()).st_size == len(content) and stream.read() == content


def files(folder: Path | str) -> Iterator[os.DirEntry[str]]:
    """Every file below a folder; links are not followed."""
    folders = [folder]
    while folders:
        with os.scandir(folders.pop()) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    folders.append(entry.path)
                elif entry.is_file():
                    yield entry


def share(new: Path, old: Path) -> None:
    """Let each file below `new` be that of `old`, where both are the same."""
    for file in files(new):
        if file.stat().st_nlink > 1:
            continue
        same = old / os.path.relpath(file.path, new)
        with suppress(OSError):
            if filecmp.cmp(file.path, same, shallow=False):
                beside = f"{file.path}.shared"
                os.link(same, beside)
                os.replace(beside, file.path)  # noqa: PTH105  no path object is at hand
