"""How fast the search is, beside other engines, on the same articles and questions.

    python -m benchmarks.search [--sizes N…] [--articles DIR…] [--lang CODE] [--rounds N]

Articles come from a seeded generator, or are recombined from the folders given: folders of
Markdown, or judged collections (`docs.jsonl`). For each number of articles, 300 questions (words
of titles, the same with a typing error, longer descriptions) go to each engine, which runs in
processes of its own: one builds, one answers. The rounds of the engines are interleaved and the
best is taken. All times are CPU time. `benchmarks.search_peers.engines` says how each is set up.

`first asked` is the pass in which no question has been asked before, `warm` the best of up to
six further passes; questions a second are warm, on one core. `memory` is what the process holds
after them beyond an empty Python or Node, touched pages of mapped files included. `import` and
`open` (to the first answer) are in a fresh process, the files in the system's cache. `found` is
how often the article the question was made of is among the ten. Needs Linux; without Node and
npm the rows of lunr and minisearch are left out.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from statistics import fmean
from typing import Any

from benchmarks.search_peers import articles as stored
from benchmarks.search_peers import measured, node, questions, sources, tables
from benchmarks.search_peers.engines import ENGINES, Engine
from benchmarks.search_peers.measured import Measured
from search.documents import Document

SIZES = (100, 1_000, 5_000, 20_000)
QUESTIONS = 300


class Bench:
    """Articles and questions in files, for engines to take in processes of their own."""

    def __init__(self, root: Path, articles: Sequence[Document], seed: int) -> None:
        self._root = root
        opening, *self._asked = questions.draw(articles, QUESTIONS + 1, seed)
        asked = {
            "lang": articles[0].lang,
            "opening": opening.text,
            "questions": [each.text for each in self._asked],
        }
        (root / "questions.json").write_text(json.dumps(asked), encoding="utf-8")
        stored.write(articles, root / "articles.jsonl")

    def measure(self, engine: Engine, number: int) -> Measured:
        """Round `number`: build anew, then answer."""
        folder = self._root / f"{engine.index or engine.module}-{number}"
        build = size = None
        if not engine.index:
            build = self._run("build", engine, "articles.jsonl", folder)["build"]
            size = sum(each.stat().st_size for each in folder.rglob("*") if each.is_file()) / 1e6
        answered = self._run("ask", engine, "questions.json", folder)
        return Measured(
            build=build,
            size=size,
            memory=answered["memory"],
            imported=answered["imported"],
            opened=answered["opened"],
            first=tuple(answered["first"]),
            warm=tuple(answered["warm"]),
            found=self._share_found(answered["found"]) if engine.gives_titles else None,
        )

    def _share_found(self, found: Sequence[Sequence[str]]) -> float:
        pairs = zip(self._asked, found, strict=True)
        return fmean(question.title in titles for question, titles in pairs)

    def _run(self, work: str, engine: Engine, given: str, folder: Path) -> dict[str, Any]:
        program = (
            ["node", "--expose-gc", str(node.SCRIPT), work, engine.module]
            if engine.in_node
            else [sys.executable, "-m", "benchmarks.search_peers.trial", work, engine.name]
        )
        finished = subprocess.run(
            [*program, str(self._root / given), str(folder)],
            stdout=subprocess.PIPE,
            env=self._environment(),
            check=False,
        )
        if finished.returncode:
            raise SystemExit(f"{engine.name}: could not {work}; its own words are above.")
        answer: dict[str, Any] = json.loads(finished.stdout)
        return answer

    def _environment(self) -> dict[str, str]:
        """Modules are compiled in the first round, as they are once a program is installed."""
        own = node.environment()
        own.pop("PYTHONDONTWRITEBYTECODE", None)
        return own | {"PYTHONPYCACHEPREFIX": str(self._root / "compiled")}


def measure(bench: Bench, chosen: Sequence[Engine], rounds: int) -> dict[str, Measured]:
    """Every engine, by its name; the engines take turns."""
    runs: dict[str, list[Measured]] = {engine.name: [] for engine in chosen}
    for number in range(rounds):
        for engine in chosen:
            runs[engine.name].append(bench.measure(engine, number))
    return {name: measured.best(found) for name, found in runs.items()}


def main() -> None:
    options = _options()
    absent = node.missing()
    if absent:
        print(f"lunr and minisearch are left out: {absent}.\n")
    chosen = [engine for engine in ENGINES if not (absent and engine.in_node)]
    kind, endless = sources.source(options.articles, options.lang, options.seed)
    articles = list(islice(endless, max(options.sizes)))
    print(f"{kind}, {QUESTIONS} questions, best of {options.rounds} rounds. ", end="")
    print(f"{tables.machine(with_node=not absent)}\n", flush=True)
    by_size = {}
    for size in sorted(options.sizes):
        with tempfile.TemporaryDirectory(prefix="answerloop-search-") as root:
            bench = Bench(Path(root), articles[:size], options.seed)
            by_size[size] = measure(bench, chosen, options.rounds)
        print(f"### {size:,} articles\n\n{tables.peers(by_size[size])}\n", flush=True)
    print(f"### Bars\n\n{tables.barred(by_size)}\n\n### Targets\n\n{tables.aimed(by_size)}")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, metavar="N")
    parser.add_argument("--articles", type=Path, nargs="+", default=(), metavar="DIR")
    parser.add_argument("--lang", help="of the articles in DIR; without it the commonest")
    parser.add_argument("--rounds", type=int, default=3, metavar="N")
    parser.add_argument("--seed", type=int, default=1, metavar="N")
    return parser.parse_args()


if __name__ == "__main__":
    main()
