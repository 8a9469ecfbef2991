"""Searches go on while versions are built, killed half-way and damaged.

    python -m benchmarks.soak DIR [--articles 1000] [--rebuilds 20] [--killed 10] [--clients 4]

Serves a copy of DIR (a folder of Markdown), grown to so many articles, with `kb serve`. Clients
search for titles, each of which must be found. Meanwhile, by turns: something happens to the index
on the disk (`benchmarks.damage`); a builder is killed with SIGKILL at a random moment; at times a
builder finds the disk full; an article is edited and a builder publishes. It fails where a search
fails.
"""

import argparse
import http.client
import json
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path
from urllib.parse import quote, urlsplit

from benchmarks import crowd, damage
from tests import programs
from tests.journeys import shop

Say = Callable[[str], None]

_SEARCHES_BETWEEN = 40
"""Searches after each thing that happens, so that all clients meet it."""
_PAUSE = 0.04
"""Seconds between two searches of a client: the builders are to get on, too."""
_FULL_EVERY = 5
"""Rebuilds for each one that finds the disk full."""
_FULL_DISK = 4 * 1024


@dataclass(frozen=True, slots=True)
class Plan:
    """How much is to happen. `command` is the builder: `index` alone, or `build`."""

    rebuilds: int
    killed: int
    clients: int = 4
    command: str = "index"


@dataclass(slots=True)
class Seen:
    """What the clients saw: the time of each search in milliseconds, and each that failed."""

    took: list[float] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    builds: set[str] = field(default_factory=set)


def run(root: Path, titles: Sequence[str], plan: Plan, say: Say, *, seed: int = 0) -> Seen:
    """Serve the built content repository at `root` and let all of the plan happen to it."""
    chance = random.Random(seed)  # noqa: S311  # the same damage each time
    acts = cycle(damage.ACTS.items())
    builds = root / "var" / "builds"
    kills = 0
    with shop.served(root) as at, searching(at, titles, plan.clients) as seen:
        usual = _rebuild(root, plan, 0)
        for number in range(1, plan.rebuilds + 1):
            name, act = next(acts)
            say(f"{number}: {name}: {act(builds, chance)}")
            _wait(seen)
            while kills * plan.rebuilds < plan.killed * number:
                kills += _killed(root, plan, chance.uniform(0.1, 1.0) * usual)
                _wait(seen)
            if number % _FULL_EVERY == 1:
                _full_disk(root, plan)
            usual = _rebuild(root, plan, number)
            _wait(seen)
            seen.builds.add(at.build())
    say(f"{plan.rebuilds} rebuilds, {kills} builders killed.")
    return seen


@contextmanager
def searching(at: shop.Shop, titles: Sequence[str], clients: int) -> Iterator[Seen]:
    """Clients that search without a pause until the block ends."""
    seen, done = Seen(), threading.Event()

    def client(number: int) -> None:
        chance = random.Random(number)  # noqa: S311  # the same questions each time
        while not done.is_set():
            title = chance.choice(titles)
            before = time.monotonic()
            try:
                complaint = _search(at.address, title)
            except (OSError, http.client.HTTPException, ValueError) as problem:
                complaint = repr(problem)
            seen.took.append((time.monotonic() - before) * 1000)
            if complaint:
                seen.failed.append(f"{title}: {complaint}")
            time.sleep(_PAUSE)

    threads = [threading.Thread(target=client, args=(each,)) for each in range(clients)]
    for thread in threads:
        thread.start()
    try:
        yield seen
    finally:
        done.set()
        for thread in threads:
            thread.join()


def _search(address: str, title: str) -> str:
    """Search for the words of a title; what is wrong with the answer, empty if nothing."""
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=60)
    try:
        connection.request("GET", f"/api/v1/search?q={quote(title)}")
        answer = connection.getresponse()
        body = answer.read()
    finally:
        connection.close()
    if answer.status != http.HTTPStatus.OK:
        return f"{answer.status} {body[:200]!r}"
    return "" if json.loads(body)["results"] else "nothing found"


def _wait(seen: Seen) -> None:
    """Until the clients have met what happened. Raises AssertionError when they stand still."""
    enough = len(seen.took) + _SEARCHES_BETWEEN
    end = time.monotonic() + 60
    while len(seen.took) < enough:
        assert time.monotonic() < end, f"the searches stand still: {seen.failed[-1:]}"
        time.sleep(0.02)


def _rebuild(root: Path, plan: Plan, number: int) -> float:
    """Edit an article, build, publish; the seconds that it took."""
    file = min((root / "kb").rglob("*.md"))
    with file.open("a", encoding="utf-8") as opened:
        opened.write(f"\nEdited {number}.\n")
    started = time.monotonic()
    done = shop.kb(root, plan.command, seconds=1800)
    assert "Published" in done.stdout, done.stderr
    return time.monotonic() - started


def _killed(root: Path, plan: Plan, seconds: float) -> bool:
    """Start a builder and kill it; false where it was ready before."""
    process = programs.start(programs.KB, "-C", str(root), plan.command)
    try:
        process.wait(timeout=seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        return True
    finally:
        process.communicate()
    return False


def _full_disk(root: Path, plan: Plan) -> None:
    """A builder whose files may not grow says so, and publishes nothing."""
    pointer = root / "var" / "builds" / "CURRENT"
    before = pointer.read_bytes() if pointer.exists() else None
    limit = (_FULL_DISK, _FULL_DISK)
    done = subprocess.run(
        [*shop.KB, "-C", str(root), plan.command],
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, limit),
    )
    assert done.returncode == 1, done.stderr
    assert "Nothing was published" in done.stderr or "cannot write" in done.stderr, done.stderr
    assert before == (pointer.read_bytes() if pointer.exists() else None)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("directory", type=Path)
    parser.add_argument("--articles", type=int, default=1000)
    parser.add_argument("--rebuilds", type=int, default=20)
    parser.add_argument("--killed", type=int, default=10)
    parser.add_argument("--clients", type=int, default=4)
    parser.add_argument("--command", choices=("index", "build"), default="build")
    options = parser.parse_args()
    plan = Plan(options.rebuilds, options.killed, options.clients, options.command)
    with tempfile.TemporaryDirectory(prefix="answerloop-soak-") as place:
        root = crowd.grow(options.directory, Path(place) / "help", options.articles)
        built = shop.kb(root, "build", seconds=1800)
        assert "Published" in built.stdout, built.stderr
        seen = run(root, crowd.titles(root), plan, print)
    cuts = statistics.quantiles(seen.took, n=100)
    print(
        f"{len(seen.took)} searches over {len(seen.builds)} versions, p50 {cuts[49]:.0f} ms, "
        f"p99 {cuts[98]:.0f} ms, {len(seen.failed)} failed."
    )
    for failure in seen.failed[:20]:
        print(failure)
    sys.exit(bool(seen.failed))


if __name__ == "__main__":
    main()
