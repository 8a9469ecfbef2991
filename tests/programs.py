"""Our programs in processes of their own, without the seconds that Python takes to load them.

A server of forks has loaded what they need, and forks itself for each program that a test starts.
What runs then is the program: it has its own number, can be killed, and ends as it would; only its
start is not Python's. Where the start is the point (the wheel, the script `kb`, what is measured),
tests start Python, and so do `start` and `run` until somebody says `stay_loaded`.
"""

import multiprocessing
import os
import runpy
import signal
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext, ForkServerProcess
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, TextIO

KB = "answerloop.cli"
_PYTHON = (sys.executable, "-u", "-m")


@dataclass(slots=True)
class Forked:
    """A program that runs. It is used like a `subprocess.Popen` of text."""

    _process: ForkServerProcess
    stdout: TextIO | None = None

    @property
    def pid(self) -> int:
        assert self._process.pid is not None
        return self._process.pid

    @property
    def returncode(self) -> int | None:
        return self._process.exitcode

    def poll(self) -> int | None:
        return self._process.exitcode

    def wait(self, timeout: float | None = None) -> int:
        """Its status. Raises TimeoutExpired after so many seconds."""
        self._process.join(timeout)
        if self._process.exitcode is None:
            raise subprocess.TimeoutExpired(f"process {self.pid}", timeout or 0)
        return self._process.exitcode

    def communicate(self, timeout: float | None = None) -> tuple[str, str]:
        """What it goes on to say, until it has ended."""
        said = ""
        if self.stdout is not None and not self.stdout.closed:
            with self.stdout:
                said = self.stdout.read()
        self.wait(timeout)
        return said, ""

    def send_signal(self, number: int) -> None:
        if self._process.exitcode is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


Process = Forked | subprocess.Popen[str]

_forks = False


def stay_loaded() -> None:
    """Let programs be forked from now on, where that is safe."""
    global _forks  # noqa: PLW0603 -- whatever asks, there is one server of forks
    _forks = sys.platform == "linux"


def start(*arguments: str, environment: Mapping[str, str] | None = None) -> Process:
    """Start a module of the checkout; what it says comes through a pipe, its complaints nowhere.

    `environment` is laid over that of this process.
    """
    outer = os.environ | (environment or {})
    if not _forks:
        return subprocess.Popen(  # noqa: S603 -- our own program
            [*_PYTHON, *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env=outer,
        )
    reading, writing = os.pipe()
    with Path(os.devnull).open("wb") as nowhere, os.fdopen(writing, "wb") as pipe:
        process = _fork(arguments, outer, (pipe, nowhere))
    process.stdout = os.fdopen(reading, encoding="utf-8")
    return process


def run(
    *arguments: str, environment: Mapping[str, str] | None = None, seconds: float = 120
) -> subprocess.CompletedProcess[str]:
    """Run a module of the checkout to its end, and keep what it says."""
    outer = os.environ | (environment or {})
    if not _forks:
        return subprocess.run(  # noqa: S603 -- our own program
            [*_PYTHON, *arguments],
            capture_output=True,
            text=True,
            check=False,
            timeout=seconds,
            env=outer,
        )
    with TemporaryFile() as out, TemporaryFile() as err:
        process = _fork(arguments, outer, (out, err))
        try:
            status = process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            raise
        said, complained = (_text(file) for file in (out, err))
        return subprocess.CompletedProcess(arguments, status, said, complained)


def _text(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode()


@cache
def _server() -> ForkServerContext:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.loaded"])
    return context


def _fork(
    arguments: tuple[str, ...], environment: Mapping[str, str], into: tuple[IO[bytes], IO[bytes]]
) -> Forked:
    handed = [Connection(os.dup(file.fileno()), readable=False) for file in into]
    work = (arguments, dict(environment), Path.cwd(), *handed)
    process = _server().Process(target=_become, args=work)
    process.start()
    for each in handed:
        each.close()
    return Forked(process)


def _become(
    arguments: tuple[str, ...], environment: dict[str, str], folder: Path, *handed: Connection
) -> None:
    """Be this program from now on, with standard output and standard error of one's own."""
    for number, each in enumerate(handed, start=1):
        os.dup2(each.fileno(), number)
        each.close()
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = list(arguments)
    runpy.run_module(arguments[0], run_name="__main__", alter_sys=True)
