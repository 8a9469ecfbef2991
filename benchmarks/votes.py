"""Votes a second over HTTP, each on the disk before its answer, beside isso.

    python -m benchmarks.votes [--seconds 8] [--rounds 3] [--clients 16] [--sync MS]

Starts `kb serve` and isso (0.14.0, from its package, in an environment of its own in .cache/) on
this machine, one after the other, and lets the same load generator vote: each vote of another
reader, the rounds interleaved. Prints votes a second and latencies, the median of the rounds, and
counts afterwards in both databases that every acknowledged vote is there. How long the disk takes
to sync decides much of it, most of all for a program that syncs for each vote, so that is measured
beside each round, too. With `--sync` each sync of both programs takes so much longer, as on a disk
that has no cache of its own (`benchmarks/slow_disk.py`, which needs a C compiler).

The clients are Python, in one thread of a process of their own; what they take of a core is
printed, and is the same work for both programs.
"""

import argparse
import json
import os
import re
import signal
import socket
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks import load, slow_disk
from benchmarks.load import Load

ROOT = Path(__file__).parent.parent
_ISSO = ("isso==0.14.0", "gunicorn", "setuptools")
_ARTICLE = "nothing-found"
_COMMENTS = 2_000
_PATIENCE = 60
_ISSO_CFG = """\
[general]
dbpath = {folder}/isso.db
host = http://localhost:{port}/
[guard]
enabled = false
"""


@dataclass(frozen=True, slots=True)
class Run:
    """One round: what the clients saw, the votes in the database, a sync of the disk in ms."""

    load: Load
    stored: int
    sync: float


@dataclass(frozen=True, slots=True)
class Row:
    """The median round of one program. `stored` are the votes in its databases.

    `clients` is the share of a core that the load generator itself takes.
    """

    name: str
    rate: float
    p50: float
    p99: float
    sync: float
    clients: float
    acknowledged: int
    stored: int


@dataclass(frozen=True, slots=True)
class Effort:
    """How long a round is, how many vote at once, and by how many ms each sync is slower."""

    seconds: float
    clients: int
    slower: float


def ours(place: Path, effort: Effort) -> tuple[Load, int]:
    """One round of `kb serve`, and the votes that it stored."""
    kb = [sys.executable, "-m", "answerloop.cli"]
    root = place / "help"
    subprocess.run([*kb, "init", str(root)], check=True, capture_output=True)
    subprocess.run([*kb, "-C", str(root), "build"], check=True, capture_output=True)
    page = next(root.glob(f"site/en/**/{_ARTICLE}/index.html")).read_text(encoding="utf-8")
    revision = page.split('name="kb:revision" content="')[1].split('"')[0]

    def request(number: int) -> bytes:
        body = {"article": _ARTICLE, "lang": "en", "revision": revision, "helpful": number % 3 > 0}
        return load.post(
            "/api/v1/votes",
            json.dumps(body).encode(),
            Content_Type="application/json",
            Sec_Fetch_Site="same-origin",
            User_Agent=f"reader {number}",
            X_Forwarded_For=_address(number),
        )

    port = _free_port()
    serve = [*kb, "-C", str(root), "serve", "--port", str(port)]
    environment = {"KB_TRUSTED_PROXIES": "127.0.0.1/32", "KB_LIMITS_ENABLED": "false"}
    with _running(serve, port, environment | _disk(effort)):
        measured = load.run(port, request, clients=effort.clients, seconds=effort.seconds)
    return measured, _count(root / "var" / "kb.db", "SELECT count(*) FROM votes")


def isso(place: Path, effort: Effort) -> tuple[Load, int]:
    """One round of isso with as many threads, and the votes that it stored.

    It takes at most 142 votes on a comment, so there are many comments.
    """
    port = _free_port()
    settings = place / "isso.cfg"
    settings.write_text(_ISSO_CFG.format(folder=place, port=port), encoding="utf-8")
    serve = [
        str(_isso_environment() / "bin" / "gunicorn"), "--workers", "1",
        "--worker-class", "gthread", "--threads", "16", "--bind", f"127.0.0.1:{port}", "isso.run",
    ]  # fmt: skip
    with _running(serve, port, {"ISSO_SETTINGS": str(settings)} | _disk(effort)):
        body = json.dumps({"text": "How do I send it back?", "title": "Returns"}).encode()
        first = load.post("/new?uri=/returns", body, Content_Type="application/json")
        _send(port, first)
        with closing(sqlite3.connect(place / "isso.db")) as db:
            names = [row[1] for row in db.execute("PRAGMA table_info(comments)")]
            columns = ", ".join(name for name in names if name != "id")
            copy = f"INSERT INTO comments ({columns}) SELECT {columns} FROM comments WHERE id = 1"  # noqa: S608 -- isso's own names
            for _ in range(_COMMENTS - 1):
                db.execute(copy)
            db.commit()

        def request(number: int) -> bytes:
            return load.post(
                f"/id/{1 + number % _COMMENTS}/like",
                b"",
                Content_Type="application/json",
                X_Forwarded_For=_address(number),
            )

        measured = load.run(port, request, clients=effort.clients, seconds=effort.seconds)
    return measured, _count(place / "isso.db", "SELECT sum(likes) FROM comments")


