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

_FOREIGN = r"[\s\"']*(?P<{name}>(?:https?:)?//[^\s\"'<>)]+)"
_SOURCE = re.compile(
    r"<(?!a[\s>]|link[\s>]|html[\s>]|svg[\s>])[a-z][\w-]*\s[^<>]*?"
    r"\b(?:src|href|poster|data|action|formaction|background)\s*=" + _FOREIGN.format(name="one")
    + r"|\bsrcset\s*=\s*[\"'][^\"'<>]*?(?P<set>(?:https?:)?//[^\s\"'<>]+)",
    re.IGNORECASE,
)  # fmt: skip
_LINK = re.compile(r"<link\s[^<>]*>", re.IGNORECASE)
_HREF = re.compile(r"\bhref\s*=" + _FOREIGN.format(name="one"), re.IGNORECASE)
_REL = re.compile(r"\brel\s*=\s*[\"']?(?P<words>[^\"'>]*)", re.IGNORECASE)
_FETCHED = frozenset(
    {"stylesheet", "icon", "apple-touch-icon", "mask-icon", "manifest", "preload", "prefetch"}
    | {"preconnect", "dns-prefetch", "modulepreload", "prerender"}
)
_STYLE = re.compile(
    r"(?:url\(|@import\s)" + _FOREIGN.format(name="one"),
    re.IGNORECASE,
)


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
    if "//" not in text:
        return
    for match in _STYLE.finditer(text):
        yield match["one"], match.start()
    if is_style:
        return
    for match in _SOURCE.finditer(text):
        yield unescape(match["one"] or match["set"]), match.start()
    for link in _LINK.finditer(text):
        rel, href = _REL.search(link[0]), _HREF.search(link[0])
        if rel and href and _FETCHED & set(rel["words"].lower().split()):
            yield unescape(href["one"]), link.start()


def _place(name: str, address: str, catalog: Catalog) -> tuple[PurePosixPath, int] | None:
    """The article and the line that name an address, when it is the page of one that does."""
    article = catalog.by_url.get(f"/{name.removesuffix('index.html')}")
    if article is None or address not in article.body:
        return None
    row = article.body.count("\n", 0, article.body.index(address))
    return article.path, article.body_line + row
