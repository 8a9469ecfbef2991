"""Links to other sites: asked politely whether they still lead somewhere.

One request a host at a time, with a pause between two, HEAD before GET; what was learned is not
asked again for a day. Every request passes the guard of `deliveries.outgoing`. What only an answer
can tell is told: a host that refuses programs, or is away for the moment, has no broken links.
"""

import json
import os
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path, PurePosixPath
from urllib.parse import urldefrag, urljoin, urlsplit

from answerloop import __version__, prose
from answerloop.catalog import Catalog
from answerloop.deliveries import addresses
from answerloop.deliveries.errors import DeliveryError, GiveUp
from answerloop.deliveries.outgoing import Client, Request
from answerloop.errors import Finding, Level
from feedback import sentences, words
from feedback.broken_links import Found
from feedback.model import ArticleKey

FILE_NAME = "links.json"
_REMEMBERED = timedelta(days=1)
_PAUSE = 1.0
_HOSTS_AT_ONCE = 8
_ATTEMPTS = 2
_MOST_HOPS = 5
_GONE = (404, 410)
_FOR_GOOD = (301, 308)
_ELSEWHERE = (301, 302, 303, 307, 308)
_OK_ENOUGH = (200, 416)  # 416: there is something, only not as many bytes
_SERVER_TROUBLE = 500

Place = tuple[PurePosixPath, int]
Progress = Callable[[str, float], None]
Sleep = Callable[[float], None]


class Verdict(StrEnum):
    LIVES = "lives"
    MOVED = "moved"
    BROKEN = "broken"
    CANNOT_TELL = "cannot-tell"


@dataclass(frozen=True, slots=True)
class Answered:
    """What became of an address; `said` is the reason, or where it has moved to."""

    verdict: Verdict
    said: str = ""
    is_answer: bool = True


@dataclass(frozen=True, slots=True)
class Asker:
    """Asks addresses. `sleep` waits so many seconds between two requests to one host."""

    client: Client
    sleep: Sleep
    site_url: str = ""

    def ask(self, url: str) -> Answered:
        """Whether `url` leads anywhere, after as many redirects as a browser would follow."""
        there, is_moved = url, False
        for hop in range(_MOST_HOPS):
            if hop:
                self.sleep(_PAUSE)
            if refused := self._unreachable(there):
                return refused
            try:
                status, location = self._status(there)
            except DeliveryError as problem:
                return Answered(Verdict.CANNOT_TELL, str(problem), is_answer=False)
            if status not in _ELSEWHERE or not location:
                return _judged(status, there if is_moved else "")
            is_moved = status in _FOR_GOOD and (is_moved or hop == 0)
            there = urldefrag(urljoin(there, location)).url
            if urlsplit(there).scheme not in ("http", "https"):
                return Answered(Verdict.CANNOT_TELL, f"it leads on to `{there[:100]}`.")
        return Answered(Verdict.BROKEN, words.english(sentences.ROUND, hops=_MOST_HOPS))

    def _unreachable(self, url: str) -> Answered | None:
        """Why a host is not asked at all: it has no address, or none that may be reached."""
        try:
            parts = urlsplit(url)
            host, port = parts.hostname or "", parts.port or 443
        except ValueError:
            return Answered(Verdict.BROKEN, sentences.MALFORMED)
        try:
            found = self.client.resolve(host, port)
        except (OSError, UnicodeError):
            said = words.english(sentences.NOT_FOUND, host=host)
            return Answered(Verdict.BROKEN, said, is_answer=False)
        if not all(addresses.is_allowed(address, self.client.allowed) for address in found):
            said = f"{host} is in a private network, which is not asked."
            return Answered(Verdict.CANNOT_TELL, said, is_answer=False)
        return None

    def _status(self, url: str) -> tuple[int, str]:
        """The status and Location of HEAD, or of GET where HEAD gives an error.

        Raises DeliveryError when there is no answer.
        """
        status, location = self._patiently("HEAD", url)
        if status < 400:  # noqa: PLR2004  the first status that is an error
            return status, location
        self.sleep(_PAUSE)
        return self._patiently("GET", url)

    def _patiently(self, method: str, url: str) -> tuple[int, str]:
        headers = {
            "User-Agent": f"answerloop/{__version__} (link check; {self.site_url or 'help site'})",
            "Accept": "*/*",
            "Range": "bytes=0-1023",
        }
        for left in reversed(range(_ATTEMPTS)):
            try:
                answer = self.client.send(Request(method, url, headers))
            except GiveUp:
                raise
            except DeliveryError:
                if not left:
                    raise
            else:
                if answer.status < _SERVER_TROUBLE or not left:
                    return answer.status, answer.headers.get("location", "")
            self.sleep(_PAUSE)
        raise AssertionError  # the last attempt returns or raises


def _judged(status: int, moved_to: str) -> Answered:
    if status in _GONE:
        return Answered(Verdict.BROKEN, words.english(sentences.SERVER_SAYS, status=status))
    if 200 <= status < 300 or status in _OK_ENOUGH:  # noqa: PLR2004  success
        return Answered(Verdict.MOVED, moved_to) if moved_to else Answered(Verdict.LIVES)
    return Answered(Verdict.CANNOT_TELL, f"the server says {status}.")


