"""Changes of files as a unified diff that `git apply` takes, or written to the disk at once."""

import difflib
import os
import re
import shutil
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from answerloop.errors import PatchError

_UNPRINTABLE = {"\\": "\\\\", '"': '\\"', "\t": "\\t", "\n": "\\n", "\r": "\\r"}


@dataclass(frozen=True, slots=True)
class Change:
    """The bytes of a file before and after; `before` is None for one that is not there.

    `path` is relative to the folder in which the patch is applied.
    """

    path: PurePosixPath
    before: bytes | None
    after: bytes


def diff(changes: Iterable[Change]) -> bytes:
    """The patch: `git apply`, or `patch -p1`, makes the changes."""
    return b"".join(line for change in changes for line in _hunks(change))


def apply(changes: Sequence[Change], root: Path) -> None:
    """Write all changes below `root`, or none.

    1. Write each file beside the old one; 2. look whether any file is not as it was read; 3. put
    the new ones in place, each in one step, and take them back when one of them fails. Raises
    PatchError.
    """
    targets = [(change, (root / change.path).resolve()) for change in changes]
    beside: list[Path] = []
    try:
        for change, target in targets:
            beside.append(target.with_name(f".{target.name}.{os.getpid()}.new"))
            _write(beside[-1], change.after, target)
        for change, target in targets:
            if _content(target) != change.before:
                raise PatchError(
                    "%(path)s: has changed since it was read. Nothing was written; try again.",
                    path=change.path,
                )
        _replace_all(targets, beside)
    except OSError as problem:
        raise PatchError(
            "%(path)s: cannot be written: %(why)s. Nothing was changed.",
            path=problem.filename,
            why=problem.strerror,
        ) from None
    finally:
        for path in beside:
            path.unlink(missing_ok=True)


def _replace_all(targets: Sequence[tuple[Change, Path]], beside: Sequence[Path]) -> None:
    done: list[tuple[Change, Path]] = []
    try:
        for (change, target), new in zip(targets, beside, strict=True):
            new.replace(target)
            done.append((change, target))
    except OSError:
        for change, target in done:
            if change.before is None:
                target.unlink()
            else:
                target.write_bytes(change.before)
        raise


def _write(path: Path, content: bytes, model: Path) -> None:
    """A new file with the rights of `model`, safe on the disk."""
    with path.open("wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    if model.exists():
        shutil.copymode(model, path)


def _content(path: Path) -> bytes | None:
    return path.read_bytes() if path.exists() else None


def _hunks(change: Change) -> Iterator[bytes]:
    old = "/dev/null" if change.before is None else f"a/{change.path}"
    lines = difflib.diff_bytes(
        difflib.unified_diff,
        _lines(change.before or b""),
        _lines(change.after),
        _name(old),
        _name(f"b/{change.path}"),
    )
    for line in lines:
        yield line
        if not line.endswith(b"\n"):
            yield b"\n\\ No newline at end of file\n"


def _lines(content: bytes) -> list[bytes]:
    """Lines as Git sees them: only a line feed ends one."""
    return re.findall(rb"[^\n]*\n|[^\n]+", content)


def _name(path: str) -> bytes:
    """A file's name in a patch: quoted as in C where it must be, a tab after blanks."""
    if any(character in _UNPRINTABLE for character in path):
        return f'"{"".join(_UNPRINTABLE.get(each, each) for each in path)}"'.encode()
    return (f"{path}\t" if " " in path else path).encode()
