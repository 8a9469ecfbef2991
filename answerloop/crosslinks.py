"""Links within the site: whether each leads to a page, a file, a heading that readers can see."""

import difflib
import html
import posixpath
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import PurePosixPath
from urllib.parse import unquote, urljoin

from answerloop import prose
from answerloop.articles import Article
from answerloop.catalog import Catalog
from answerloop.errors import Finding, Level
from answerloop.files import MARKDOWN
from answerloop.moves import PERMALINKS
from answerloop.visibility import State
from feedback.model import ArticleId

Html = Callable[[Article], str]
"""The article as its page shows it, before the theme; empty when that is not known."""

_SCHEME = re.compile(r"^(?:[a-z][a-z0-9+.-]*:|//)", re.IGNORECASE)
# What another tool would fill in before anybody sees it.
_TEMPLATE = re.compile(r"\{[{%]|%\}|\}\}")
_ID = re.compile(r"""<[^>]*?\s(?:id|name)\s*=\s*(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)')""")
_ALWAYS_THERE = ("", "top")
_MISSING = "leads to no page."


@dataclass(frozen=True, slots=True)
class _Way:
    """A link of an article: the article it leads to, if any, and what is wrong with it."""

    source: Article
    link: prose.Link
    there: Article | None = None
    fragment: str = ""
    problem: str = ""
    remedy: str = ""

    def finding(self, problem: str, remedy: str) -> Finding:
        kept_back = self.source.state in (State.ARCHIVED, State.WORK_IN_PROGRESS)
        level = Level.WARNING if kept_back else Level.ERROR
        message = f"the link `{self.link.target}` {problem}"
        return Finding(self.source.path, self.link.line, level, message, remedy)


def check(catalog: Catalog, site_url: str = "") -> Iterator[Finding]:
    """Links that lead nowhere, or to what readers cannot see.

    What begins with `/` and is no address of ours may be another program's on the same host, and
    is left alone; `site_url` tells which whole addresses are ours.
    """
    for way in _ways(catalog, site_url):
        if way.problem:
            yield way.finding(way.problem, way.remedy)


def check_anchors(catalog: Catalog, html_of: Html, site_url: str = "") -> Iterator[Finding]:
    """Links to a heading, or another named place, that the page does not have."""

    @cache
    def names(path: PurePosixPath) -> frozenset[str]:
        found = _ID.finditer(html_of(catalog.by_path[path]))
        return frozenset(html.unescape(name["double"] or name["single"] or "") for name in found)

    for way in _ways(catalog, site_url):
        if way.there is None or way.fragment.lower() in _ALWAYS_THERE or ":~:" in way.fragment:
            continue
        known = names(way.there.path)
        if {way.fragment, unquote(way.fragment)} & known or not html_of(way.there):
            continue
        near = difflib.get_close_matches(unquote(way.fragment), known, n=1)
        remedy = f"Did you mean `#{near[0]}`?" if near else "Mend or remove it."
        yield way.finding(f"names a place that {way.there.path} does not have.", remedy)


def _ways(catalog: Catalog, site_url: str) -> Iterator[_Way]:
    for article in catalog.articles:
        for link in catalog.links[article.path]:
            yield from _way(catalog, site_url, article, link)
        for link in prose.raw_links(article.body, article.body_line):
            yield from _way(catalog, site_url, article, link, is_raw=True)


def _way(
    catalog: Catalog, site_url: str, article: Article, link: prose.Link, *, is_raw: bool = False
) -> Iterator[_Way]:
    target = link.target
    if site_url and f"{target}/".startswith(site_url.rstrip("/") + "/"):
        target = target[len(site_url.rstrip("/")) :] or "/"
    if _SCHEME.match(target) or _TEMPLATE.search(target):
        return
    address, _, fragment = target.partition("#")
    path = unquote(address.partition("?")[0])
    if not path:
        yield _Way(article, link, article, fragment)
    elif path.startswith("/"):
        yield from _address(catalog, _Way(article, link, fragment=fragment), path)
    elif path.lower().endswith(MARKDOWN) and not is_raw:
        yield _article(catalog, _Way(article, link, fragment=fragment), path)
    else:
        yield from _beside(catalog, _Way(article, link, fragment=fragment), path, is_raw=is_raw)


def _article(catalog: Catalog, way: _Way, path: str) -> _Way:
    """A link to the file of an article, which the site turns into the address of its page."""
    source, link = way.source, way.link
    target = PurePosixPath(posixpath.normpath(source.path.parent / path))
    found = catalog.by_path.get(target)
    if found is None:
        near = _nearest(target, catalog)
        hint = posixpath.relpath(near, source.path.parent) if near else ""
        remedy = f"Did you mean `{hint}`?" if hint else "Mend or remove it."
        return _Way(source, link, problem="leads to no article.", remedy=remedy)
    return _seen(way, found)


def _seen(way: _Way, found: Article) -> _Way:
    """A link to an article, which readers of a page must be able to open."""
    if way.source.is_published and not found.is_published:
        return _Way(
            way.source,
            way.link,
            problem=f"leads to an article that readers cannot see ({found.audience}, "
            f"{found.state}).",
            remedy="Remove the link, or publish that article.",
        )
    return _Way(way.source, way.link, found, way.fragment)


def _nearest(target: PurePosixPath, catalog: Catalog) -> PurePosixPath | None:
    """The only article with the file name of `target`."""
    same = [path for path in catalog.by_path if path.name == target.name]
    return same[0] if len(same) == 1 else None


def _beside(catalog: Catalog, way: _Way, path: str, *, is_raw: bool) -> Iterator[_Way]:
    """A relative address. Raw HTML counts it from the page, Markdown from the source file.

    The site knows Markdown's links to files; what names none stays as it is, and a browser
    counts it from the page.
    """
    source = way.source
    file = PurePosixPath(posixpath.normpath(source.path.parent / path))
    if not is_raw and file in catalog.attachments:
        if source.is_published and file not in catalog.public_attachments:
            yield _Way(
                source,
                way.link,
                problem=f"leads to {file}, which is not published: it lies beside articles that "
                "readers cannot see.",
                remedy="Put the file beside an article that they can.",
            )
        return
    if not source.is_published:
        return  # it has no page to count from
    yield from _address(catalog, way, urljoin(source.url, path), is_ours=True)


def _address(catalog: Catalog, way: _Way, path: str, *, is_ours: bool = False) -> Iterator[_Way]:
    """A link to an address counted from the root of the site."""
    page = path.rstrip("/") + "/"
    if path.startswith(PERMALINKS) and page not in catalog.pages | catalog.redirects.keys():
        translations = catalog.by_id.get(ArticleId(path.removeprefix(PERMALINKS).strip("/")), {})
        shown = [article for article in translations.values() if article.is_published]
        found = (shown or [*translations.values()])[:1]
        if found:
            yield _seen(way, found[0])
            return
    there = catalog.by_url.get(page) or catalog.redirects.get(path)
    if there:
        yield _Way(way.source, way.link, there, way.fragment)
        return
    is_known = (
        page in catalog.pages or PurePosixPath(path.lstrip("/")) in catalog.public_attachments
    )
    if not is_known and (is_ours or path.split("/")[1] in catalog.top_folders):
        yield _Way(way.source, way.link, problem=_MISSING, remedy=_advice(catalog, path))


def _advice(catalog: Catalog, path: str) -> str:
    near = difflib.get_close_matches(path.rstrip("/") + "/", catalog.by_url, n=1, cutoff=0.8)
    if not near:
        return "Mend or remove it."
    return f"Did you mean {catalog.by_url[near[0]].path}?"
