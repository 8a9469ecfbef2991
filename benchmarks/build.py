"""How long a build takes, beside plain MkDocs with Material on the same files.

    python -m benchmarks.build DIR [--rounds N]

DIR is any folder of Markdown; it is copied. Prints CPU seconds, peak memory, output size and the
size of the median page, the best of N rounds for each, the rounds interleaved.
"""

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

_STOCK = "site_name: Stock\ndocs_dir: articles\nsite_dir: site\ntheme:\n  name: material\n"
_OURS = "site_name: Ours\ndocs_dir: articles\n"


@dataclass(frozen=True, slots=True)
class Run:
    """One build: CPU seconds, peak memory in MB, output in MB, median page in kB."""

    cpu: float
    memory: float
    output: float
    page: float


def measure(command: Sequence[str], root: Path, site: Path) -> Run:
    """Run one build in a process of its own."""
    process = subprocess.Popen(
        [sys.executable, *command],
        cwd=root,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
    )
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} failed in {root}")
    sizes = [file.stat().st_size for file in site.rglob("*") if file.is_file()]
    pages = [file.stat().st_size for file in site.rglob("*.html")]
    return Run(
        cpu=usage.ru_utime + usage.ru_stime,
        memory=usage.ru_maxrss / 1024,
        output=sum(sizes) / 1e6,
        page=statistics.median(pages) / 1e3,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("directory", type=Path)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    runs: dict[str, list[Run]] = {"kb build (site and index)": [], "mkdocs build": []}
    with tempfile.TemporaryDirectory() as place:
        ours, stock = Path(place) / "ours", Path(place) / "stock"
        for root, config in ((ours, _OURS), (stock, _STOCK)):
            shutil.copytree(options.directory, root / "articles")
            (root / "mkdocs.yml").write_text(config, encoding="utf-8")
        articles = len(list((ours / "articles").rglob("*.md")))
        for _ in range(options.rounds):
            shutil.rmtree(ours / "var", ignore_errors=True)
            build = ("-m", "answerloop.cli", "build")
            runs["kb build (site and index)"].append(measure(build, ours, ours / "site"))
            stock_build = ("-m", "mkdocs", "build", "-q")
            runs["mkdocs build"].append(measure(stock_build, stock, stock / "site"))
    print(f"{articles} articles, best of {options.rounds}")
    print("| | CPU s | memory MB | output MB | median page kB |")
    print("| --- | ---: | ---: | ---: | ---: |")
    for name, found in runs.items():
        best = min(found, key=lambda run: run.cpu)
        print(
            f"| {name} | {best.cpu:.1f} | {best.memory:.0f} | {best.output:.1f} | {best.page:.0f} |"
        )


if __name__ == "__main__":
    main()
