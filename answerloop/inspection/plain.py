"""What a file of the output says in words, whatever form it has: page, feed, JSON, text.

Marks are taken away and escapes undone, so that a sentence reads alike in all of them. Nothing is
parsed strictly: a file that is no valid JSON may leak as well as another.
"""

import gzip
import re
import zlib
from html import unescape
from io import BytesIO
from urllib.parse import unquote

from answerloop.inspection import shingles

_LARGEST = 64 * 1024 * 1024
_PACKED = (".gz",)
# What holds no words that a search for words could find; a canary is looked for all the same.
_WORDLESS = (
    *(".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif", ".ico", ".woff", ".woff2", ".ttf"),
    *(".otf", ".eot", ".mp3", ".mp4", ".webm", ".ogg", ".pdf", ".zip", ".br", ".zst", ".map"),
)
_ESCAPED = re.compile(r"\\(?:u(?P<code>[0-9a-fA-F]{4})|(?P<mark>[nrtbf/\"\\]))")
_TAG = re.compile(r"<[^<>]*>|<!\[CDATA\[|\]\]>")
_VALUE = re.compile(r"=\s*(?:\"(?P<double>[^\"<>]*\s[^\"<>]*)\"|'(?P<single>[^'<>]*\s[^'<>]*)')")
_TARGET = re.compile(r"\]\([^()\s]*\)|\]\[[^\]\n]*\]")


def unpacked(name: str, content: bytes) -> tuple[str, bytes]:
    """The file that a compressed one holds, by its name and content; any other as it is."""
    if not name.endswith(_PACKED):
        return name, content
    try:
        with gzip.open(BytesIO(content)) as stream:
            return name.rpartition(".")[0], stream.read(_LARGEST)
    except (OSError, EOFError, zlib.error):
        return name, content


def text(name: str, content: bytes) -> str:
    """The words of a file with little between them; empty for pictures, fonts and the like."""
    if name.lower().endswith(_WORDLESS):
        return ""
    said = content.decode("utf-8", "replace")
    if "\\" in said:
        said = _ESCAPED.sub(_meant, said)
    if "%20" in said:
        said = unquote(said)
    said = _without_tags(said)
    if "&" in said:
        said = unescape(said)
        if "<" in said:  # a feed escapes the pages that it carries
            said = unescape(_without_tags(said))
    return said


def of_markdown(source: str) -> str:
    """The words of Markdown as its page would show them."""
    return unescape(_TAG.sub(" ", _TARGET.sub("] ", source)))


def _without_tags(said: str) -> str:
    """The words between tags, then those inside of them (`alt`, `title`, `content`)."""
    values = [match["double"] or match["single"] for match in _VALUE.finditer(said)]
    bare = _TAG.sub(shingles.EDGE, said) if "<" in said else said
    bare = _TARGET.sub("] ", bare) if "](" in bare else bare
    return "\n".join([bare, *values])


def _meant(match: re.Match[str]) -> str:
    if match["code"]:
        return chr(int(match["code"], 16))
    return match["mark"] if match["mark"] in '"/\\' else " "
