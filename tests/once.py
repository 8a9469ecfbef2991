"""What is dear to make and never changed, made once for all processes of a run of the tests."""

import sys
from collections.abc import Callable
from pathlib import Path

if sys.platform != "win32":
    import fcntl


def made(folder: Path, make: Callable[[Path], object]) -> Path:
    """The folder, which the first process that asks makes; the others wait for it."""
    with folder.with_name(f"{folder.name}.lock").open("w") as lock:
        if sys.platform != "win32":
            fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            begun = folder.with_name(f"{folder.name}.begun")
            begun.mkdir()
            make(begun)
            begun.rename(folder)
    return folder
