r"""Many arrays in one file, memory-mapped: processes that open it share the pages.

    b"arrays 1\n" | length of the table, 8 bytes | table (JSON) | arrays, each on 64 bytes

The table gives each array's type, shape and place. There are no pickles; that the numbers are
sensible is for the signed manifest over the file to say.
"""

import json
import mmap
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from search.errors import DamagedIndex

Array = np.ndarray[Any, np.dtype[Any]]

_MAGIC = b"arrays 1\n"
_ALIGNMENT = 64
_TYPES = frozenset({"u1", "u2", "u4", "i4", "i8", "f4"})


def write(path: Path, arrays: Mapping[str, Array]) -> None:
    """Put arrays into a new file, in the order given; whole numbers become as narrow as can be."""
    arrays = narrowed(arrays)
    table: dict[str, tuple[str, tuple[int, ...], int]] = {}
    place = 0
    for name, array in arrays.items():
        kind = array.dtype.str[1:]
        if kind not in _TYPES:
            raise ValueError(f"array {name}: type {kind}, expected one of {sorted(_TYPES)}")
        table[name] = (kind, array.shape, place)
        place += -(-array.nbytes // _ALIGNMENT) * _ALIGNMENT
    head = json.dumps(table, separators=(",", ":")).encode()
    with path.open("wb") as file:
        file.write(_MAGIC + len(head).to_bytes(8, "little") + head)
        file.write(b"\0" * (-file.tell() % _ALIGNMENT))
        for name, array in arrays.items():
            kind = table[name][0]
            file.write(np.ascontiguousarray(array, dtype=f"<{kind}").data)
            file.write(b"\0" * (-file.tell() % _ALIGNMENT))


def load(path: Path) -> dict[str, Array]:
    """The arrays of a file, read-only, on its memory-mapped pages.

    Raises `DamagedIndex` when the file is gone or is no such file.
    """
    try:
        with path.open("rb") as file:
            content = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        if content[: len(_MAGIC)] != _MAGIC:
            raise DamagedIndex(f"{path}: not a file of arrays. Build again.")
        start = len(_MAGIC) + 8
        length = int.from_bytes(content[len(_MAGIC) : start], "little")
        table = json.loads(content[start : start + length])
        first = start + length + -(start + length) % _ALIGNMENT
        return {
            name: np.frombuffer(
                content, dtype=f"<{kind}", count=_size(shape), offset=first + place
            ).reshape(shape)
            for name, (kind, shape, place) in table.items()
        }
    except (OSError, ValueError) as error:
        raise DamagedIndex(f"{path}: cannot be read ({error}). Build again.") from error


def is_whole(array: Array) -> bool:
    """Whether the file under an array of `load` is as long as it was: else to read it is fatal.

    Who shortens a file under a mapping (an editor, `rsync --inplace`) kills the process that
    reads on; the system sends it SIGBUS. Costs one `fstat`.
    """
    base: Any = array
    while not isinstance(base, mmap.mmap):
        base = base.obj if isinstance(base, memoryview) else base.base
    return base.size() == len(base)


def _size(shape: list[int]) -> int:
    size = 1
    for length in shape:
        size *= length
    return size


def texts(blob: Array) -> list[str]:
    """The strings that `packed` put together."""
    return blob.tobytes().decode("utf-8").split("\n")[:-1]


def packed(strings: Iterable[str]) -> Array:
    """Strings without line breaks as one array of bytes."""
    joined = "".join(f"{each}\n" for each in strings)
    return np.frombuffer(joined.encode("utf-8"), dtype=np.uint8)


def narrowed(arrays: Mapping[str, Array]) -> dict[str, Array]:
    """The same with whole numbers as narrow as can be."""
    return {
        name: narrow(array) if array.dtype.kind in "iu" else array for name, array in arrays.items()
    }


def narrow(numbers: Array) -> Array:
    """Whole numbers in the narrowest type that holds them, without a sign where none is below 0."""
    low, high = (int(numbers.min()), int(numbers.max())) if numbers.size else (0, 0)
    signs = (np.uint8, np.uint16, np.uint32) if low >= 0 else (np.int32,)
    for kind in (*signs, np.int64):
        if np.iinfo(kind).min <= low and high <= np.iinfo(kind).max:
            return numbers.astype(kind, copy=False)
    raise ValueError(f"numbers from {low} to {high}: expected at most 63 bits")