def gather(catalog: Catalog, site_url: str) -> Mapping[str, Sequence[Place]]:
    """The addresses of other sites in articles that are read, each with where it stands."""
    found: dict[str, list[Place]] = defaultdict(list)
    own = f"{site_url.rstrip('/')}/" if site_url else "\n"
    for article in (*catalog.published, *catalog.internal):
        links = (
            *prose.links(article.body, article.body_line),
            *prose.raw_links(article.body, article.body_line),
        )
        for link in links:
            url = urldefrag(link.target).url
            url = f"https:{url}" if url.startswith("//") else url
            if url.lower().startswith(("http://", "https://")) and not f"{url}/".startswith(own):
                found[url].append((article.path, link.line))
    return dict(sorted(found.items()))


def ask_all(
    urls: Iterable[str], asker: Asker, progress: Progress = lambda _what, _share: None
) -> Mapping[str, Answered]:
    """Ask every address: hosts side by side, those of one host one after another."""
    by_host: dict[str, list[str]] = defaultdict(list)
    for url in urls:
        by_host[urlsplit(url).netloc.rpartition("@")[2].lower()].append(url)
    if not by_host:
        return {}
    done: dict[str, Answered] = {}
    total = sum(map(len, by_host.values()))

    def one_host(listed: Sequence[str]) -> None:
        for number, url in enumerate(listed):
            if number:
                asker.sleep(_PAUSE)
            done[url] = asker.ask(url)
            progress("Asking other sites", len(done) / total)

    with ThreadPoolExecutor(min(len(by_host), _HOSTS_AT_ONCE), "links") as pool:
        for asked in [pool.submit(one_host, listed) for listed in by_host.values()]:
            asked.result()
    return _believed(done)


def _believed(done: Mapping[str, Answered]) -> Mapping[str, Answered]:
    """A name that cannot be found means nothing where no host at all has answered: no network."""
    if any(answered.is_answer for answered in done.values()):
        return done
    return {
        url: Answered(Verdict.CANNOT_TELL, answered.said, is_answer=False)
        for url, answered in done.items()
    }


def findings(
    places: Mapping[str, Sequence[Place]], answers: Mapping[str, Answered]
) -> Iterator[Finding]:
    """What an editor is told of them, for each place that a link stands at."""
    for url, listed in places.items():
        answered = answers.get(url, Answered(Verdict.LIVES))
        if answered.verdict is Verdict.LIVES:
            continue
        level = Level.ERROR if answered.verdict is Verdict.BROKEN else Level.WARNING
        message, remedy = {
            Verdict.BROKEN: (f"is broken: {answered.said}", "Mend or remove it."),
            Verdict.MOVED: ("has moved for good.", f"Write `{answered.said}`."),
            Verdict.CANNOT_TELL: (f"could not be tried: {answered.said}", "Look at it yourself."),
        }[answered.verdict]
        for path, line in listed:
            yield Finding(path, line, level, f"the link `{url}` {message}", remedy)


def broken(
    catalog: Catalog,
    places: Mapping[str, Sequence[Place]],
    answers: Mapping[str, Answered],
    before: Mapping[str, str],
) -> Iterator[Found]:
    """Each broken link at each place where it stands.

    The addresses that were broken `before`, with that answer, are so still where nothing can be
    told of them now.
    """
    articles = {article.path: article for article in (*catalog.published, *catalog.internal)}
    for url, listed in places.items():
        said = _said(answers.get(url, Answered(Verdict.LIVES)), before.get(url, ""))
        for path, line in listed if said else ():
            article = articles[path]
            key = ArticleKey(article.id, article.lang)
            yield Found(key, article.revision, line, url, said)


def _said(answered: Answered, before: str) -> str:
    """Why it is broken; empty where it is not."""
    match answered.verdict:
        case Verdict.BROKEN:
            return answered.said
        case Verdict.CANNOT_TELL:
            return before
        case _:
            return ""


def recall(file: Path, now: datetime) -> dict[str, Answered]:
    """What was learned within a day; nothing when the file is not there or not ours."""
    known: dict[str, Answered] = {}
    try:
        for url, row in json.loads(file.read_text(encoding="utf-8")).items():
            if timedelta() <= now - datetime.fromisoformat(row["at"]) < _REMEMBERED:
                known[url] = Answered(Verdict(row["verdict"]), row["said"])
    except (OSError, ValueError, LookupError, AttributeError, TypeError):
        return {}
    return known


def remember(file: Path, learned: Mapping[str, Answered], now: datetime) -> None:
    """Keep what hosts answered, beside what is still remembered; broken links are asked again."""
    fresh = recall(file, now)
    rows = json.loads(file.read_text(encoding="utf-8")) if fresh else {}
    kept = {url: row for url, row in rows.items() if url in fresh}
    for url, answered in learned.items():
        if answered.is_answer and answered.verdict is not Verdict.BROKEN:
            kept[url] = {
                "at": now.isoformat(),
                "verdict": answered.verdict.value,
                "said": answered.said,
            }
    file.parent.mkdir(parents=True, exist_ok=True)
    beside = file.with_name(f"{file.name}.{os.getpid()}")
    beside.write_text(json.dumps(kept, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    beside.replace(file)
