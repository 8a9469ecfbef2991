"""Opened files, held once by all in this process who read the same ones.

What was made of them must not change, and goes with the last who holds it.
"""

import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar
from weakref import WeakValueDictionary

from search.errors import DamagedIndex

Made = TypeVar("Made")

_made: WeakValueDictionary[tuple[object, ...], Any] = WeakValueDictionary()
_making = threading.Lock()


def opened(files: Sequence[Path], others: tuple[object, ...], make: Callable[[], Made]) -> Made:
    """What `make` makes of these files and of `others`, or somebody else has made of them.

    A file that was replaced or written into is another one. Raises `DamagedIndex` for one that is
    gone.
    """
    key = *others, *map(_stamp, files)
    with _making:
        found: Made | None = _made.get(key)
        if found is None:
            found = _made[key] = make()
        return found


def _stamp(path: Path) -> tuple[int, ...]:
    try:
        found = path.stat()
    except OSError as error:
        raise DamagedIndex(f"{path}: cannot be read ({error}). Build again.") from error
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns
