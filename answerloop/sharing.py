"""Files that two versions have in common: one file on the disk under two names.

A version never changes once it is published, so a file that is the same in the next one needs to
be neither written nor stored again.
"""

import filecmp
import os
import shutil
from contextlib import suppress
from pathlib import Path


def link(source: Path | str, target: Path | str) -> None:
    """A second name for a file that never changes; a copy where the disk has no such names."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)


def share(new: Path, old: Path) -> None:
    """Let each file below `new` be that of `old`, where both are the same."""
    for file in new.rglob("*"):
        same = old / file.relative_to(new)
        with suppress(OSError):
            if (
                file.is_file()
                and file.stat().st_nlink == 1
                and filecmp.cmp(file, same, shallow=False)
            ):
                beside = file.with_name(f"{file.name}.shared")
                os.link(same, beside)
                beside.replace(file)
