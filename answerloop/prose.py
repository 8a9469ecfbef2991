"""Markdown as its author wrote it: headings and links, with code and comments left out.

Reads without rendering: `kb check` looks at every article, and a title is needed before any page.
"""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass

_FENCE = re.compile(r"^[ \t>]*(?:(?:[-*+]|\d+[.)])[ \t]+)?(?P<mark>`{3,}|~{3,})(?P<rest>.*)$")
# What owns the indented rows below it: list items, admonitions, tabs, definitions, footnotes.
_OWNER = re.compile(r"^(?:[-*+:]|\d+[.)]|!!!|\?\?\?|===|\[\^)")
_INLINE_CODE = re.compile(
    r"(?<![`\\])(?P<tick>`+)(?!`)(?:(?!\n[ \t]*\n).)*?(?<!`)(?P=tick)(?!`)", re.DOTALL
)
_RAW = re.compile(
    r"<!--.*?-->|<(?P<tag>pre|script|style)\b.*?</(?P=tag)>", re.DOTALL | re.IGNORECASE
)
_LINK = re.compile(
    r"\]\(\s*(?:<(?P<angled>[^<>\n]+)>|(?P<inline>[^\s()<>]+))"
    r"|^ {0,3}\[(?!\^)[^\]\n]+\]:\s*<?(?P<reference>[^\s<>]+)",
    re.MULTILINE,
)
_TOP_HEADING = re.compile(
    r"^ {0,3}#[ \t]+(?P<words>\S.*?)(?:[ \t]+#+)?[ \t]*$"
    r"|^(?!\s|[>#-])(?P<underlined>.*\S)[ \t]*\n=+[ \t]*$",
    re.MULTILINE,
)


_RAW_LINK = re.compile(
    r"<(?:a|img|source|video|audio)\b[^>]*?\s(?:href|src)\s*=\s*"
    r"""(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)')""",
    re.IGNORECASE,
)
_AUTOLINK = re.compile(r"<(?P<address>https?://[^<>\s]+)>", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Link:
    """A link as written; `line` is that of the file."""

    target: str
    line: int


def links(body: str, first_line: int) -> Iterator[Link]:
    """The links of Markdown whose first row is line `first_line` of its file."""
    if "](" not in body and "]:" not in body:
        return
    text = _blanked(_INLINE_CODE, without_code_blocks(body))
    for match in _LINK.finditer(text):
        target = match["angled"] or match["inline"] or match["reference"]
        yield Link(target, first_line + text.count("\n", 0, match.start()))


def raw_links(body: str, first_line: int) -> Iterator[Link]:
    """The links of raw HTML and those in angle brackets, which stay as they are on the page."""
    if "<" not in body:
        return
    text = _blanked(_INLINE_CODE, without_code_blocks(body))
    for match in (*_RAW_LINK.finditer(text), *_AUTOLINK.finditer(text)):
        groups = match.groupdict()
        said = groups.get("address") or groups.get("double") or groups.get("single") or ""
        yield Link(html.unescape(said).strip(), first_line + text.count("\n", 0, match.start()))


def first_heading(body: str) -> str:
    """The words of the first heading of the first level, empty when there is none."""
    match = _TOP_HEADING.search(without_code_blocks(body))
    return _plain(match["words"] or match["underlined"]) if match else ""


def without_code_blocks(body: str) -> str:
    """Markdown with as many rows, those of code, comments and raw HTML blocks empty.

    A fence that nothing closes reaches to the end.
    """
    kept: list[str] = []
    fence, owned, was_code = "", False, True
    for row in body.split("\n"):
        mark = _FENCE.match(row)
        if fence:
            if mark and mark["mark"].startswith(fence) and not mark["rest"].strip():
                fence = ""
            row = ""  # noqa: PLW2901  what is kept of the row
        elif mark and not (mark["mark"][0] == "`" and "`" in mark["rest"]):
            fence, row = mark["mark"], ""  # noqa: PLW2901  the same
        elif row.startswith(("    ", "\t")) and was_code and not owned:
            row = ""  # noqa: PLW2901  the same
        elif row.strip() and not row.startswith(("    ", "\t")):
            owned = _OWNER.match(row.lstrip()) is not None or (owned and row.startswith(" "))
        was_code = not row.strip()  # an indented row is code only after an empty one, or code
        kept.append(row)
    return _blanked(_RAW, "\n".join(kept))


def _blanked(pattern: re.Pattern[str], text: str) -> str:
    return pattern.sub(lambda match: "\n" * match[0].count("\n"), text)


def _plain(words: str) -> str:
    """Words without Markdown's marks, as a page shows them."""
    words = re.sub(r"\s*\{[#:.][^}]*\}\s*$", "", words)
    words = re.sub(r"!?\[(?P<words>[^\]]*)\](?:\([^)]*\)|\[[^\]]*\])", r"\g<words>", words)
    words = re.sub(r"<[^>]+>|`", "", words)
    words = re.sub(r"(?P<mark>\*{1,3})(?=\S)(?P<words>.+?)(?<=\S)(?P=mark)", r"\g<words>", words)
    words = re.sub(
        r"(?<!\w)(?P<mark>_{1,3})(?=\S)(?P<words>.+?)(?<=\S)(?P=mark)(?!\w)", r"\g<words>", words
    )
    return html.unescape(re.sub(r"\\(?P<mark>[!-/:-@\[-`{-~])", r"\g<mark>", words)).strip()
