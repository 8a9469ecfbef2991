"""How long the pages of the desk take on a large knowledge base, and what the service needs for it.

    python -m benchmarks.desk_load [--place DIR] [--rounds N] [--articles N] [--votes N]
        [--searches N]

Writes articles, builds them, fills the database with a year of votes, searches and items
(`desk_world`), starts `kb serve` (one process, at most two cores), waits until its first round of
chores is over, and opens each page of the desk in turns over HTTP, as somebody signed in. Prints
how long the first look at each took, the median and the 95th percentile of those after it, what
the service used of the processor for each of these, and the memory of the process. With `--place`
what was made is kept in that folder and used again. The optional extra for meaning is off.
"""

import argparse
import http.client
import os
import statistics
import tempfile
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from urllib.parse import quote, urlsplit

from sqlalchemy import Connection, func, select

from answerloop import settings as configuration
from answerloop import store
from answerloop.desk import cookies
from benchmarks import desk_world, http_load
from benchmarks.desk_rows import Size
from benchmarks.search_peers import generated, questions
from feedback import schema, sessions, staff
from feedback.model import ItemState, Role
from search.documents import Document

_WORDS_ONLY = {"KB_SEMANTIC": "off"}
_QUIET = 15
"""Seconds without work after which the service has done what a start brings."""
_PATIENCE = 1800
_MADE = "made"
_DAYS = (7, 28, 90, 365)
_QUESTIONS = 200


def make(root: Path, size: Size) -> None:
    """The repository, its build, and the database; in minutes."""
    began = time.monotonic()
    articles = desk_world.write(root, size)
    http_load.build(root)
    print(f"built in {time.monotonic() - began:.0f} s", flush=True)
    began = time.monotonic()
    settings = configuration.load(root, _WORDS_ONLY)
    now = datetime.now(UTC)
    with closing(store.open(settings)) as database, database.write() as db:
        desk_world.fill(db, articles, size, now)
        desk_world.learn(settings.state_dir, articles, now)
        staff.add(db, "charlie", Role.ADMIN, staff.generate_password(), now=now)
    print(f"filled in {time.monotonic() - began:.0f} s", flush=True)
    (root / _MADE).touch()


def sign_in(root: Path) -> str:
    """The token of a session."""
    settings = configuration.load(root, _WORDS_ONLY)
    with closing(store.open(settings)) as database, database.write() as db:
        return sessions.begin(db, "charlie", datetime.now(UTC))


@dataclass(frozen=True, slots=True)
class Page:
    """A page by its pattern, and addresses of it that are opened in turns."""

    name: str
    addresses: Sequence[str]


def pages(root: Path, articles: Sequence[Document]) -> list[Page]:
    """The pages of the desk, those of one article or gap for the one with the most to show."""
    settings = configuration.load(root, _WORDS_ONLY)
    with closing(store.open(settings)) as database, database.read() as db:
        article, lang, item, gap = _busiest(db)
    owner = desk_world.OWNERS[0]
    asked = [quote(each.text) for each in questions.draw(articles, _QUESTIONS)]
    at = f"{lang}/{article}"
    return [
        Page("/desk/", ["/desk/"]),
        Page("/desk/?q=…", [f"/desk/?q={words}" for words in asked]),
        Page("/api/v1/desk/search?q=…", [f"/api/v1/desk/search?q={words}" for words in asked]),
        Page("/desk/sidebar?q=…", [f"/desk/sidebar?q={words}" for words in asked]),
        Page("/desk/find/…", [f"/desk/find/{at}"]),
        Page("/desk/queue", ["/desk/queue"]),
        Page("/desk/queue?owner=…", [f"/desk/queue?owner={owner}"]),
        Page("/desk/queue?show=stale", ["/desk/queue?show=stale"]),
        Page("/desk/items/…", [f"/desk/items/{item}"]),
        Page("/desk/reviews/…", [f"/desk/reviews/{at}"]),
        Page("/desk/gaps", ["/desk/gaps"]),
        Page("/desk/gaps?show=open&page=2", ["/desk/gaps?show=open&page=2"]),
        Page("/desk/gaps/…", [f"/desk/gaps/{gap}"]),
        Page("/desk/gaps/…/change/draft", [f"/desk/gaps/{gap}/change/draft?path=en/new&title=New"]),
        Page("/desk/articles", ["/desk/articles"]),
        Page("/desk/articles?q=…", [f"/desk/articles?q={quote(each.title)}" for each in articles]),
        Page("/desk/articles/…", [f"/desk/articles/{at}"]),
        Page("/desk/learn", ["/desk/learn"]),
        Page("/desk/deliveries", ["/desk/deliveries"]),
        *(Page(f"/desk/reports?days={days}", [f"/desk/reports?days={days}"]) for days in _DAYS),
        Page("/desk/audit", ["/desk/audit"]),
        Page("/desk/audit?person=…", [f"/desk/audit?person=person+{n}" for n in range(40)]),
    ]


