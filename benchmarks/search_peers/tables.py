"""What was measured, as Markdown to paste into the manual."""

import os
import platform
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path

from benchmarks.search_peers import engines, node
from benchmarks.search_peers.bars import BARS, JUDGED_AT, TARGETS, Bar, Figures
from benchmarks.search_peers.measured import Measured, percentile

_HEAD = (
    "",
    "build CPU s",
    "index MB",
    "memory MB",
    "import + open ms",
    "first asked p50 / p95 / p99 ms",
    "warm p50 / p95 / p99 ms",
    "questions a second",
    "found",
)


def machine(*, with_node: bool) -> str:
    """The machine and the versions, in one paragraph."""
    said = [
        f"{_processor()}, {os.cpu_count()} cores",
        platform.freedesktop_os_release().get("PRETTY_NAME", platform.system()),
        f"Python {platform.python_version()}",
        f"SQLite {sqlite3.sqlite_version}",
        f"numpy {version('numpy')}",
        *(
            f"{each.distribution} {version(each.distribution)}"
            for each in engines.ENGINES
            if each.distribution
        ),
    ]
    if with_node:
        packages = (f"{name} {number}" for name, number in engines.NODE_PACKAGES.items())
        said += [f"Node {node.version()}", *packages]
    return ", ".join(said) + "."


def peers(figures: Figures) -> str:
    """All engines on one number of articles."""
    return _table(_HEAD, (_row(name, each) for name, each in figures.items()))


def barred(by_size: Mapping[int, Figures]) -> str:
    """The bars, as ratios in this run; the verdict is that of 5,000 articles."""
    head = ("", "at most", *(f"{size:,}" for size in by_size), f"verdict at {JUDGED_AT:,}")
    rows = ((bar.name, _share(bar.most), *_ratios(bar, by_size)) for bar in BARS)
    return _table(head, rows)


def aimed(by_size: Mapping[int, Figures]) -> str:
    """The targets that this search has for the numbers of articles in the run."""
    head = ("this search", "articles", "measured", "must", "good", "ambitious", "verdict")
    rows = (
        (f"{target.name}, {target.unit}", f"{size:,}", *target.cells(size, figures))
        for target in TARGETS
        for size, figures in by_size.items()
        if size in target.levels
    )
    return _table(head, rows)


def _row(name: str, each: Measured) -> Sequence[str]:
    return (
        name,
        "" if each.build is None else f"{each.build:.2f}",
        "" if each.size is None else f"{each.size:.1f}",
        f"{each.memory:.0f}",
        f"{each.imported:.0f} + {each.opened:.1f}",
        _spread(each.first),
        _spread(each.warm),
        f"{each.per_second:,.0f}",
        "" if each.found is None else f"{each.found:.0%}".replace("%", " %"),
    )


def _spread(times: Sequence[float]) -> str:
    return " / ".join(f"{percentile(times, share):.3f}" for share in (0.5, 0.95, 0.99))


def _ratios(bar: Bar, by_size: Mapping[int, Figures]) -> Iterator[str]:
    ratios = {size: bar.ratio(figures) for size, figures in by_size.items()}
    yield from ("" if ratio is None else _share(ratio) for ratio in ratios.values())
    judged = ratios.get(JUDGED_AT)
    yield "" if judged is None else "pass" if judged <= bar.most else "FAIL"


def _share(ratio: float) -> str:
    return f"1/{1 / ratio:.3g}" if ratio < 1 else f"{ratio:.3g}"


def _table(head: Sequence[str], rows: Iterator[Sequence[str]]) -> str:
    marks = ["---", *["---:"] * (len(head) - 1)]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (head, marks, *rows))


def _processor() -> str:
    described = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    names = (line.partition(":")[2].strip() for line in described if line.startswith("model name"))
    return next(names, platform.machine())
