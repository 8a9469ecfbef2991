"""One `kb serve` for each `var/` with SQLite: two would each be sure to be the only writer.

The lock is the system's own (flock), so it is gone with its process however that ends; the file
stays and only names the process. Commands that write beside a service wait for SQLite's own lock.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from answerloop.errors import ServiceError
from answerloop.settings import Settings

if sys.platform != "win32":
    import fcntl


@contextmanager
def alone(settings: Settings) -> Iterator[None]:
    """Be the only service of this `var/` until the block ends. Raises ServiceError.

    With PostgreSQL many may run.
    """
    if not settings.database_url.startswith("sqlite"):
        yield
        return
    file = settings.state_dir / "lock"
    try:
        settings.state_dir.mkdir(parents=True, exist_ok=True)
        handle = os.open(file, os.O_CREAT | os.O_RDWR, 0o600)
    except OSError as problem:
        raise ServiceError(
            f"{file}: {problem.strerror}. Give the user who runs `kb` the right to write there."
        ) from None
    try:
        _lock(handle, file)
        yield
    finally:
        os.close(handle)


def _lock(handle: int, file: Path) -> None:
    """Take the lock and write down who has it; on Windows, where there is none, do without."""
    if sys.platform == "win32":
        return
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        holder = os.pread(handle, 20, 0).decode("ascii", "replace").strip()
        raise ServiceError(
            f"{file.parent}: another `kb serve` (process {holder or 'unknown'}) serves it already. "
            "Stop that one first; for several at once use PostgreSQL."
        ) from None
    with suppress(OSError):  # a full disk keeps nobody from serving
        os.truncate(handle, 0)
        os.pwrite(handle, f"{os.getpid()}\n".encode(), 0)
