"""The text of an article as the desk shows it: read here, its links leading on to the desk."""

import posixpath
import re
from collections.abc import Mapping
from functools import lru_cache
from html import unescape
from urllib.parse import unquote

import nh3
from flask import url_for
from markupsafe import Markup

from answerloop.published import Entry
from answerloop.rendering import Renderer

_EXTENSIONS = ("tables", "fenced_code", "sane_lists", "def_list", "admonition", "footnotes")
_TEXT = """
    a abbr b bdi bdo blockquote br caption cite code col colgroup dd del dfn div dl dt em
    figcaption figure h2 h3 h4 h5 h6 hr i ins kbd li mark ol p pre q s samp small span strong sub
    sup table tbody td tfoot th thead time tr u ul var
"""
_CLEANER = nh3.Cleaner(
    tags=set(_TEXT.split()),
    attributes={
        "*": {"lang", "dir"},
        "a": {"href"},
        "ol": {"start", "reversed"},
        "td": {"colspan", "rowspan"},
        "th": {"colspan", "rowspan", "scope"},
    },
    url_schemes={"http", "https", "mailto", "tel", "sms"},
    link_rel="noreferrer",
    clean_content_tags={"script", "style", "template", "noscript", "iframe", "object", "svg"},
)
_IMAGE = re.compile(r"<img\b[^>]*?\balt=\"([^\"]*)\"[^>]*>", re.IGNORECASE)
_FIRST_HEADING = re.compile(r"\A\s*#\s[^\n]*\n")
_LINK = re.compile(r"(<a\s[^>]*?href=\")([^\"#]*)(#[^\"]*)?(\")")
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:|//", re.IGNORECASE)


def show(text: str, file: str, by_path: Mapping[str, Entry]) -> Markup:
    """The text that a build told, title first, as HTML in which nothing runs, loads or has looks.

    Pictures are their words. `file` is the article's own, `by_path` are all articles by theirs:
    links to them lead to their pages in the desk.
    """
    _, _, body = text.partition("\n")

    def leading_on(match: re.Match[str]) -> str:
        address, rest = unescape(match[2]), match[3] or ""
        if not address or address.startswith("/") or _SCHEME.match(address):
            return match[0]
        path = posixpath.normpath(posixpath.join(posixpath.dirname(file), unquote(address)))
        there = by_path.get(path)
        if there is None:
            return match[0]
        return f'{match[1]}{url_for("desk.article", lang=there.lang, article=there.id)}{rest}"'

    return Markup(_LINK.sub(leading_on, _html(body)))  # noqa: S704  cleaned of all that could run


@lru_cache(maxsize=256)
def _html(body: str) -> str:
    # A converter of its own: one is not safe for use by several threads at once.
    rendered = Renderer(_EXTENSIONS, {}).html(_FIRST_HEADING.sub("", body))
    return _CLEANER.clean(_IMAGE.sub(r"<em>\1</em>", rendered))
