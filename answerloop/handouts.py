"""What a build leaves for agents of each article: its reply, its lead, an internal article's text.

Kept beside the pages, never among them; read from the disk as it is asked for, so that it takes no
memory of the service.
"""

import re
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from html import escape, unescape
from pathlib import Path, PurePosixPath
from posixpath import normpath

import nh3

from answerloop import replies
from answerloop.articles import Article
from answerloop.catalog import Catalog
from feedback.model import ArticleKey

FILE_NAME = "handouts.db"

_IMAGE = re.compile(r"<img\s[^<>]*?>", re.IGNORECASE)
_ALT = re.compile(r"\salt=\"([^\"]*)\"")
_PERMALINK = re.compile(r"<a class=\"headerlink\"[^<>]*>.*?</a>")
_HEADING = re.compile(r"(</?h)([1-5])\b")
_ADDRESS = re.compile(r"(<a\s[^<>]*?href=\")([^\"]*)(\")")
_OUTWARD = re.compile(r"[a-z][a-z0-9+.-]*:|//|#", re.IGNORECASE)
_TAGS = frozenset(
    "a abbr b blockquote br caption code dd del details dl dt em h1 h2 h3 h4 h5 h6 hr i ins kbd "  # noqa: SIM905  a list of 40 names is read better so
    "li mark ol p pre s strong sub summary sup table tbody td tfoot th thead tr u ul".split()
)
_CELL = {"colspan", "rowspan"}
_ATTRIBUTES = {
    "a": {"href"},
    "ol": {"start"},
    "td": _CELL,
    "th": {"scope", *_CELL},
    "*": {"id", "lang", "dir"},
}


@dataclass(frozen=True, slots=True)
class Handout:
    """`reply` and `lead` are Markdown; `html` is the harmless text of an internal article."""

    reply: str = ""
    lead: str = ""
    html: str = ""


def write(catalog: Catalog, render: Callable[[], Callable[[str], str]], version: Path) -> None:
    """Write those of all articles that agents may find.

    `render` gives what makes HTML of Markdown; it is asked only where there are internal articles.
    """
    html = render() if catalog.internal else None
    rows = [(one.id, one.lang, one.reply, replies.lead(one.body), "") for one in catalog.published]
    for one in catalog.internal:
        text = "" if html is None else _harmless(html(one.body), one, catalog)
        rows.append((one.id, one.lang, one.reply, "", text))
    with closing(sqlite3.connect(version / FILE_NAME)) as db, db:
        db.execute(
            "CREATE TABLE handouts (article TEXT, lang TEXT, reply TEXT, lead TEXT, html TEXT, "
            "PRIMARY KEY (article, lang)) WITHOUT ROWID"
        )
        db.executemany("INSERT INTO handouts VALUES (?, ?, ?, ?, ?)", rows)


def read(version: Path, keys: Iterable[ArticleKey]) -> dict[ArticleKey, Handout]:
    """Those of some articles; of one that has none, or of an older release's version, nothing."""
    file = version / FILE_NAME
    if not file.is_file():
        return {}
    address = f"{file.resolve().as_uri()}?mode=ro&immutable=1"
    with closing(sqlite3.connect(address, uri=True)) as db:
        return dict(_found(db, keys))


def _found(
    db: sqlite3.Connection, keys: Iterable[ArticleKey]
) -> Iterator[tuple[ArticleKey, Handout]]:
    asked = "SELECT reply, lead, html FROM handouts WHERE article = ? AND lang = ?"
    for key in keys:
        if row := db.execute(asked, (key.article, key.lang)).fetchone():
            yield key, Handout(*row)


def _harmless(html: str, article: Article, catalog: Catalog) -> str:
    """The article's HTML for a page of the desk: no pictures, no styles, its links by id."""

    def words(match: re.Match[str]) -> str:
        alt = _ALT.search(match[0])
        return escape(unescape(alt[1])) if alt else ""

    def address(match: re.Match[str]) -> str:
        return f"{match[1]}{escape(_resolved(unescape(match[2]), article, catalog))}{match[3]}"

    bare = _PERMALINK.sub("", _IMAGE.sub(words, html))
    lower = _HEADING.sub(lambda match: f"{match[1]}{int(match[2]) + 1}", bare)
    return nh3.clean(
        _ADDRESS.sub(address, lower),
        tags=set(_TAGS),
        attributes=_ATTRIBUTES,
        link_rel="noreferrer",
        url_schemes={"http", "https", "mailto", "tel"},
    )


def _resolved(address: str, article: Article, catalog: Catalog) -> str:
    """Where a link of an internal article leads, from the root of the site."""
    if _OUTWARD.match(address) or address.startswith("/"):
        return address
    path, _, anchor = address.partition("#")
    named = normpath(str(article.path.parent / path))
    target = catalog.by_path.get(PurePosixPath(named))
    if target is None:
        return f"#{anchor}"
    if target.is_published:
        return target.url + (f"#{anchor}" if anchor else "")
    return f"/desk/find/{target.lang}/{target.id}"
