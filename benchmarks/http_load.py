"""How many searches a second the service answers over HTTP, and how long they take.

    python -m benchmarks.http_load [--size N] [--articles DIR…] [--seconds N] [--connections N…]

Writes N articles (generated, or recombined from the folders given) as Markdown, builds them with
`kb build`, starts `kb serve` (one process, at most two cores) and asks `/api/v1/search` with wrk:
3,000 different questions in turns, each connection asking anew as soon as it is answered, no
validator sent along. wrk works on the same machine and takes its share of it; `service CPU` is
what the service alone used for each answer. Needs Linux and wrk (Debian: apt-get install wrk).
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any
from urllib.parse import quote

from benchmarks.search_peers import questions, sources, tables
from search.documents import Document

QUESTIONS = 3_000
CORES = 2
_SHELF = 100
"""Articles in a folder: one navigation of thousands is no knowledge base."""

_SCRIPT = Path(__file__).with_name("http_load.lua")
_ADDRESS = re.compile(r"http://\S+?:\d+")


@dataclass(frozen=True, slots=True)
class Load:
    """What wrk saw, times in ms, and the CPU ms of the service for each answer."""

    connections: int
    per_second: float
    p50: float
    p99: float
    errors: int
    service: float


def write(articles: Sequence[Document], root: Path) -> None:
    """A content repository of these articles."""
    (root / "mkdocs.yml").write_text("site_name: Load\ndocs_dir: articles\n", encoding="utf-8")
    for number, article in enumerate(articles):
        folder = root / "articles" / article.lang / f"shelf-{number // _SHELF}"
        folder.mkdir(parents=True, exist_ok=True)
        front = f"---\ntitle: {json.dumps(article.title, ensure_ascii=False)}\n---\n"
        pieces = [
            piece
            for section in article.sections
            for piece in (section.heading and f"## {section.heading}", section.text)
            if piece
        ]
        text = front + "\n" + "\n\n".join(pieces) + "\n"
        (folder / f"{article.id}.md").write_text(text, encoding="utf-8")


def build(root: Path) -> float:
    """Seconds that `kb build` took."""
    started = time.monotonic()
    command = [sys.executable, "-m", "answerloop.cli", "-C", str(root), "build", "--keep-going"]
    finished = subprocess.run(command, capture_output=True, text=True, check=False)
    if finished.returncode:
        raise SystemExit(f"kb build failed.\n{finished.stderr}")
    return time.monotonic() - started


@contextmanager
def served(root: Path) -> Iterator[tuple[str, int]]:
    """The address of `kb serve` and the number of its process."""
    command = [sys.executable, "-u", "-m", "answerloop.cli", "-C", str(root), "serve"]
    log = root / "serve.log"
    with log.open("wb") as said:
        process = subprocess.Popen(
            [*command, "--port", "0"], stdout=subprocess.PIPE, stderr=said, text=True
        )
    try:
        os.sched_setaffinity(process.pid, sorted(os.sched_getaffinity(0))[:CORES])
        assert process.stdout is not None
        addresses = (_ADDRESS.search(line) for line in process.stdout)
        address = next(filter(None, addresses), None)
        if address is None:
            raise SystemExit(f"kb serve ended.\n{log.read_text(encoding='utf-8')}")
        yield address.group(), process.pid
    finally:
        process.terminate()
        process.wait(timeout=30)


def load(address: str, asked: Path, connections: int, seconds: int) -> dict[str, Any]:
    """What the script counted in one run of wrk."""
    command = ["wrk", "--threads", "1", "--connections", str(connections)]
    command += ["--duration", f"{seconds}s", "--timeout", "10s", "--script", str(_SCRIPT)]
    finished = subprocess.run(
        [*command, address, "--", str(asked)], capture_output=True, text=True, check=False
    )
    if finished.returncode:
        raise SystemExit(f"wrk failed.\n{finished.stderr}")
    counted: dict[str, Any] = json.loads(finished.stdout.splitlines()[-1])
    return counted


def measure(served_at: tuple[str, int], asked: Path, connections: int, seconds: int) -> Load:
    address, process = served_at
    before = cpu(process)
    counted = load(address, asked, connections, seconds)
    used = cpu(process) - before
    return Load(
        connections=connections,
        per_second=counted["requests"] / counted["seconds"],
        p50=counted["p50"],
        p99=counted["p99"],
        errors=counted["errors"],
        service=1e3 * used / max(1, counted["requests"]),
    )


def cpu(process: int) -> float:
    """CPU seconds of a process so far, all its threads included."""
    fields = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _paths(articles: Sequence[Document], seed: int) -> str:
    """A path for each line."""
    drawn = questions.draw(articles, QUESTIONS, seed)
    lang = articles[0].lang
    return "".join(f"/api/v1/search?lang={lang}&q={quote(each.text)}\n" for each in drawn)


def main() -> None:
    options = _options()
    if shutil.which("wrk") is None:
        raise SystemExit("wrk not found. On Debian: apt-get install wrk")
    kind, endless = sources.source(options.articles, options.lang, options.seed)
    articles = list(islice(endless, options.size))
    print(f"{len(articles):,} articles: {kind}. {tables.machine(with_node=False)}", flush=True)
    with tempfile.TemporaryDirectory(prefix="answerloop-load-") as place:
        root = Path(place)
        asked = root / "paths.txt"
        asked.write_text(_paths(articles, options.seed), encoding="ascii")
        write(articles, root)
        print(f"kb build took {build(root):.0f} s.\n", flush=True)
        print("| connections | answers a second | p50 ms | p99 ms | errors | service CPU ms |")
        print("| ---: | ---: | ---: | ---: | ---: | ---: |")
        with served(root) as service:
            load(service[0], asked, 4, 3)  # every page of the index has been touched once
            for connections in options.connections:
                row = measure(service, asked, connections, options.seconds)
                print(
                    f"| {row.connections} | {row.per_second:,.0f} | {row.p50:.1f} | {row.p99:.1f} "
                    f"| {row.errors} | {row.service:.2f} |",
                    flush=True,
                )


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--size", type=int, default=5_000, metavar="N")
    parser.add_argument("--articles", type=Path, nargs="+", default=(), metavar="DIR")
    parser.add_argument("--lang", help="of the articles in DIR; without it the commonest")
    parser.add_argument("--seconds", type=int, default=20, metavar="N")
    parser.add_argument("--connections", type=int, nargs="+", default=(1, 8, 64), metavar="N")
    parser.add_argument("--seed", type=int, default=1, metavar="N")
    return parser.parse_args()


if __name__ == "__main__":
    main()
