"""Lets `kb learn` run each night, so that the desk's page of learning is fresh in the morning.

It reads every article and makes an index of them with what it would propose. So it runs in a
process of its own, behind all others, and the service neither waits for it nor keeps its memory.
"""

import atexit
import os
import subprocess
import sys
from contextlib import suppress
from datetime import datetime, time, timedelta
from pathlib import Path

from answerloop import learned
from answerloop.errors import ServiceError
from answerloop.settings import Settings
from feedback import searches
from feedback.database import Database

HOUR = 3
"""From this hour of the day on, UTC."""
FIRST = timedelta(hours=1)
"""After the start of a service that has never learned: others have much to do at the start."""
_NICE = 15
_LAST_SECONDS = 5


class Nightly:
    """Knows the process that learns, while there is one."""

    def __init__(self, settings: Settings, database: Database) -> None:
        self._settings = settings
        self._database = database
        self._child: subprocess.Popen[bytes] | None = None
        self._night: datetime | None = None
        self._begun: datetime | None = None
        atexit.register(self.stop)

    def keep_up(self, now: datetime) -> None:
        """Begin to learn, if this night has not and readers have searched since it was done last.

        Raises ServiceError where it ended in failure; then it is tried again the next night.
        """
        self._begun = self._begun or now
        if self._child is not None:
            self._look_after(self._child)
        elif self._is_due(now, self._begun):
            self._night = _night(now)
            self._child = _start(self._settings.root)

    @property
    def is_learning(self) -> bool:
        return self._child is not None and self._child.poll() is None

    def stop(self) -> None:
        """End the process that learns; what it was about to propose is not kept."""
        child, self._child = self._child, None
        if child is not None:
            with suppress(OSError, subprocess.TimeoutExpired):
                child.terminate()
                child.wait(_LAST_SECONDS)

    def _look_after(self, child: "subprocess.Popen[bytes]") -> None:
        status = child.poll()
        if status is None:
            return
        self._child = None
        if status:
            raise ServiceError(
                f"`kb learn` ended with status {status}. Run it by hand; it says why. "
                "Until the next night the desk shows what was proposed before."
            )

    def _is_due(self, now: datetime, begun: datetime) -> bool:
        night = _night(now)
        if not self._settings.search.learn_nightly or self._night == night:
            return False
        last = learned.read(self._settings.state_dir / learned.FILE_NAME).at
        if now < begun + FIRST if last is None else last >= night:
            return False
        with self._database.read() as db:
            return searches.any_since(db, last)


def _night(now: datetime) -> datetime:
    """The last moment at which it was time to learn."""
    today = datetime.combine(now.date(), time(HOUR), now.tzinfo)
    return today if now >= today else today - timedelta(days=1)


def _start(root: Path) -> "subprocess.Popen[bytes]":
    # -P: what lies in the working directory is no module of ours.
    child = subprocess.Popen(  # noqa: S603  our own arguments, no shell
        [sys.executable, "-P", "-m", "answerloop.cli", "-C", str(root), "learn"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    with suppress(OSError):  # it is over already, or may not be put behind
        os.setpriority(os.PRIO_PROCESS, child.pid, _NICE)
    return child