def measure(rounds: int, effort: Effort) -> list[Row]:
    """The median of interleaved rounds for each program."""
    found: dict[str, list[Run]] = {"kb serve": [], "isso 0.14.0": []}
    for _ in range(rounds):
        for name, serve in zip(found, (ours, isso), strict=True):
            with tempfile.TemporaryDirectory(prefix="kb-votes-") as place:
                sync = _sync(Path(place)) + effort.slower
                found[name].append(Run(*serve(Path(place), effort), sync))
    return [
        Row(
            name=name,
            rate=statistics.median(run.load.rate for run in runs),
            p50=statistics.median(run.load.percentile(50) for run in runs),
            p99=statistics.median(run.load.percentile(99) for run in runs),
            sync=statistics.median(run.sync for run in runs),
            clients=statistics.median(run.load.own / run.load.seconds for run in runs),
            acknowledged=sum(len(run.load.latencies) for run in runs),
            stored=sum(run.stored for run in runs),
        )
        for name, runs in found.items()
    ]


def _sync(place: Path) -> float:
    """The median of a hundred syncs of 4 kB, in milliseconds."""
    taken = []
    with (place / "sync").open("wb") as file:
        for _ in range(100):
            file.write(bytes(4096))
            file.flush()
            began = time.perf_counter()
            os.fsync(file.fileno())
            taken.append(time.perf_counter() - began)
    return statistics.median(taken) * 1000


def _disk(effort: Effort) -> dict[str, str]:
    return slow_disk.environment(ROOT / ".cache", effort.slower)


@contextmanager
def _running(command: list[str], port: int, environment: dict[str, str]) -> Iterator[None]:
    process = subprocess.Popen(
        command,
        env=os.environ | environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=ROOT,
        start_new_session=True,  # so that what it has started ends with it
    )
    try:
        until = time.monotonic() + _PATIENCE
        while not _answers(port):
            assert process.poll() is None, f"{command[0]} did not start"
            assert time.monotonic() < until, f"{command[0]} does not answer"
            time.sleep(0.1)
        yield
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(timeout=30)


def _answers(port: int) -> bool:
    """Whether it answers a request: both listen before they can."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=_PATIENCE) as connection:
            connection.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            return bool(connection.recv(1))
    except OSError:
        return False


def _send(port: int, request: bytes) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        connection.sendall(request)
        answer = connection.recv(4096)
    assert re.match(rb"HTTP/1\.1 20[01]", answer), answer


def _free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port: int = listening.getsockname()[1]
    return port


def _address(number: int) -> str:
    """A network of its own for each reader."""
    return f"{20 + number // 65536}.{number // 256 % 256}.{number % 256}.7"


def _count(file: Path, query: str) -> int:
    with closing(sqlite3.connect(file)) as db:
        return int(db.execute(query).fetchone()[0] or 0)


def _isso_environment() -> Path:
    place = ROOT / ".cache" / "isso"
    if not (place / "bin" / "gunicorn").exists():
        print("Installing isso into .cache/isso (once) …", flush=True)
        subprocess.run([sys.executable, "-m", "venv", str(place)], check=True)
        subprocess.run([str(place / "bin" / "pip"), "install", "-qq", *_ISSO], check=True)
    return place


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--seconds", type=float, default=8)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--clients", type=int, default=16)
    parser.add_argument("--sync", type=float, default=0, metavar="MS")
    options = parser.parse_args()
    _isso_environment()
    rows = measure(options.rounds, Effort(options.seconds, options.clients, options.sync))
    print("| | votes/s | p50 ms | p99 ms | a sync, ms | clients | acknowledged | stored |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    for row in rows:
        print(
            f"| {row.name} | {row.rate:,.0f} | {row.p50:.0f} | {row.p99:.0f} | {row.sync:.1f} "
            f"| {row.clients:.0%} | {row.acknowledged:,} | {row.stored:,} |"
        )
    here, there = rows
    print(f"{here.rate / there.rate:.1f} times the votes, 1/{there.p99 / here.p99:.1f} of the p99")
    assert here.stored >= here.acknowledged, "an acknowledged vote is missing"


if __name__ == "__main__":
    main()
