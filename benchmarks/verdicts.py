"""How often the verdicts on repairs are right, in a world where the truth is known.

    python -m benchmarks.verdicts [--runs N] [--seed N]

Readers vote on one article, a few a day, with reasons as assumed where the rule was designed: 30 %
of those who say no give one, which blames the article for 60 % of a bad one and for 20 % of a good
one. The article goes bad until the product's own rule flags it, and is edited three days later.
From then on `feedback.proof` watches it, judged each day, for 90 days. "False flag": the article
never was bad, the rule was wrong, and the edit changed nothing. "Unflagged": 20 to 60 votes were
cast before an agent reported it, and it gets worse or not by the edit.
"""

import argparse
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import log
from random import Random
from statistics import median

from feedback import evidence, trail
from feedback.baseline import Prior, sigmoid
from feedback.evidence import Yardstick
from feedback.history import History, Publication, Tally
from feedback.model import Reason, Revision, Verdict
from feedback.proof import WATCH, Proof, Side

_OLD, _NEW = Revision("old"), Revision("new")
_START = datetime(2026, 1, 1, tzinfo=UTC)
_DAY = timedelta(days=1)
_PRIOR = Prior(14, 6)
_YARDSTICKS = {volume: Yardstick(_PRIOR, volume) for volume in (40, 300, 1000, 3000)}
_A_DAY = 0.5
"""Votes a day on a flagged article: one of the upper hundred of a thousand."""


@dataclass(frozen=True, slots=True)
class World:
    """The true helpful share as it usually is, of the flagged text, and after the edit."""

    usual: float
    bad: float
    after: float


@dataclass(frozen=True, slots=True)
class Seen:
    """How one watch ended."""

    verdict: Verdict
    reopened: bool
    votes: int
    days: int


def worlds(random: Random) -> dict[str, World]:
    usual = min(max(random.betavariate(14, 6), 0.55), 0.95)
    drop = random.uniform(1.0, 2.2)
    bad = _shifted(usual, -drop)
    return {
        "works": World(usual, bad, usual),
        "works half": World(usual, bad, _shifted(usual, -drop / 2)),
        "changes nothing": World(usual, bad, bad),
        "makes it worse": World(usual, bad, _shifted(bad, -1.0)),
        "false flag": World(usual, usual, usual),
    }


def _shifted(share: float, nats: float) -> float:
    return sigmoid(log(share / (1 - share)) + nats)


def watch(world: World, yardstick: Yardstick, random: Random) -> Seen | None:
    """Vote until the flag, edit, vote on; None where no flag is raised in two years."""
    past = [_tally(_START - 40 * _DAY, _OLD, random, world.usual, good=True) for _ in range(20)]
    for day in range(720):
        now = _START + day * _DAY
        fresh = list(_votes(now, _OLD, random, world.bad, good=world.bad == world.usual))
        past += fresh
        if fresh:
            history = History(publications=_published(), tallies=tuple(past))
            found = evidence.assess(history, yardstick, now=now)
            if found.flagged:
                break
    else:
        return None
    assert found.since
    fixed = now + 3 * _DAY
    for later in (now + _DAY, now + 2 * _DAY):
        past += _votes(later, _OLD, random, world.bad, good=world.bad == world.usual)
    before = _side([one for one in past if one.day >= found.since])
    return _after(world, before, past, (fixed, yardstick, random), had_onset=True)


def unflagged(share: float, after: float, yardstick: Yardstick, random: Random) -> Seen:
    votes = random.randint(20, 60)
    past = [_tally(_START - i * _DAY, _OLD, random, share, good=True) for i in range(1, votes)]
    world = World(share, share, after)
    return _after(world, _side(past), past, (_START, yardstick, random), had_onset=False)


