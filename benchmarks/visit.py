"""What a reader's first visit of an article costs, beside plain MkDocs with Material.

    python -m benchmarks.visit DIR [--articles N] [--rounds N]

DIR is a folder of Markdown, copied and grown to N articles. It is built with `kb build` and served
by `kb serve`; the same files are built with `mkdocs build` (Material and its search, no web font)
and served with the same compression. Chromium, new each time and on a phone's connection, opens
one article of middling size. Prints bytes over the wire with their headers, requests, other hosts
that were asked, and the median of the largest contentful paint.
"""

import argparse
import logging
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from flask import Flask, Response
from playwright.sync_api import Browser, Request, sync_playwright
from werkzeug.serving import make_server

from answerloop.web.packing import Shelf
from benchmarks import crowd

_STOCK = "site_name: Crowd\ndocs_dir: kb\nsite_dir: site\ntheme:\n  name: material\n  font: false\n"
_MOST_BYTES = 120_000
_MOST_REQUESTS = 12
# What Lighthouse takes for a phone: "slow 4G", 150 ms and 1.6 Mbit/s.
_CONNECTION = {"offline": False, "latency": 150, "downloadThroughput": 200_000}
_PAINTED = """() => new Promise((resolve) => {
  new PerformanceObserver((list) => resolve(list.getEntries().at(-1).startTime))
    .observe({ type: "largest-contentful-paint", buffered: true });
})"""


@dataclass(frozen=True, slots=True)
class Visit:
    """Bytes over the wire, how many requests, other hosts, and milliseconds to the paint."""

    bytes: int
    requests: int
    hosts: frozenset[str]
    painted: float


def visit(browser: Browser, url: str) -> Visit:
    """Open a page in a browser that has never seen the site."""
    context = browser.new_context(
        viewport={"width": 412, "height": 823}, is_mobile=True, device_scale_factor=2
    )
    page = context.new_page()
    finished: list[Request] = []
    asked: list[str] = []

    def finish(request: Request) -> None:
        finished.append(request)

    context.on("requestfinished", finish)
    context.on("request", lambda request: asked.append(request.url))
    wire = context.new_cdp_session(page)
    wire.send("Network.emulateNetworkConditions", _CONNECTION | {"uploadThroughput": 93_750})
    page.goto(url, wait_until="networkidle")
    painted = float(page.evaluate(_PAINTED))
    sizes = [request.sizes() for request in finished]
    hosts = {urlsplit(each).netloc for each in asked if not each.startswith("data:")}
    context.close()
    return Visit(
        sum(size["responseBodySize"] + size["responseHeadersSize"] for size in sizes),
        sum(not each.startswith("data:") for each in asked),
        frozenset(hosts - {urlsplit(url).netloc}),
        painted,
    )


def middling(site: Path) -> str:
    """The address of a made article whose page is of the median size."""
    pages = sorted((file.stat().st_size, file) for file in site.glob("**/made-*/made-*/index.html"))
    return f"/{pages[len(pages) // 2][1].parent.relative_to(site).as_posix()}/"


def run(root: Path, *command: str) -> None:
    done = subprocess.run(
        [sys.executable, *command],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1", "KB_SEMANTIC": "off"},
    )
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} failed in {root}: {done.stderr[-500:]}")


@contextmanager
def ours(root: Path) -> Iterator[str]:
    """The address of the service, in a process of its own."""
    process = subprocess.Popen(
        [sys.executable, "-u", "-m", "answerloop.cli", "serve", "--port", "0"],
        cwd=root,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env={**os.environ, "KB_SEMANTIC": "off"},
    )
    try:
        assert process.stdout is not None
        for line in process.stdout:
            if found := re.search(r"on (http://\S+?)/?\s", line):
                yield found[1]
                return
        raise SystemExit("the service did not start")
    finally:
        process.terminate()
        process.communicate(timeout=30)


@contextmanager
def stock(site: Path) -> Iterator[str]:
    """The address of a plain server that packs files as ours does."""
    app = Flask(__name__, static_folder=None)
    shelf = Shelf()

    @app.get("/<path:path>")
    def page(path: str) -> Response:
        file = site / path
        return shelf.send(file / "index.html" if file.is_dir() else file)

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()


def row(name: str, visits: Sequence[Visit]) -> str:
    middle = sorted(visits, key=lambda each: each.bytes)[len(visits) // 2]
    painted = statistics.median(each.painted for each in visits)
    return (
        f"| {name} | {middle.bytes / 1000:,.1f} | {middle.requests} | {len(middle.hosts)} "
        f"| {painted:,.0f} |"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("directory", type=Path)
    parser.add_argument("--articles", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="answerloop-visit-") as place:
        mine = crowd.grow(options.directory, Path(place) / "ours", options.articles)
        theirs = Path(place) / "stock"
        shutil.copytree(mine, theirs)
        (theirs / "mkdocs.yml").write_text(_STOCK, encoding="utf-8")
        run(mine, "-m", "answerloop.cli", "build")
        run(theirs, "-m", "mkdocs", "build", "-q")
        path = middling(mine / "site")
        visits: dict[str, list[Visit]] = {"`kb serve`": [], "Material with its search": []}
        with (
            ours(mine) as first,
            stock(theirs / "site") as second,
            sync_playwright() as playwright,
        ):
            program = os.environ.get("KB_TEST_CHROMIUM") or shutil.which("chromium")
            browser = playwright.chromium.launch(executable_path=program)
            for _ in range(options.rounds):
                for made, address in zip(visits.values(), (first, second), strict=True):
                    made.append(visit(browser, address + path))
            browser.close()
    print(f"{options.articles} articles, {path}, median of {options.rounds} first visits")
    print("| | kB over the wire | requests | other hosts | largest paint ms |")
    print("| --- | ---: | ---: | ---: | ---: |")
    for name, made in visits.items():
        print(row(name, made))
    worst = visits["`kb serve`"]
    is_light = all(each.bytes <= _MOST_BYTES for each in worst)
    is_short = all(each.requests <= _MOST_REQUESTS and not each.hosts for each in worst)
    print(
        f"Bar: at most {_MOST_BYTES / 1000:.0f} kB and {_MOST_REQUESTS} requests, no other host: "
        f"{'pass' if is_light and is_short else 'FAIL'}"
    )


if __name__ == "__main__":
    main()
