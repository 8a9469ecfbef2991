"""What an agent sends of an article: its reply and a snippet, with places that must be filled.

Both are written in plain Markdown: paragraphs, lists, emphasis, links, code. `{link}` (or
`{article_link}`) is ours to fill; every other `{place}` is filled by the agent, or left out on
purpose. Nothing that still has a place can be had as text.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from html import escape

from answerloop.errors import Unfilled

_PLACE = re.compile(r"\{\s*(?P<name>[^\W\d][\w .-]{0,59}?)\s*\}")
_OURS = frozenset({"link", "article_link"})
_LINK = re.compile(r"(?<!!)\[(?P<words>[^\[\]]*)\]\((?P<address>[^()\s]*)(?:\s+\"[^\"]*\")?\)")
_OUTWARD = re.compile(r"(?:https?:|mailto:|tel:)", re.IGNORECASE)
_AUTOLINK = re.compile(r"<((?:https?:|mailto:)[^<>\s]+)>")
_IMAGE = re.compile(r"!\[(?P<words>[^\[\]]*)\]\([^()]*\)(?:\{:?[^{}]*\})?")
_NOTE = re.compile(r"\[\^[^\]]*\]|\{:[^{}]*\}")
_CODE = re.compile(r"(`+)(?P<words>.+?)\1", re.DOTALL)
_STRONG = re.compile(r"(\*\*|__)(?=\S)(?P<words>.+?)(?<=\S)\1", re.DOTALL)
_EMPHASIS = re.compile(r"(?<![\w*])(\*|_)(?=[^\s*_])(?P<words>[^*]+?)(?<=\S)\1(?![\w*])")
_ITEM = re.compile(r"(?:[-*+]|\d{1,3}[.)])\s+")
_NOT_PROSE = ("#", "!!!", "???", "|", "```", "~~~", "<", ":::", ">", "![", "===", "---", "[^")
_BRACKET = re.compile(r"([\\\[\]])")
_MARK = re.compile(r"([\\`*_\[\]<>])")
_BESIDE = r"\\\1"
_PUNCTUATION = re.compile(r"[\s,.;:!?)»”\"']")


class Format(StrEnum):
    MARKDOWN = "markdown"
    HTML = "html"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of text as it is sent, or a place by its name; never both."""

    text: str = ""
    place: str = ""


Parts = tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Link:
    """What `{link}` becomes: the title as its words."""

    title: str
    url: str

    def of(self, form: Format) -> str:
        if form is Format.HTML:
            return f'<a href="{escape(self.url)}">{escape(self.title)}</a>'
        if form is Format.MARKDOWN:
            return f"[{_BRACKET.sub(_BESIDE, self.title)}]({self.url})"
        return self.url


def places(source: str) -> tuple[str, ...]:
    """The places that an agent fills, in their order, each once."""
    found = (match["name"] for match in _PLACE.finditer(source))
    return tuple(dict.fromkeys(name for name in found if name not in _OURS))


def parts(source: str, form: Format, link: Link | None) -> Parts:
    """A reply in one format, cut at its places. Without a `link` its place is left out."""
    shown = _settled(source.strip(), is_linked=link is not None)
    if form is Format.HTML:
        shown = _html(shown)
    elif form is Format.TEXT:
        shown = _text(shown)
    return _cut(shown, form, link)


def fill(
    template: Parts,
    form: Format,
    values: Mapping[str, str],
    left_out: Collection[str] = (),
) -> str:
    """The text with its places filled. Raises Unfilled, with the names of those that are not.

    A value that has a place in it fills nothing. A blank before a place that is left out goes,
    where what comes after it would else stand apart.
    """
    filled = {name: value for name, value in values.items() if is_value(value)}
    missing = [
        part.place
        for part in template
        if part.place and part.place not in filled and part.place not in left_out
    ]
    if missing:
        raise Unfilled(tuple(dict.fromkeys(missing)))
    text = ""
    for number, part in enumerate(template):
        if not part.place:
            text += part.text
        elif part.place in left_out and part.place not in filled:
            text = _closed(text, template[number + 1 :])
        else:
            text += _written(filled[part.place], form)
    if left := places(text):  # one within another, or in a title
        raise Unfilled(left)
    return text


def is_value(value: str) -> bool:
    """Whether it can fill a place."""
    return bool(value.strip()) and not _PLACE.search(value)


