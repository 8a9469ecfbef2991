"""From the last key of a question to its results on the screen, and what is searched without them.

    python -m benchmarks.keystrokes [--sizes N…] [--articles DIR…] [--questions N]

Writes N articles (generated, or recombined from the folders given) as Markdown, builds and serves
them, and has Chromium type questions into the search box, each key after a pause as people make
them (lognormal, median 130 ms). Measured in the page, from the time stamp of the last keydown to
the end of the frame that shows the answer to the whole question. Then the titles that the box
searches while the service is away: their size, how long the browser takes to open them, and how
long to search them for the same questions. Needs Chromium.
"""

import argparse
import gzip
import random
import statistics
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

from benchmarks import http_load
from benchmarks.search_peers import questions, sources, tables
from tests import machine

_MEDIAN_PAUSE = 0.130
_SPREAD = 0.35
_LONGEST = 50
"""Characters of a question that somebody types into a box."""

_WATCH = """() => {
  window.seen = [];
  let pressed = 0;
  let last = 0;
  const note = (event) => { pressed ||= event.timeStamp; };
  addEventListener("keydown", note, true);
  addEventListener("beforeinput", note, true); // of letters that this keyboard has not
  addEventListener("input", () => { last = pressed; pressed = 0; }, true);
  addEventListener("kb:found", ({ detail }) => {
    const { port1, port2 } = new MessageChannel();
    const from = last;
    port1.onmessage = () => window.seen.push([detail.query, performance.now() - from]);
    requestAnimationFrame(() => port2.postMessage(0));
  });
}"""
_TITLES = """async ([script, url, questions]) => {
  const { open } = await import(script);
  const read = await (await fetch(url)).text();
  const start = performance.now();
  const titles = await open(url);
  const opened = performance.now() - start;
  const times = questions.map((question) => {
    const from = performance.now();
    titles.search(question);
    return performance.now() - from;
  });
  return { opened, times, characters: read.length };
}"""


@dataclass(frozen=True, slots=True)
class Typed:
    """Milliseconds from the last key to the results, for each question that was answered."""

    times: Sequence[float]
    unanswered: int


def type_all(page: Page, asked: Sequence[str], seed: int) -> Typed:
    """Type each question into the box of the open page and clear it again."""
    chance = random.Random(seed)  # noqa: S311  # repeatable, not secret
    page.evaluate(_WATCH)
    times = []
    for question in asked:
        page.locator("#kb-q").fill("")
        for key in question:
            page.keyboard.type(key)
            time.sleep(chance.lognormvariate(0, _SPREAD) * _MEDIAN_PAUSE)
        page.wait_for_timeout(250)
        seen = page.evaluate("() => window.seen.splice(0)")
        times += [took for query, took in seen[-1:] if query == question]
    return Typed(times, len(asked) - len(times))


def measure(page: Page, address: str, asked: Sequence[str], seed: int) -> Any:
    """The times of typing, and what the page says of the titles."""
    page.goto(f"{address}/")
    typed = type_all(page, asked, seed)
    action = page.evaluate("() => document.querySelector('[data-kb-search]').action")
    given = [f"{address}/assets/answerloop/titles.js", f"{action}titles.json", asked]
    return typed, page.evaluate(_TITLES, given)


def _sizes(root: Path) -> str:
    written = max((root / "site").rglob("titles.json"), key=lambda file: file.stat().st_size)
    content = written.read_bytes()
    return f"{len(content) / 1e3:,.0f} | {len(gzip.compress(content, 9)) / 1e3:,.0f}"


def _cells(times: Sequence[float]) -> str:
    hundredths = statistics.quantiles(times, n=100, method="inclusive")
    return f"{statistics.median(times):.1f} | {hundredths[94]:.1f} | {max(times):.1f}"


def main() -> None:
    options = _options()
    program = machine.chromium()
    if program is None:
        raise SystemExit("Chromium not found. On Debian: apt-get install chromium")
    print(tables.machine(with_node=False) + "\n")
    print(
        "| articles | last key to results, ms: median | p95 | most | unanswered "
        "| titles kB | gzip kB | opened in ms | a search, ms: median | p95 | most |"
    )
    print("| ---: " * 11 + "|")
    for size in options.sizes:
        _, endless = sources.source(options.articles, options.lang, options.seed)
        articles = list(islice(endless, size))
        drawn = questions.draw(articles, 3 * options.questions, options.seed)
        typed_out = (each.text for each in drawn if len(each.text) <= _LONGEST)
        asked = list(islice(typed_out, options.questions))
        with tempfile.TemporaryDirectory(prefix="answerloop-keys-") as place:
            root = Path(place)
            http_load.write(articles, root)
            http_load.build(root)
            with http_load.served(root) as (address, _), sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=program)
                page = browser.new_page()
                typed, titles = measure(page, address, asked, options.seed)
                browser.close()
            print(
                f"| {size:,} | {_cells(typed.times)} | {typed.unanswered} | {_sizes(root)} "
                f"| {titles['opened']:.0f} | {_cells(titles['times'])} |",
                flush=True,
            )


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=(1_000, 5_000), metavar="N")
    parser.add_argument("--articles", type=Path, nargs="+", default=(), metavar="DIR")
    parser.add_argument("--lang", help="of the articles in DIR; without it the commonest")
    parser.add_argument("--questions", type=int, default=60, metavar="N")
    parser.add_argument("--seed", type=int, default=1, metavar="N")
    return parser.parse_args()


if __name__ == "__main__":
    main()
