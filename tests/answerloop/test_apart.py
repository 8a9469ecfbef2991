"""Work in a process of its own: it fails as a command does, and ends with whoever waits for it."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere nothing is forked")

_BEGINNING = "import os, sys, time; from answerloop.cli import apart; from answerloop import errors"


def run(*lines: str) -> "subprocess.Popen[str]":
    """A program of these lines after the imports. Without other threads, which pytest has."""
    return subprocess.Popen(  # noqa: S603 -- our own lines
        [sys.executable, "-c", "\n".join((_BEGINNING, *lines))],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def is_there(process: int) -> bool:
    """Whether it is, and has not ended without anybody asking for its status."""
    try:
        said = Path(f"/proc/{process}/stat").read_text(encoding="ascii")
    except OSError:
        return False
    return said.rpartition(")")[2].split()[0] != "Z"


def test_what_follows_knows_that_it_is_done_and_keeps_nothing_of_it() -> None:
    said, _ = run(
        "held = []",
        "apart.do(lambda: (held.append(1), print('done')))",
        "print(held)",
    ).communicate(timeout=60)

    assert said == "done\n[]\n"


def test_an_expected_failure_is_explained_and_ends_the_program() -> None:
    program = run(
        "def fail(): raise errors.BuildError('The disk is full.')",
        "apart.do(fail)",
        "print('not reached')",
    )

    said, complained = program.communicate(timeout=60)

    assert (said, complained, program.returncode) == ("", "kb: The disk is full.\n", 1)


def test_a_mistake_of_ours_shows_where_it_is() -> None:
    program = run("apart.do(lambda: 1 / 0)")

    _, complained = program.communicate(timeout=60)

    assert "ZeroDivisionError" in complained
    assert program.returncode == 1


@pytest.mark.parametrize(
    ("number", "status"),
    [(signal.SIGTERM, 0), (signal.SIGKILL, -signal.SIGKILL)],
    ids=["SIGTERM", "SIGKILL"],
)
def test_what_ends_the_program_ends_its_work(number: signal.Signals, status: int) -> None:
    program = run("apart.do(lambda: (print(os.getpid(), flush=True), time.sleep(120)))")
    assert program.stdout
    working = int(program.stdout.readline())

    os.kill(program.pid, number)

    assert program.wait(60) == status
    program.communicate()
    while is_there(working):  # the time limit of a test ends this
        time.sleep(0.01)