def lead(body: str) -> str:
    """The first paragraph of an article, with the list that it announces; empty without one."""
    blocks = [block for block in re.split(r"\n\s*\n", body) if block.strip()]
    for number, block in enumerate(blocks):
        if block.startswith(("    ", "\t")) or block.lstrip().startswith(_NOT_PROSE):
            continue
        if _ITEM.match(block.lstrip()):
            return ""
        announces = block.rstrip().endswith(":") and number + 1 < len(blocks)
        following = blocks[number + 1] if announces else ""
        is_list = bool(_ITEM.match(following.lstrip()))
        return f"{block.strip()}\n\n{following.strip()}" if is_list else block.strip()
    return ""


def _settled(source: str, *, is_linked: bool) -> str:
    """Without pictures, notes, and links that lead nowhere from a letter."""

    def link(match: re.Match[str]) -> str:
        address = match["address"]
        place = _PLACE.fullmatch(address)
        is_kept = _OUTWARD.match(address) or (is_linked and place and place["name"] in _OURS)
        return match[0] if is_kept else match["words"]

    source = _IMAGE.sub(lambda match: match["words"], source)
    return _LINK.sub(link, _NOTE.sub("", _AUTOLINK.sub(r"\1", source)))


def _cut(shown: str, form: Format, link: Link | None) -> Parts:
    """At the places; ours are filled, as an address where one stands."""
    found: list[Part] = []
    at = 0
    text = ""
    for match in _PLACE.finditer(shown):
        text += shown[at : match.start()]
        at = match.end()
        if match["name"] not in _OURS:
            found += (
                [Part(text), Part(place=match["name"])] if text else [Part(place=match["name"])]
            )
            text = ""
        elif link is not None:
            is_address = text.endswith(('href="', "]("))
            address = escape(link.url) if form is Format.HTML else link.url
            text += address if is_address else link.of(form)
    text += shown[at:]
    return (*found, Part(text)) if text else tuple(found)


def _written(value: str, form: Format) -> str:
    value = " ".join(value.split())
    if form is Format.HTML:
        return escape(value)
    return _MARK.sub(_BESIDE, value) if form is Format.MARKDOWN else value


def _closed(text: str, following: Iterable[Part]) -> str:
    after = next((part.text for part in following if part.text), "")
    if text.endswith(" ") and (not after or _PUNCTUATION.match(after)):
        return text[:-1]
    return text


def _blocks(source: str) -> list[list[str]]:
    """The lines of each paragraph and each list."""
    found: list[list[str]] = [[]]
    for line in source.splitlines():
        if not line.strip():
            found.append([])
            continue
        starts_list = _ITEM.match(line) and found[-1] and not _ITEM.match(found[-1][0])
        if starts_list:
            found.append([])
        found[-1].append(line.strip())
    return [lines for lines in found if lines]


def _html(source: str) -> str:
    return "\n".join(_html_block(lines) for lines in _blocks(source))


def _html_block(lines: list[str]) -> str:
    if not _ITEM.match(lines[0]):
        return f"<p>{_inline('<br>'.join(map(escape, lines)))}</p>"
    name = "ol" if lines[0][0].isdigit() else "ul"
    items: list[str] = []
    for line in lines:
        if match := _ITEM.match(line):
            items.append(escape(line[match.end() :]))
        else:
            items[-1] += f" {escape(line)}"
    return f"<{name}>{''.join(f'<li>{_inline(item)}</li>' for item in items)}</{name}>"


def _inline(text: str) -> str:
    """Marks of an escaped text as elements; code is looked at first, and then no more."""
    codes: list[str] = []

    def keep(match: re.Match[str]) -> str:
        codes.append(f"<code>{match['words'].strip()}</code>")
        return f"\x00{len(codes) - 1}\x00"

    text = _CODE.sub(keep, text.replace("\x00", ""))
    text = _LINK.sub(lambda match: f'<a href="{match["address"]}">{match["words"]}</a>', text)
    text = _STRONG.sub(r"<strong>\g<words></strong>", text)
    text = _EMPHASIS.sub(r"<em>\g<words></em>", text)
    return re.sub(r"\x00(\d+)\x00", lambda match: codes[int(match[1])], text)


def _text(source: str) -> str:
    """Without marks; an address stands behind its words."""

    def link(match: re.Match[str]) -> str:
        words, address = match["words"], match["address"]
        return address if words in ("", address) else f"{words} ({address})"

    text = _CODE.sub(lambda match: match["words"], source)
    text = _LINK.sub(link, text)
    text = _STRONG.sub(r"\g<words>", text)
    return _EMPHASIS.sub(r"\g<words>", text)
