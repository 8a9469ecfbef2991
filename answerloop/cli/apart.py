"""Work in a process of its own, whose memory goes with it."""

import ctypes
import os
import signal
import sys
import traceback
from collections.abc import Callable
from contextlib import suppress
from typing import NoReturn

from answerloop.cli import EXPECTED, explain

_PARENT_DEATH = 1
"""Which signal comes when the parent has ended: PR_SET_PDEATHSIG of prctl(2)."""


def do(work: Callable[[], None]) -> None:
    """Do it to its end, in a fork where the system is made for that; else in this process.

    Raises SystemExit where it failed, having said why. No other thread may run here. Whatever ends
    this process, even SIGKILL, ends the work: it holds what this process holds.
    """
    if sys.platform != "linux":
        work()
        return
    before = signal.signal(signal.SIGTERM, _stop)
    try:
        status = _status_of(work)
    finally:
        signal.signal(signal.SIGTERM, before)
    if status:
        raise SystemExit(status)


def _status_of(work: Callable[[], None]) -> int:
    sys.stdout.flush()
    sys.stderr.flush()
    parent = os.getpid()
    child = os.fork()
    if not child:
        _work(work, parent)
    try:
        _, ended = os.waitpid(child, 0)
    except BaseException:
        with suppress(ProcessLookupError):
            os.kill(child, signal.SIGINT)  # so that it clears up behind it
        os.waitpid(child, 0)
        raise
    return abs(os.waitstatus_to_exitcode(ended))


def _work(work: Callable[[], None], parent: int) -> NoReturn:
    status = 1
    try:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        ctypes.CDLL(None).prctl(_PARENT_DEATH, signal.SIGKILL)
        if os.getppid() == parent:  # else it ended before we asked to be told
            work()
            status = 0
    except EXPECTED as problem:
        explain(problem)
    except BaseException as problem:  # noqa: BLE001  nothing of the parent may run here
        if not isinstance(problem, KeyboardInterrupt):  # the parent had it, too
            traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


def _stop(_signal: int, _frame: object) -> NoReturn:
    raise SystemExit(0)
