"""Rendered Markdown as it may stand in a page: nothing in it runs, loads or poses as the site.

Markdown lets HTML through, and attribute lists put any attribute on any element. What the usual
extensions make is left as it is, byte for byte; only a page that holds anything else is written
anew by nh3 (the HTML parser of a browser), with what is not on the lists taken out.
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from html import escape, unescape

import nh3

_NAMES = r"[A-Za-z][A-Za-z0-9:_-]*"
_TAG = re.compile(r"<!--[^<>]*?-->|<(?:[^<>\"]|\"[^\"]*\")*>")
_PLAIN_COMMENT = re.compile(r"<!--(?!-?>)[^<>-]*(?:-[^<>-]+)*-->")
_PLAIN_TAG = re.compile(
    rf"</(?P<end>[a-z][a-z0-9]*)\s*>"
    rf"|<(?P<name>[a-z][a-z0-9]*)(?P<attributes>(?:\s+{_NAMES}(?:=\"[^\"]*\")?)*)\s*/?>"
)
_ATTRIBUTE = re.compile(rf"(?P<name>{_NAMES})(?:=\"(?P<value>[^\"]*)\")?")
_SCHEME = re.compile(r"(?P<scheme>[a-z][a-z0-9+.-]*):", re.IGNORECASE)
_BLANKS = re.compile(r"[\x00-\x20\x7f-\x9f\u200b-\u200f\u2028-\u202f\ufeff]+")
_IMAGE = re.compile(r"<img\s[^<>]*?>", re.IGNORECASE)

_CONTAINER = re.compile(r"<(?P<end>/?)(?P<name>div|section|table|ul|ol|details|svg|blockquote)\b")
_UNTYPED = re.compile(r"<input(?![^>]*\stype=)[^>]*>")

_ADDRESSES = frozenset({"href", "src", "cite", "poster"})
_SCHEMES = frozenset({"http", "https", "mailto", "tel", "sms", "ftp", "irc", "xmpp", "geo"})
_TEXT = """
    a abbr address b bdi bdo big blockquote br caption center cite code col colgroup dd del details
    dfn div dl dt em figcaption figure font h1 h2 h3 h4 h5 h6 hr i ins kbd label li mark nobr ol p
    pre q rp rt ruby s samp section small span strike strong sub summary sup table tbody td tfoot
    th thead time tr tt u ul var wbr
"""
_MEDIA = "audio img input picture source track video"
_DRAWING = "circle ellipse g line path polygon polyline rect svg"
_TAGS = frozenset(f"{_TEXT} {_MEDIA} {_DRAWING}".split())
_EVERYWHERE = frozenset({"class", "id", "title", "lang", "dir", "role", "style", "hidden"})
_OWN: dict[str, frozenset[str]] = {
    name: frozenset(listed.split())
    for names, listed in {
        "a": "href name target rel hreflang download type tabindex",
        "abbr span div": "align tabindex",
        "audio video": "src controls loop muted poster preload width height playsinline",
        "blockquote del ins q": "cite datetime",
        "col colgroup": "span width align valign",
        "details": "open name",
        "font": "color size face",
        "h1 h2 h3 h4 h5 h6 p": "align",
        "img": "src srcset sizes alt width height align loading decoding border",
        "input": "type name checked disabled",
        "label": "for tabindex",
        "li": "value",
        "ol": "start type reversed",
        "ul": "type",
        "source": "src srcset sizes type media width height",
        "table": "align border cellpadding cellspacing width summary",
        "tbody tfoot thead tr": "align valign",
        "td th": "align valign colspan rowspan headers scope abbr width height nowrap",
        "time": "datetime",
        "track": "src kind label srclang default",
        "svg": "xmlns viewBox width height fill stroke aria-hidden focusable preserveAspectRatio",
        "circle ellipse g line path polygon polyline rect": "d fill fill-rule clip-rule stroke "
        "stroke-width stroke-linecap stroke-linejoin points cx cy r rx ry x y x1 x2 y1 y2 width "
        "height transform opacity",
    }.items()
    for name in names.split()
}
# Names that Material's own parts and ours go by: what carries one would pose as such a part.
_OURS = re.compile(r"data-(?:md|kb|clipboard|answerloop)\b|data-(?:api|words|contact)$")
_INNER_NAME = re.compile(r"__(?:tabbed|codelineno|span|code)_?[-_0-9A-Za-z]*")
_HARMLESS_STYLE = re.compile(
    r"\s*(?:text-align:\s*(?:left|right|center)|width:\s*\d{1,3}(?:\.\d{1,2})?%)\s*;?\s*"
)


@dataclass(frozen=True, slots=True)
class Clean:
    """HTML that may stand in a page, and what was taken out of it, as it was written."""

    html: str
    removed: tuple[str, ...] = ()


def clean(html: str) -> Clean:
    """Rendered Markdown without what could run, load from elsewhere, or pose as the site.

    Pictures that lie on other hosts become links to them.
    """
    tags = _TAG.findall(html)
    bad = tuple(sorted(tag for tag in set(tags) if not _is_harmless(tag)))
    if not bad and html.count("<") == sum(tag.count("<") for tag in tags) and _is_nested(tags):
        return Clean(html)
    written = _CLEANER.clean(_IMAGE.sub(_linked, html))
    return Clean(_UNTYPED.sub("", written), bad)


def _is_nested(tags: Iterable[str]) -> bool:
    """Whether each container is closed, and none that is not the article's own."""
    depth: dict[str, int] = defaultdict(int)
    for match in map(_CONTAINER.match, tags):
        if match:
            depth[match["name"]] += -1 if match["end"] else 1
            if depth[match["name"]] < 0:
                return False
    return not any(depth.values())


