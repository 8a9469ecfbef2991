"""From Markdown to a flag and back, over HTTP, on any folder of Markdown.

    python -m benchmarks.journey DIR [--language LANG]

Copies DIR (the original is never touched), builds it, serves it in a process of its own, searches
it in each language, votes no on one article from several networks on several days until the flag
stands in the queue of the desk, edits the article, runs `kb build`, and sees the item watched.
"""

import argparse
import html
import json
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx

Say = Callable[[str], None]

_DAYS = 10
_BROWSER = {"Sec-Fetch-Site": "same-origin", "User-Agent": "Mozilla/5.0 (journey)"}
_EDIT = (
    "\n\nThis paragraph was added by the journey: it says plainly what a reader did not find "
    "before, in a sentence that is long enough to count as a change of substance.\n"
)


@dataclass(frozen=True, slots=True)
class Journey:
    """What was seen on the way."""

    articles: int
    languages: tuple[str, ...]
    article: str
    votes: int
    days: int
    build_seconds: float
    item: str


@dataclass(frozen=True, slots=True)
class Running:
    """A service that runs; `turn` sets its clock."""

    client: httpx.Client
    root: Path
    clock: Path
    password: str

    def turn(self, now: datetime) -> None:
        self.clock.write_text(now.isoformat(), encoding="utf-8")


@dataclass(frozen=True, slots=True)
class Target:
    """The article that the journey is about, as the service lists it."""

    id: str
    lang: str
    title: str
    url: str
    path: str
    revision: str


def run(directory: Path, say: Say, language: str = "en") -> Journey:
    """Make the journey on a copy of `directory`. Raises AssertionError where it fails."""
    with tempfile.TemporaryDirectory(prefix="answerloop-journey-") as place:
        root = _repository(Path(place), directory)
        start = datetime.now(UTC).replace(hour=9) - timedelta(days=_DAYS)
        with served(root, start) as running:
            targets = listed(root)
            languages = tuple(sorted({target.lang for target in targets}))
            say(f"{len(targets)} articles in {', '.join(languages)} are served.")
            for lang in languages:
                _search(running, next(t for t in targets if t.lang == lang), say)
            target = next((t for t in targets if t.lang == language), targets[0])
            votes, days = _vote_until_flagged(running, target, say)
            seconds = _edit_and_build(running, target)
            say(f"Edited {target.path}; `kb build` took {seconds:.1f} s.")
            item = _watched(running, target)
            say(f"The item is watched: {item}")
    return Journey(len(targets), languages, target.id, votes, days, seconds, item)


def _repository(root: Path, directory: Path) -> Path:
    """A content repository around a copy of the folder; its own mkdocs.yml is kept."""
    if (directory / "mkdocs.yml").exists():
        shutil.copytree(
            directory, root / "repository", ignore=shutil.ignore_patterns("var", "site", ".*")
        )
        return root / "repository"
    shutil.copytree(directory, root / "repository" / "articles")
    (root / "repository" / "mkdocs.yml").write_text(
        "site_name: Journey\ndocs_dir: articles\n", encoding="utf-8"
    )
    return root / "repository"


@contextmanager
def served(root: Path, start: datetime) -> Iterator[Running]:
    """The service in a process of its own, at `start` by its clock."""
    clock = root.parent / "clock"
    clock.write_text(start.isoformat(), encoding="utf-8")
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.clocked", str(root), str(clock)],
        stdout=subprocess.PIPE,
        env={
            "KB_TRUSTED_PROXIES": "127.0.0.1/32",
            "KB_SEMANTIC": "off",
            "PATH": "/usr/bin:/bin",
            "HOME": str(root),
        },
        text=True,
        cwd=Path(__file__).parent.parent,
    )
    try:
        assert process.stdout is not None
        address, _, password = process.stdout.readline().strip().partition(" ")
        assert address, "the service did not start"
        with httpx.Client(base_url=address, headers=_BROWSER, timeout=30) as client:
            yield Running(client, root, clock, password)
    finally:
        process.terminate()
        process.wait(timeout=20)
        process.communicate()


