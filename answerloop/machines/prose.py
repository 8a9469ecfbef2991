"""Words out of an article's HTML: its first sentences, all of its text, its steps."""

import html
import re
from html.parser import HTMLParser

_PARAGRAPH = re.compile(r"<p(?:\s[^>]*)?>(?P<words>.*?)</p>", re.DOTALL | re.IGNORECASE)
_TAG = re.compile(r"<!--.*?-->|<[^>]*>", re.DOTALL)
_UNSAID = re.compile(
    r"<(?P<tag>script|style|template|svg|h1)\b.*?</(?P=tag)\s*>"
    r"|<a\s[^>]*class=\"headerlink\"[^>]*>.*?</a>|<!--.*?-->",
    re.DOTALL | re.IGNORECASE,
)
_INLINE = frozenset(
    {"a", "abbr", "b", "cite", "code", "del", "em", "i", "ins", "kbd", "mark", "q", "s", "small"}
    | {"span", "strong", "sub", "sup", "time", "u", "var"}
)
_INLINE_TAG = re.compile(rf"</?(?:{'|'.join(sorted(_INLINE))})(?:\s[^>]*)?>", re.IGNORECASE)
_LONGEST = 200


def beginning(article: str) -> str:
    """The first paragraph that says something, of 200 characters at most, cut between words."""
    for paragraph in _PARAGRAPH.finditer(article):
        words = _squeezed(html.unescape(_TAG.sub("", paragraph["words"])))
        if words:
            return _cut(words)
    return ""


def _cut(words: str) -> str:
    if len(words) <= _LONGEST:
        return words
    # Scripts without spaces are cut where they are.
    return f"{words[:_LONGEST].rsplit(' ', 1)[0].rstrip(',;:')} …"


def text(article: str) -> str:
    """All that a reader sees of an article, in one line, without its own heading."""
    said = _INLINE_TAG.sub("", _UNSAID.sub(" ", article))
    return _squeezed(html.unescape(_TAG.sub(" ", said)))


def steps(article: str) -> tuple[str, ...]:
    """The items of the first numbered list of an article."""
    if "<ol" not in article.lower():
        return ()
    reader = _Steps()
    reader.feed(_UNSAID.sub(" ", article))
    reader.close()
    said = (_squeezed("".join(step)) for step in reader.steps)
    return tuple(step for step in said if step)


def _squeezed(words: str) -> str:
    return re.sub(r"\s+", " ", words).strip()


class _Steps(HTMLParser):
    """Collects the words of the uppermost items of the first `ol`."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.steps: list[list[str]] = []
        self._lists: list[str] = []
        self._is_over = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        if tag in ("ol", "ul"):
            self._lists.append(tag)
        elif tag == "li" and self._lists == ["ol"] and not self._is_over:
            self.steps.append([])
        self._say("" if tag in _INLINE else " ")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("ol", "ul") and self._lists:
            self._is_over |= self._lists.pop() == "ol" and not self._lists and bool(self.steps)
        self._say("" if tag in _INLINE else " ")

    def handle_data(self, data: str) -> None:
        self._say(data)

    def _say(self, words: str) -> None:
        if self.steps and self._lists[:1] == ["ol"] and not self._is_over:
            self.steps[-1].append(words)