@lru_cache(maxsize=1 << 14)
def _is_harmless(tag: str) -> bool:
    """Whether a tag is written plainly and holds nothing but what is on the lists."""
    if tag.startswith("<!--"):
        return _PLAIN_COMMENT.fullmatch(tag) is not None
    match = _PLAIN_TAG.fullmatch(tag)
    if match is None:
        return False
    if match["end"]:
        return match["end"] in _TAGS
    name = match["name"]
    return name in _TAGS and all(
        _is_listed(name, each["name"])
        and _kept(name, each["name"], unescape(each["value"] or "")) is not None
        for each in _ATTRIBUTE.finditer(match["attributes"])
    )


def _is_listed(tag: str, attribute: str) -> bool:
    return (
        attribute in _EVERYWHERE
        or attribute in _OWN.get(tag, ())
        or attribute.startswith(("aria-", "data-"))
    )


def _kept(tag: str, attribute: str, value: str) -> str | None:
    """The value of a listed attribute; None where it must go."""
    if attribute in _ADDRESSES:
        return value if _is_harmless_address(tag, attribute, value) else None
    if attribute == "srcset":
        return None if "//" in value or ":" in value else value
    if attribute == "style":
        return value if _HARMLESS_STYLE.fullmatch(value) else None
    if attribute in ("id", "for", "name"):
        return value if not value.startswith("__") or _INNER_NAME.fullmatch(value) else None
    if (tag, attribute) == ("input", "type"):
        return value if value in ("checkbox", "radio") else None
    return None if _OURS.match(attribute) else value


def _is_harmless_address(tag: str, attribute: str, value: str) -> bool:
    bare = _BLANKS.sub("", value)
    scheme = _SCHEME.match(bare)
    if tag == "img" and bare.lower().startswith("data:image/"):
        return True
    if attribute in ("src", "poster"):  # fetched by the page itself
        return scheme is None and not bare.replace("\\", "/").startswith("//")
    return scheme is None or scheme["scheme"].lower() in _SCHEMES


def _linked(match: re.Match[str]) -> str:
    """A picture from another host as a link: whoever wants to see it asks that host himself."""
    values = {each["name"].lower(): each["value"] or "" for each in _ATTRIBUTE.finditer(match[0])}
    address = unescape(values.get("src", ""))
    if not re.match(r"\s*(?:https?:)?//", address, re.IGNORECASE):
        return match[0]
    words = unescape(values.get("alt", "")) or address
    return f'<a href="{escape(address.strip())}" rel="noreferrer">{escape(words)}</a>'


_CLEANER = nh3.Cleaner(
    tags=_TAGS,
    attributes={tag: _EVERYWHERE | _OWN.get(tag, frozenset()) for tag in _TAGS},
    attribute_filter=_kept,
    generic_attribute_prefixes={"aria-", "data-"},
    url_schemes=_SCHEMES | {"data"},
    link_rel=None,
    clean_content_tags=frozenset({"script", "style", "template", "noscript", "iframe", "object"}),
)
