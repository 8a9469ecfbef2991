"""What is wanted of this search: bars beside its peers in the same run, and targets.

The bars are judged on 5,000 articles; on other numbers they are only shown. The targets are
milliseconds, seconds and megabytes, so they depend on the machine: they were set on one like
that of the manual's figures.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from benchmarks.search_peers.engines import FTS5, OURS, RANKING, TANTIVY, WHOOSH
from benchmarks.search_peers.measured import Measured, median, percentile

Figures = Mapping[str, Measured]
"""By the name of the engine, on one number of articles."""

JUDGED_AT = 5_000


@dataclass(frozen=True, slots=True)
class Bar:
    """A figure of this search at most `most` times that of a peer."""

    name: str
    ours: str
    peer: str
    most: float
    figure: Callable[[Measured], float]

    def ratio(self, figures: Figures) -> float | None:
        if self.ours not in figures or self.peer not in figures:
            return None
        return self.figure(figures[self.ours]) / self.figure(figures[self.peer])


def _warm(measured: Measured) -> float:
    return median(measured.warm)


def _first(measured: Measured) -> float:
    return median(measured.first)


def _build(measured: Measured) -> float:
    return measured.build or 0.0


BARS = (
    Bar("median with excerpts, to Whoosh's", OURS.name, WHOOSH.name, 1 / 20, _warm),
    Bar("the same, each question new", OURS.name, WHOOSH.name, 1 / 20, _first),
    Bar("median with excerpts, to FTS5's", OURS.name, FTS5.name, 1 / 3, _warm),
    Bar("the same, each question new", OURS.name, FTS5.name, 1 / 3, _first),
    Bar(
        "median of the ranking alone, to tantivy's (the aim is 2)",
        RANKING.name,
        TANTIVY.name,
        4,
        _warm,
    ),
    Bar("the same, each question new", RANKING.name, TANTIVY.name, 4, _first),
    Bar("whole index built, to Whoosh's", OURS.name, WHOOSH.name, 2, _build),
)


@dataclass(frozen=True, slots=True)
class Target:
    """A figure of this search that must be reached, and one worth reaching for, by articles."""

    name: str
    unit: str
    figure: Callable[[Figures], float]
    must: Mapping[int, float]
    aim: Mapping[int, float]


def _excerpts(figures: Figures) -> float:
    return _warm(figures[OURS.name]) - _warm(figures[RANKING.name])


def _slow(figures: Figures) -> float:
    return percentile(figures[OURS.name].warm, 0.95)


TARGETS = (
    Target(
        "a search with excerpts, p50",
        "ms",
        lambda figures: _warm(figures[OURS.name]),
        {1_000: 1.0, 5_000: 3.0},
        {1_000: 0.15, 5_000: 0.4},
    ),
    Target(
        "a search with excerpts, p95",
        "ms",
        _slow,
        {1_000: 2.5, 5_000: 8.0},
        {1_000: 0.3, 5_000: 0.9},
    ),
    Target(
        "of which titles and excerpts of ten hits, p50",
        "ms",
        _excerpts,
        {1_000: 0.1, 5_000: 0.1},
        {},
    ),
    Target(
        "whole build",
        "s",
        lambda figures: _build(figures[OURS.name]),
        {1_000: 2.5, 5_000: 13.0},
        {1_000: 1.2, 5_000: 6.0},
    ),
    Target(
        "index on disk",
        "MB",
        lambda figures: figures[OURS.name].size or 0.0,
        {1_000: 5.0, 5_000: 15.0},
        {1_000: 3.0, 5_000: 10.0},
    ),
    Target(
        "memory over an empty process",
        "MB",
        lambda figures: figures[OURS.name].memory,
        {1_000: 60.0, 5_000: 110.0},
        {5_000: 60.0},
    ),
    Target(
        "import, opening and first answer",
        "ms",
        lambda figures: figures[OURS.name].imported + figures[OURS.name].opened,
        {1_000: 120.0, 5_000: 200.0},
        {},
    ),
)


def reached(target: Target, size: int, figures: Figures) -> Iterator[str]:
    """The cells of a target's row: measured, must, aim, and which of them holds."""
    value = target.figure(figures)
    must, aim = target.must[size], target.aim.get(size)
    yield f"{value:.3g}"
    yield f"{must:g}"
    yield "" if aim is None else f"{aim:g}"
    yield _verdict(value, must, aim)


def _verdict(value: float, must: float, aim: float | None) -> str:
    if value > must:
        return "FAIL"
    return "aim reached" if aim is not None and value <= aim else "pass"
