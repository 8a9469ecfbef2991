"""What the thirty queries of death cost a real service, and the other readers.

    python -m benchmarks.queries_of_death DIR [--articles 3000] [--seconds 20]

Builds a copy of DIR (a folder of Markdown), grown to so many articles, and serves it with
`kb serve` in a process of its own. First each query is put, alone and several times with other
words, to each of the three addresses that take a reader's words: the table has the dearest time,
as CPU time of the server's process. Then readers ask for titles at a steady pace, for `--seconds`
each: alone, beside one more reader who never pauses, and beside somebody who puts all queries of
death without a pause, five times in turn. Needs Linux (`/proc`).
"""

import argparse
import http.client
import multiprocessing
import random
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from urllib.parse import quote, urlsplit

from benchmarks import crowd
from tests.journeys import deadly, shop

_ROUNDS = 5
_READERS = 4
_TURNS = 5
"""So often the three companies take turns: what else the machine does then falls on all alike."""
_PAUSE = 0.1
"""Seconds between two searches of one reader."""


def doors(root: Path) -> tuple[str, ...]:
    """The addresses that take a reader's words; the results page is that of any language."""
    return (*deadly.DOORS[:2], min(crowd.catalog(root)["shells"].values()))


def cpu(process: int) -> float:
    """CPU seconds of a process so far, over all its threads."""
    tasks = Path(f"/proc/{process}/task").glob("*/schedstat")
    return sum(int(task.read_text().split()[0]) for task in tasks) / 1e9


def memory(process: int) -> float:
    """Resident megabytes of a process."""
    pages = int(Path(f"/proc/{process}/statm").read_text().split()[1])
    return pages * 4096 / 1e6


def alone(at: shop.Shop, chance: random.Random) -> dict[str, dict[str, float]]:
    """The dearest CPU milliseconds of each query at each door."""
    dearest: dict[str, dict[str, float]] = {}
    for name, make in deadly.QUERIES.items():
        dearest[name] = dict.fromkeys(doors(at.root), 0.0)
        for _ in range(_ROUNDS):
            for door in dearest[name]:
                before = cpu(at.process)
                status, _body = deadly.ask(at.address, f"{door}?{make(chance)}")
                spent = (cpu(at.process) - before) * 1000
                assert status in {200, 302, 422}, (name, door, status)  # 302: past the last result
                dearest[name][door] = max(dearest[name][door], spent)
    return dearest


def ordinary(at: shop.Shop, titles: Sequence[str], chance: random.Random) -> float:
    """The median CPU milliseconds of an ordinary search over a connection of its own."""
    spent = []
    for title in chance.sample(titles, 50):
        before = cpu(at.process)
        deadly.ask(at.address, f"/api/v1/search?q={quote(title)}")
        spent.append((cpu(at.process) - before) * 1000)
    return statistics.median(spent)


def read(address: str, titles: Sequence[str], seconds: float) -> list[float]:
    """Milliseconds that each of several readers' searches took, at a steady pace."""
    found: list[float] = []
    end = time.monotonic() + seconds

    def reader(number: int) -> None:
        chance = random.Random(number)  # noqa: S311  # the same questions each time
        connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=60)
        due = time.monotonic() + chance.random() * _PAUSE
        while due < end:
            time.sleep(max(0.0, due - time.monotonic()))
            # From when it should have been sent: a slow answer delays the next question, too.
            connection.request("GET", f"/api/v1/search?q={quote(chance.choice(titles))}")
            answer = connection.getresponse()
            answer.read()
            assert answer.status == 200, answer.status
            found.append((time.monotonic() - due) * 1000)
            due += _PAUSE
        connection.close()

    readers = [threading.Thread(target=reader, args=(number,)) for number in range(_READERS)]
    for each in readers:
        each.start()
    for each in readers:
        each.join()
    return found


def attack(address: str, addressed: Sequence[str]) -> None:
    """Put queries of death for ever."""
    chance = random.Random(4)  # noqa: S311  # the same attack each time
    while True:
        make = chance.choice(list(deadly.QUERIES.values()))
        deadly.ask(address, f"{chance.choice(addressed)}?{make(chance)}")


def hurry(address: str, titles: Sequence[str]) -> None:
    """One more reader, who never pauses."""
    chance = random.Random(5)  # noqa: S311  # the same questions each time
    while True:
        deadly.ask(address, f"/api/v1/search?q={quote(chance.choice(titles))}")


@contextmanager
def beside(work: Callable[..., None], *arguments: object) -> Iterator[None]:
    """Somebody else who works in a process of their own while the block runs."""
    spawn = multiprocessing.get_context("spawn")
    process = spawn.Process(target=work, args=arguments, daemon=True)
    process.start()
    try:
        time.sleep(2)  # until it has started
        yield
    finally:
        process.kill()
        process.join()


def companies(at: shop.Shop, titles: Sequence[str]) -> dict[str, AbstractContextManager[None]]:
    """Beside whom the readers search, in one turn."""
    return {
        "nobody": nullcontext(),
        "a reader who never pauses": beside(hurry, at.address, titles),
        "the queries of death": beside(attack, at.address, doors(at.root)),
    }


def percentiles(name: str, turns: Sequence[Sequence[float]]) -> str:
    """A row of the table: of all turns together, and the p99 of each."""
    took = [each for turn in turns for each in turn]
    cuts = statistics.quantiles(took, n=100)
    single = ", ".join(f"{statistics.quantiles(turn, n=100)[98]:.1f}" for turn in turns)
    return f"| {name} | {len(took)} | {cuts[49]:.1f} | {cuts[94]:.1f} | {cuts[98]:.1f} | {single} |"


def report(at: shop.Shop, titles: Sequence[str], seconds: float) -> None:
    chance = random.Random(3)  # noqa: S311  # the same queries each time
    read(at.address, titles, 3)
    for door in doors(at.root):
        deadly.ask(at.address, f"{door}?q=warm")
    print(f"An ordinary search: {ordinary(at, titles, chance):.1f} ms of CPU time.\n")
    print("| CPU ms at most | search | suggest | results page |")
    print("| --- | ---: | ---: | ---: |")
    dearest = alone(at, chance)
    for name, spent in sorted(dearest.items(), key=lambda row: -max(row[1].values())):
        print(f"| {name} | {' | '.join(f'{each:.1f}' for each in spent.values())} |")
    print(f"\n{_READERS} readers, {_READERS / _PAUSE:.0f} searches a second together:\n")
    print("| beside them | searches | p50 ms | p95 ms | p99 ms | p99 of each turn |")
    print("| --- | ---: | ---: | ---: | ---: | --- |")
    before = memory(at.process)
    waits: dict[str, list[list[float]]] = {}
    for _ in range(_TURNS):
        for name, company in companies(at, titles).items():
            with company:
                waits.setdefault(name, []).append(read(at.address, titles, seconds))
    for name, turns in waits.items():
        print(percentiles(name, turns))
    print(f"\nMemory of the service: {before:.0f} MB before them, {memory(at.process):.0f} after.")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("directory", type=Path)
    parser.add_argument("--articles", type=int, default=3000)
    parser.add_argument("--seconds", type=float, default=20)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="answerloop-death-") as place:
        root = crowd.grow(options.directory, Path(place) / "help", options.articles)
        built = shop.kb(root, "build", "--keep-going", seconds=1800)
        assert "Published" in built.stdout, built.stderr
        titles = crowd.titles(root)
        print(f"{len(list((root / 'kb').rglob('*.md')))} articles.")
        with shop.served(root) as running:
            report(running, titles, options.seconds)


if __name__ == "__main__":
    main()
