"""How well the rule flags, beside the rules that others use, in a made-up knowledge base.

    python -m benchmarks.flagging [--seeds N] [--volumes N…] [--processes N]

Each rule lives through the same 730 days of 1,000 articles (`flag_world/world.py` says which), in
which people review what it lists, mend what is bad and dismiss the rest. Printed for each volume
of votes and each rule: the share of views of bad articles that are avoided, the reviews a month
and those wasted on good articles, and how long a flag stands after a fix. Then the bars. The
product's rule is the product's own functions. Takes about a minute of CPU time a seed.
"""

import argparse
import statistics
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass

from benchmarks.flag_world import world
from benchmarks.flag_world.loop import Ledger, Rule, run
from benchmarks.flag_world.naive import Nobody, Ratio
from benchmarks.flag_world.ours import Evidence, Options
from benchmarks.flag_world.truth import Truth
from benchmarks.flag_world.world import Scale

SEEDS = 12
BUDGET = 2.0
WASTED_AT_MOST = 3.0
SAVED_AT_LEAST = 0.5
TIMES_THE_WASTE = 5.0
_BASE = 1_000
_ALWAYS = 10**6


@dataclass(frozen=True, slots=True)
class Contender:
    """A rule, and how many stale articles a week are read besides."""

    begin: Callable[[Truth], Rule]
    stale_a_week: int = 0


@dataclass(frozen=True, slots=True)
class Row:
    """What all seeds gave; `clears`: days after which half, `clears_late` nine in ten, are gone."""

    saved: float
    error: float
    wasted: float
    reviews: float
    precision: float
    clears: int
    clears_late: int


def _ours(**options: bool) -> Callable[[Truth], Rule]:
    return lambda truth: Evidence(truth, Options(false_flags=BUDGET, **options))


OURS = "E + reasons + agents"
LEARNING = "the same, learning"
ALL_TIME = "all-time < 50 %, n >= 5"
CONTENDERS: Mapping[str, Contender] = {
    "E, votes only": Contender(_ours(reasons=False, agents=False)),
    OURS: Contender(_ours()),
    LEARNING: Contender(_ours(weights=True, selfcheck=True)),
    "the same + 2 stale a week": Contender(_ours(weights=True, selfcheck=True), stale_a_week=2),
    "all-time < 50 %, n >= 1": Contender(lambda truth: Ratio(truth, _ALWAYS, 1)),
    ALL_TIME: Contender(lambda truth: Ratio(truth, _ALWAYS, 5)),
    "90 days < 50 %, n >= 5": Contender(lambda truth: Ratio(truth, 90, 5)),
    "7 days, more no than yes": Contender(lambda truth: Ratio(truth, 7, 1)),
    "age alone, 2 a week": Contender(lambda _truth: Nobody(), stale_a_week=2),
}


def live(seed: int, votes_a_month: int, contender: Contender, scale: Scale) -> Ledger:
    """One rule in one world."""
    drawn = world.draw(seed, votes_a_month, scale)
    truth = Truth(drawn)
    return run(drawn, truth, contender.begin(truth), stale_a_week=contender.stale_a_week)


def row(ledgers: Sequence[Ledger]) -> Row:
    clears = sorted(days for ledger in ledgers for days in ledger.clears) or [0]
    reviews = sum(ledger.reviews for ledger in ledgers)
    wasted = sum(ledger.wasted for ledger in ledgers)
    months = sum(ledger.months for ledger in ledgers)
    return Row(
        saved=_saved(ledgers),
        error=_error(ledgers),
        wasted=wasted / months,
        reviews=reviews / months,
        precision=1 - wasted / reviews if reviews else 0.0,
        clears=clears[len(clears) // 2],
        clears_late=clears[len(clears) * 9 // 10],
    )


def _saved(ledgers: Sequence[Ledger]) -> float:
    """Each view counts the same, in whatever seed it was."""
    return sum(each.avoided for each in ledgers) / sum(each.bad_views for each in ledgers)


def _error(ledgers: Sequence[Ledger]) -> float:
    """The standard error of that ratio over the seeds, by the jackknife (Tukey 1958)."""
    count = len(ledgers)
    if count == 1:
        return 0.0
    without = [_saved([*ledgers[:each], *ledgers[each + 1 :]]) for each in range(count)]
    return float((statistics.pvariance(without) * (count - 1)) ** 0.5)


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--seeds", type=int, default=SEEDS)
    parser.add_argument("--volumes", type=int, nargs="+", default=list(world.VIEWS))
    parser.add_argument("--processes", type=int, default=1)
    options = parser.parse_args()
    found: dict[int, dict[str, Row]] = {}
    with ProcessPoolExecutor(options.processes) as pool:
        for votes in options.volumes:
            print(f"\n{votes:,} votes a month, {options.seeds} seeds")
            print(f"{'':26} {'saved':>12}  wasted  reviews  right  clears, days")
            found[votes] = {}
            for name in CONTENDERS:
                jobs = [(seed, votes, name) for seed in range(options.seeds)]
                found[votes][name] = row(list(pool.map(_job, jobs)))
                print(_line(name, found[votes][name]), flush=True)
    print()
    verdicts = list(bars(found))
    for said, holds in verdicts:
        print(f"{'holds' if holds else 'FAILS'}: {said}")
    return 0 if all(holds for _, holds in verdicts) else 1


def bars(found: Mapping[int, Mapping[str, Row]]) -> Iterator[tuple[str, bool]]:
    """What must hold, in words with the figures, and whether it does."""
    for votes, rows in found.items():
        for name in (OURS, LEARNING):
            wasted = rows[name].wasted
            said = f"{votes:,} votes, {name}: {wasted:.1f} wasted a month, at most 3"
            yield said, wasted <= WASTED_AT_MOST
    if _BASE in found:
        saved = found[_BASE][OURS].saved
        yield f"{_BASE:,} votes, {OURS}: {saved:.2f} saved, at least .50", saved >= SAVED_AT_LEAST
        times = found[_BASE][ALL_TIME].wasted / found[_BASE][OURS].wasted
        said = f"{_BASE:,} votes: the all-time ratio wastes {times:.0f} times as much, at least 5"
        yield said, times >= TIMES_THE_WASTE


def _job(job: tuple[int, int, str]) -> Ledger:
    seed, votes, name = job
    return live(seed, votes, CONTENDERS[name], Scale())


def _line(name: str, one: Row) -> str:
    return (
        f"{name:26} {one.saved:5.2f} +-{one.error:.2f} {one.wasted:7.1f} {one.reviews:8.1f} "
        f"{one.precision:6.2f} {one.clears:6} / {one.clears_late}"
    )


if __name__ == "__main__":
    sys.exit(main())
