"""One engine in a process of its own: builds its index, or answers the questions.

    python -m benchmarks.search_peers.trial build ENGINE ARTICLES FOLDER
    python -m benchmarks.search_peers.trial ask ENGINE QUESTIONS FOLDER

Prints one JSON object. Times are CPU time of the process, all its threads included.
`benchmarks/search_peers/trial.cjs` does the same in Node.
"""

import gc
import json
import os
import sys
import time
from pathlib import Path
from typing import Any

from benchmarks.search_peers import articles as stored
from benchmarks.search_peers import engines

MOST_PASSES = 6
PATIENCE = 4.0
"""CPU seconds after which no further pass over the questions begins."""


def build(engine: engines.Engine, articles: Path, folder: Path) -> dict[str, Any]:
    """CPU seconds from articles in memory to an index on disk, imports left out."""
    module, documents = engines.module(engine), stored.read(articles)
    started = time.process_time()
    module.build(documents, folder)
    return {"build": time.process_time() - started}


def ask(engine: engines.Engine, questions: Path, folder: Path) -> dict[str, Any]:
    """What opening costs, what answering, and what memory is then held.

    1. `imported` ms to import the engine, `opened` ms more to the first answer; 2. one pass over
    the questions, none of which it has been asked before: `first`, ms each; 3. the same
    questions again and again: `warm`, ms each, the best of the passes; 4. `memory`: MB more than
    before 1. `found`: the titles found for each question.
    """
    asked = json.loads(questions.read_text(encoding="utf-8"))
    texts = asked["questions"]
    base = _resident()
    started = time.process_time()
    module = engines.module(engine)
    imported = time.process_time()
    answer = module.load(folder, asked["lang"])
    answer(asked["opening"])
    opened = time.process_time()
    found = []
    first = []
    for text in texts:
        before = time.process_time_ns()
        titles = answer(text)
        first.append((time.process_time_ns() - before) / 1e6)
        found.append(list(titles))
    return {
        "imported": (imported - started) * 1e3,
        "opened": (opened - imported) * 1e3,
        "first": first,
        "warm": _warm(answer, texts),
        "memory": _resident() - base,
        "found": found,
    }


def _warm(answer: engines.Ask, texts: list[str]) -> list[float]:
    best = [float("inf")] * len(texts)
    started = time.process_time()
    for number in range(MOST_PASSES):
        if number and time.process_time() - started > PATIENCE:
            break
        for place, text in enumerate(texts):
            before = time.process_time_ns()
            answer(text)
            best[place] = min(best[place], (time.process_time_ns() - before) / 1e6)
    return best


def _resident() -> float:
    """MB of this process in memory, of mapped files what it has touched."""
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def main(work: str, engine: str, given: str, folder: str) -> None:
    does = {"build": build, "ask": ask}[work]
    print(json.dumps(does(engines.named(engine), Path(given), Path(folder))))


if __name__ == "__main__":
    main(*sys.argv[1:])