def _after(
    world: World,
    before: Side,
    past: list[Tally],
    at: tuple[datetime, Yardstick, Random],
    *,
    had_onset: bool,
) -> Seen:
    fixed, yardstick, random = at
    since: list[Tally] = []
    watched = timedelta()
    proof = Proof(before, Side(), watched)
    while watched <= WATCH:
        now = fixed + watched
        fresh = list(_votes(now, _NEW, random, world.after, good=world.after >= world.usual))
        since += fresh
        if not fresh and watched < WATCH:
            watched += _DAY
            continue
        history = History(publications=_published(fixed), tallies=(*past, *since))
        found = evidence.assess(history, yardstick, now=now)
        after = _side(since)
        unrest = (
            had_onset
            and found.evidence >= found.threshold - trail.HYSTERESIS
            and after.no_days >= trail.NO_DAYS_NEEDED
        )
        proof = Proof(before, after, watched, unrest=unrest, flagged=found.flagged)
        if proof.is_over:
            break
        watched += _DAY
    return Seen(proof.verdict, proof.reopens, proof.after.total, watched.days)


def _published(fixed: datetime | None = None) -> tuple[Publication, ...]:
    first = Publication(_START - 400 * _DAY, _OLD)
    return (first, Publication(fixed, _NEW)) if fixed else (first,)


def _votes(
    now: datetime, revision: Revision, random: Random, share: float, *, good: bool
) -> Iterator[Tally]:
    for _ in range(_poisson(random)):
        yield _tally(now, revision, random, share, good=good)


def _poisson(random: Random) -> int:
    count, left = 0, random.expovariate(1)
    while left < _A_DAY:
        count, left = count + 1, left + random.expovariate(1)
    return count


def _tally(now: datetime, revision: Revision, random: Random, share: float, *, good: bool) -> Tally:
    if random.random() < share:
        return Tally(now.date(), revision, True, None, 1)  # noqa: FBT003  the fields of a tally
    reason = None
    if random.random() < 0.3:
        blames = random.random() < (0.2 if good else 0.6)
        reason = Reason.OUTDATED if blames else Reason.DISAGREE
    return Tally(now.date(), revision, False, reason, 1)  # noqa: FBT003  the fields of a tally


def _side(tallies: list[Tally]) -> Side:
    yes = [one.day for one in tallies if one.helpful]
    no = [one.day for one in tallies if not one.helpful]
    return Side(len(yes), len(no), len(set(yes)), len(set(no)))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--runs", type=int, default=400)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    print("| votes a month | the edit | helped | no change | reopened | worse | not known |"
          " votes, median | days, median |")  # fmt: skip
    for volume, yardstick in _YARDSTICKS.items():
        random = Random(options.seed)  # noqa: S311  a simulation
        seen: dict[str, list[Seen]] = {}
        for _ in range(options.runs):
            for name, world in worlds(random).items():
                one = watch(world, yardstick, random)
                if one is not None:
                    seen.setdefault(name, []).append(one)
            good = min(max(random.betavariate(14, 6), 0.55), 0.95)
            for name, after in (
                ("unflagged, same", good),
                ("unflagged, spoiled", _shifted(good, -random.uniform(1.0, 2.2))),
            ):
                seen.setdefault(name, []).append(unflagged(good, after, yardstick, random))
        for name, ended in seen.items():
            _print(volume, name, ended)


def _print(volume: int, name: str, ended: list[Seen]) -> None:
    share = Counter(one.verdict for one in ended)
    again = sum(one.reopened for one in ended) / len(ended)
    known = [one for one in ended if one.verdict is not Verdict.NOT_KNOWN]
    figures = [
        f"{share[Verdict.HELPED] / len(ended):.2f}",
        f"{share[Verdict.NO_CHANGE] / len(ended):.2f}",
        f"{again:.2f}",
        f"{share[Verdict.WORSE] / len(ended):.2f}",
        f"{share[Verdict.NOT_KNOWN] / len(ended):.2f}",
        f"{median(one.votes for one in known):.0f}" if known else "",
        f"{median(one.days for one in known):.0f}" if known else "",
    ]
    print(f"| {volume} | {name} ({len(ended)}) | " + " | ".join(figures) + " |")


if __name__ == "__main__":
    main()
