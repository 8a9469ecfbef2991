"""XML as text: elements with escaped attributes, one a line where it helps a person to read."""

import re
from collections.abc import Iterable
from xml.sax.saxutils import escape, quoteattr

HEAD = '<?xml version="1.0" encoding="utf-8"?>\n'
# What XML 1.0 cannot hold, escaped or not.
_NOT_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def element(name: str, words: str = "", **attributes: str) -> str:
    """An element around `words`; attributes are named with `_` for `:` and in order."""
    given = "".join(
        f" {key.replace('_', ':')}={_quoted(value)}" for key, value in attributes.items()
    )
    said = escape(_NOT_XML.sub(" ", words))
    return f"<{name}{given}>{said}</{name}>" if words else f"<{name}{given}/>"


def around(name: str, inner: Iterable[str], **attributes: str) -> str:
    """An element around others, each on a line of its own."""
    given = "".join(
        f" {key.replace('_', ':')}={_quoted(value)}" for key, value in attributes.items()
    )
    rows = "\n".join(inner)
    return f"<{name}{given}>\n{rows}\n</{name}>"


def _quoted(value: str) -> str:
    return quoteattr(_NOT_XML.sub(" ", value))