def _queue(running: Running) -> str:
    """The desk's page. The clock jumps by days, so the editor signs in each time."""
    answer = running.client.post(
        "/desk/login", data={"name": "admin", "password": running.password}
    )
    assert answer.status_code == 303, answer.text
    return running.client.get("/desk/queue").text


def listed(root: Path) -> list[Target]:
    """The public articles of the version that is served."""
    current = (root / "var" / "builds" / "CURRENT").read_text(encoding="utf-8").strip()
    catalog = json.loads((root / "var" / "builds" / current / "catalog.json").read_bytes())
    names = Target.__slots__
    return [
        Target(**{name: entry[name] for name in names})
        for entry in catalog["entries"]
        if entry["url"] and not entry["path"].endswith(("index.md", "README.md"))
    ]


def _search(running: Running, target: Target, say: Say) -> None:
    """The title's own words find the article in its language."""
    answer = running.client.get("/api/v1/search", params={"q": target.title, "lang": target.lang})
    answer.raise_for_status()
    found = [hit["id"] for hit in answer.json()["results"]]
    assert target.id in found, f"{target.title!r} ({target.lang}) is not found"
    say(f"{target.lang}: `{target.title}` is found at rank {found.index(target.id) + 1}.")


def _vote_until_flagged(running: Running, target: Target, say: Say) -> tuple[int, int]:
    """Two readers of two networks say no each day, with a reason, until the flag stands."""
    now = datetime.fromisoformat(running.clock.read_text(encoding="utf-8"))
    votes = 0
    for day in range(1, _DAYS):
        for reader in range(2):
            running.turn(now + timedelta(days=day, hours=reader))
            answer = running.client.post(
                "/api/v1/votes",
                json={
                    "article": target.id,
                    "lang": target.lang,
                    "revision": target.revision,
                    "helpful": False,
                    "reason": "outdated",
                },
                headers={"X-Forwarded-For": f"198.51.{100 + reader}.{day}"},
            )
            assert answer.json()["outcome"] == "counted", answer.text
            votes += 1
        words = _lane(running, "suspected", target)
        if words:
            say(f"Flagged after {votes} votes on {day} days: {words}")
            return votes, day
    raise AssertionError(f"{target.id} was not flagged in {_DAYS} days")


def _lane(running: Running, lane: str, target: Target) -> str:
    """What the desk's page says of the article in a lane, empty when it is not there."""
    page = _queue(running)
    match = re.search(rf'<section[^>]*id="{lane}".*?</section>', page, re.DOTALL)
    if match is None and 'class="blank"' in page:
        return ""  # nothing waits at all
    assert match, f"the queue has no lane `{lane}`"
    for card in re.findall(r'<li class="card.*?</li>', match[0], re.DOTALL):
        if f'{target.url}"' in card:
            words = re.search(r'class="card__why">(.*?)</p>', card, re.DOTALL)
            return html.unescape(words[1].strip()) if words else "no words"
    return ""


def _edit_and_build(running: Running, target: Target) -> float:
    """An editor mends the article and publishes it; the clock is today's."""
    running.turn(datetime.now(UTC))
    file = next(running.root.rglob(target.path))
    file.write_text(file.read_text(encoding="utf-8") + _EDIT, encoding="utf-8")
    started = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", "answerloop.cli", "-C", str(running.root), "build", "--keep-going"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Published" in done.stdout, done.stderr
    return time.monotonic() - started


def _watched(running: Running, target: Target) -> str:
    assert not _lane(running, "suspected", target), "the edit did not close the flag"
    words = _lane(running, "watching", target)
    assert words, "the mended article is not watched"
    return words


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("directory", type=Path)
    parser.add_argument("--language", default="en")
    options = parser.parse_args()
    journey = run(options.directory.resolve(), print, options.language)
    print(
        f"{journey.articles} articles, {len(journey.languages)} languages: flagged after "
        f"{journey.votes} votes on {journey.days} days, closed by one edit."
    )


if __name__ == "__main__":
    main()
