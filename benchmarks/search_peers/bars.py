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

Levels = tuple[float, float | None, float | None]

JUDGED_AT = 5_000

_LEVELS = ("pass", "good", "ambitious")


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
    """A figure of this search, and its levels by the number of articles.

    A level is what must be reached, what is good and what is ambitious, None where nothing is
    wanted beyond the one before.
    """

    name: str
    unit: str
    figure: Callable[[Figures], float]
    levels: Mapping[int, Levels]

    def cells(self, size: int, figures: Figures) -> Iterator[str]:
        """Measured, the three levels, and the highest of them that is reached."""
        value, levels = self.figure(figures), self.levels[size]
        yield f"{value:.3g}"
        yield from ("" if level is None else f"{level:g}" for level in levels)
        reached = [
            name
            for name, level in zip(_LEVELS, levels, strict=True)
            if level is not None and value <= level
        ]
        yield reached[-1] if reached else "FAIL"


def _excerpts(figures: Figures) -> float:
    return _warm(figures[OURS.name]) - _warm(figures[RANKING.name])


TARGETS = (
    Target(
        "a search with excerpts, p50",
        "ms",
        lambda figures: _warm(figures[OURS.name]),
        {1_000: (1.0, 0.4, 0.15), 5_000: (3.0, 1.0, 0.4)},
    ),
    Target(
        "a search with excerpts, p95",
        "ms",
        lambda figures: percentile(figures[OURS.name].warm, 0.95),
        {1_000: (2.5, 0.8, 0.3), 5_000: (8.0, 2.0, 0.9)},
    ),
    Target(
        "of which titles and excerpts of ten hits, p50",
        "ms",
        _excerpts,
        {1_000: (0.1, None, None), 5_000: (0.1, None, None)},
    ),
    Target(
        "whole build",
        "s",
        lambda figures: _build(figures[OURS.name]),
        {1_000: (2.5, None, 1.2), 5_000: (13.0, None, 6.0)},
    ),
    Target(
        "index on disk",
        "MB",
        lambda figures: figures[OURS.name].size or 0.0,
        {1_000: (5.0, None, 3.0), 5_000: (15.0, None, 10.0)},
    ),
    Target(
        "memory over an empty process",
        "MB",
        lambda figures: figures[OURS.name].memory,
        {1_000: (60.0, None, None), 5_000: (110.0, None, 60.0)},
    ),
    Target(
        "import, opening and first answer",
        "ms",
        lambda figures: figures[OURS.name].imported + figures[OURS.name].opened,
        {1_000: (120.0, None, None), 5_000: (200.0, None, None)},
    ),
)