def _busiest(db: Connection) -> tuple[str, str, int, int]:
    tallies, items, gaps = schema.tallies, schema.items, schema.gaps
    article, lang = db.execute(
        select(tallies.c.article, tallies.c.lang)
        .group_by(tallies.c.article, tallies.c.lang)
        .order_by(func.sum(tallies.c.count).desc())
        .limit(1)
    ).one()
    standing = select(items.c.id).where(items.c.state == ItemState.OPEN).order_by(items.c.article)
    gap = select(gaps.c.id).order_by(gaps.c.volume.desc())
    return (
        article,
        lang,
        db.execute(standing.limit(1)).scalar() or 0,
        db.execute(gap.limit(1)).scalar() or 0,
    )


def settle(process: int) -> float:
    """Wait until the service rests; the seconds that it took."""
    began, quiet = time.monotonic(), 0
    while quiet < _QUIET and time.monotonic() - began < _PATIENCE:
        before = http_load.cpu(process)
        time.sleep(1)
        quiet = quiet + 1 if http_load.cpu(process) - before < 0.1 else 0
    return time.monotonic() - began


@dataclass(frozen=True, slots=True)
class Look:
    """How long a page took, and how much of the processor the service used for it; both in ms.

    The processor's time is counted in steps of 10 ms, so only the mean of many says something.
    """

    taken: float
    used: float


def measure(
    served: tuple[str, int], token: str, asked: Sequence[Page], rounds: range
) -> dict[str, list[Look]]:
    """The looks at each page, in turns. Raises SystemExit for one that there is not."""
    address, process = served
    headers = {"Cookie": f"{cookies.PLAIN_NAME}={token}", "Sec-Fetch-Site": "none"}
    looks: dict[str, list[Look]] = {page.name: [] for page in asked}
    with closing(http.client.HTTPConnection(urlsplit(address).netloc, timeout=120)) as connection:
        for number in rounds:
            for page in asked:
                path = page.addresses[number % len(page.addresses)]
                before, began = http_load.cpu(process), time.perf_counter()
                connection.request("GET", path, headers=headers)
                answer = connection.getresponse()
                answer.read()
                taken, used = time.perf_counter() - began, http_load.cpu(process) - before
                looks[page.name].append(Look(1e3 * taken, 1e3 * used))
                if answer.status != http.client.OK:
                    raise SystemExit(f"{path}: {answer.status}")
    return looks


def _memory(process: int) -> tuple[float, float]:
    """MB in use now, and at the most."""
    lines = Path(f"/proc/{process}/status").read_text(encoding="ascii").splitlines()
    found = {name: value for name, _, value in (line.partition(":") for line in lines)}
    now, most = (int(found[name].split()[0]) / 1024 for name in ("VmRSS", "VmHWM"))
    return now, most


def run(root: Path, options: argparse.Namespace) -> None:
    if not (root / _MADE).exists():
        make(root, Size(options.articles, options.votes, options.searches))
    token = sign_in(root)
    with http_load.served(root) as (address, process):
        print(f"the chores of the start took {settle(process):.0f} s", flush=True)
        resting, _ = _memory(process)
        asked = pages(root, list(islice(generated.articles(1), options.articles)))
        first = measure((address, process), token, asked, range(1))
        later = measure((address, process), token, asked, range(1, options.rounds + 1))
        used, most = _memory(process)
    print("\n| page | first ms | p50 ms | p95 ms | CPU ms |\n| --- | ---: | ---: | ---: | ---: |")
    for page, looks in later.items():
        p50 = statistics.median(look.taken for look in looks)
        p95 = statistics.quantiles((look.taken for look in looks), n=20)[-1]
        cpu = statistics.mean(look.used for look in looks)
        print(f"| `{page}` | {first[page][0].taken:.0f} | {p50:.0f} | {p95:.0f} | {cpu:.0f} |")
    print(
        f"\nMemory of the process: {resting:.0f} MB before the first page, {used:.0f} MB after the "
        f"last, {most:.0f} MB at the most."
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--place", type=Path, help="keep what is made there, and use it again")
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--articles", type=int, default=10_000)
    parser.add_argument("--votes", type=int, default=1_000_000)
    parser.add_argument("--searches", type=int, default=300_000)
    options = parser.parse_args()
    os.environ |= _WORDS_ONLY
    if options.place:
        options.place.mkdir(parents=True, exist_ok=True)
        run(options.place, options)
        return
    with tempfile.TemporaryDirectory(prefix="kb-desk-") as name:
        run(Path(name), options)


if __name__ == "__main__":
    main()
