"""A small embedder that is one: a text is the sum of its concepts, looked up in a thesaurus.

As a program it is a model's process for `search.embedding`: it waits until FILE exists before it
answers a question, and dies of the word "crash".

    python -m tests.search.embedders FILE
"""

import sys
import time
from collections.abc import Sequence
from pathlib import Path
from zlib import crc32

import numpy as np

from search import model
from search.arrays import Array
from search.errors import NoEmbedder

_SIZE = 64
_THESAURUS = {"reimbursement": "refund", "purchase": "order", "vehicle": "car", "automobile": "car"}


class Thesaurus:
    """Knows some words that mean the same; remembers which passages it was given.

    `dies_after` so many of them it embeds no more.
    """

    unrelated, alike = 0.0, 1.0

    def __init__(
        self, model: str = "thesaurus", *, is_busy: bool = False, dies_after: int = 1_000_000
    ) -> None:
        self.model = model
        self.given: list[str] = []
        self._is_busy = is_busy
        self._dies_after = dies_after

    def passages(self, texts: Sequence[str]) -> Array:
        self.given += texts
        if len(self.given) > self._dies_after:
            raise NoEmbedder("The thesaurus has ended.")
        return np.stack([_vector(text) for text in texts])

    def question(self, text: str) -> Array | None:
        return None if self._is_busy else _vector(text)


class Process:
    """The same as a model in a process of its own."""

    def __init__(self, gate: Path) -> None:
        self._gate = gate

    def encode(self, texts: Sequence[str], is_query: bool) -> Array:  # noqa: FBT001  # the protocol's
        if "crash" in texts:
            sys.exit(1)
        while is_query and not self._gate.exists():
            time.sleep(0.01)
        return np.stack([_vector(text) for text in texts])


def _vector(text: str) -> Array:
    sums = np.zeros(_SIZE, dtype=np.float32)
    for word in text.casefold().replace(".", " ").replace("?", " ").split():
        sums[crc32(_THESAURUS.get(word, word).encode()) % _SIZE] += 1
    vector: Array = sums / max(float(np.linalg.norm(sums)), 1e-9)
    return vector


if __name__ == "__main__":
    model.serve(Process(Path(sys.argv[1])), sys.stdin.buffer, sys.stdout.buffer)
