"""What a page or a style sheet would have a reader's browser fetch from another host.

A link that somebody has to follow is none of these.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from pathlib import PurePosixPath
from typing import Self
from urllib.parse import urlsplit

from answerloop.catalog import Catalog
from answerloop.errors import Finding, Level
from answerloop.settings import Settings

_HOST = re.compile(r"//[^\s\"'<>()\\]+")
_PROTOCOL = re.compile(r"https?:$", re.IGNORECASE)
_BEFORE = re.compile(
    r"\b(?:(?:src|href|poster|data|action|formaction|background)\s*=\s*[\"']?\s*"
    r"|srcset\s*=\s*[\"'](?:[^\"']*[\s,])?)$",
    re.IGNORECASE,
)
_IN_STYLE = re.compile(r"(?:url\(|@import)\s*[\"']?$", re.IGNORECASE)
_FOLLOWED = re.compile(r"<(?:a|area)\s", re.IGNORECASE)
_LINK = re.compile(r"<link\s", re.IGNORECASE)
_REL = re.compile(r"\brel\s*=\s*[\"']?(?P<words>[^\"'>]*)", re.IGNORECASE)
_FETCHED = frozenset(
    {"stylesheet", "icon", "apple-touch-icon", "mask-icon", "manifest", "preload", "prefetch"}
    | {"preconnect", "dns-prefetch", "modulepreload", "prerender"}
)
_LONGEST = 6  # `https:`
_FAR = 16  # `url(` and a quote, with some room


@dataclass(frozen=True, slots=True)
class Allowed:
    """The origins that pages may ask beside their own (`site.foreign_hosts`), and their own."""

    hosts: tuple[str, ...]
    own: str

    @classmethod
    def of(cls, settings: Settings) -> Self:
        return cls(settings.site.foreign_hosts, urlsplit(settings.site.url).netloc)

    def holds(self, address: str) -> bool:
        host = urlsplit(address).netloc
        return host == self.own or host in {urlsplit(each).netloc for each in self.hosts}


def foreign(name: str, text: str, allowed: Allowed, catalog: Catalog) -> Iterator[Finding]:
    """An error for each host that a file of the output would ask; the first place names it."""
    seen: set[str] = set()
    for address, at in _asked(text, is_style=name.endswith(".css")):
        host = urlsplit(address).netloc
        if allowed.holds(address) or host in seen:
            continue
        seen.add(host)
        path, line = _place(name, address, catalog) or (
            PurePosixPath("site") / name,
            text.count("\n", 0, at) + 1,
        )
        yield Finding(
            path,
            line,
            Level.ERROR,
            f"{address} would be asked by every reader's browser.",
            "Nothing was published. Put the file beside the articles and name it there, or allow "
            f'its host: `foreign_hosts = ["https://{host}"]` under `[site]` in kb.toml.',
        )


def _asked(text: str, *, is_style: bool) -> Iterator[tuple[str, int]]:
    """The addresses on other hosts that are fetched with a file, and where they stand in it."""
    for match in _HOST.finditer(text):
        protocol = _PROTOCOL.search(text, max(0, match.start() - _LONGEST), match.start())
        at = protocol.start() if protocol else match.start()
        in_style = _IN_STYLE.search(text, max(0, at - _FAR), at)
        if in_style or (not is_style and _is_fetched(text, at)):
            yield unescape(text[at : match.end()]), at


def _is_fetched(text: str, at: int) -> bool:
    """Whether an address stands in a tag, in an attribute of which a browser fetches it."""
    start = text.rfind("<", 0, at)
    if start < text.rfind(">", 0, at) or not _BEFORE.search(text, start, at):
        return False
    if _LINK.match(text, start):
        end = text.find(">", at)
        rel = _REL.search(text, start, end if end > 0 else len(text))
        return rel is None or bool(_FETCHED & set(rel["words"].lower().split()))
    return not _FOLLOWED.match(text, start)


def _place(name: str, address: str, catalog: Catalog) -> tuple[PurePosixPath, int] | None:
    """The article and the line that name an address, when it is the page of one that does."""
    article = catalog.by_url.get(f"/{name.removesuffix('index.html')}")
    if article is None or address not in article.body:
        return None
    row = article.body.count("\n", 0, article.body.index(address))
    return article.path, article.body_line + row
