"""Lines added to the `asked_as` of a Markdown file; every other byte stays as it is.

The list may be written in any way that YAML has, or be missing. Each edit is proved by reading
the article again: a file that would then say anything else but the new lines is refused.
"""

import json
import re
import tomllib
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

import yaml

from answerloop import articles, frontmatter
from answerloop.articles import Article
from answerloop.errors import ArticleError
from answerloop.languages import Languages

KEY = "asked_as"

_HEAD = re.compile(r"\A\s*^(?P<mark>---|\+\+\+)[ \t]*\n", re.MULTILINE)
_NEWLINE = re.compile(r"\r\n?|\n")
# What YAML takes for nothing but these words wherever they stand.
_PLAIN = re.compile(r"[^\W\d_](?:[\w '’/-]*\w)?")  # noqa: RUF001  the apostrophe of print is meant
_BLOCK_STYLES = ("|", ">")


class NotEditable(Exception):  # noqa: N818  named after what is the matter with the file
    """The lines cannot be added without touching something else; the message says why."""


@dataclass(frozen=True, slots=True)
class _Edit:
    """Text to put in the place of `[start:end]`."""

    start: int
    end: int
    text: str


def added(
    source: bytes, path: PurePosixPath, phrases: Sequence[str], languages: Languages
) -> bytes:
    """The bytes of a file with `phrases` at the end of its `asked_as`. Raises NotEditable."""
    text = source.decode("utf-8-sig", "replace")
    newline = found[0] if (found := _NEWLINE.search(text)) else "\n"
    crlf_ends = [match.end() for match in re.finditer("\r\n", text)]
    # As many characters less as there are pairs of CR and LF before.
    plain_ends = [end - number for number, end in enumerate(crlf_ends, start=1)]
    edits = _edits(_NEWLINE.sub("\n", text).replace("\0", "\ufffd"), phrases)
    for edit in sorted(edits, key=lambda each: -each.start):
        start, end = (place + bisect_right(plain_ends, place) for place in (edit.start, edit.end))
        text = text[:start] + edit.text.replace("\n", newline) + text[end:]
    written = source[: len(source) - len(source.removeprefix(b"\xef\xbb\xbf"))] + text.encode()
    _prove(written, source, path, (phrases, languages))
    return written


def line(article: Article) -> int:
    """Where the key stands in the file, from 1, or would be put."""
    return article.lines.get(KEY, max(1, article.body_line - 1))


def pasted(phrases: Sequence[str]) -> str:
    """The lines as a person would write them."""
    return _lines(phrases, 2, head=f"{KEY}:\n")


def _edits(plain: str, phrases: Sequence[str]) -> list[_Edit]:
    try:
        _, body, _ = frontmatter.split(plain)
    except frontmatter.FrontMatterError as problem:
        raise NotEditable(problem.message) from None
    opened = _HEAD.match(plain)
    if opened is None or len(body) == len(plain):
        return [_Edit(0, 0, _lines(phrases, 2, head=f"---\n{KEY}:\n") + "---\n")]
    closed = plain[: len(plain) - len(body)].rstrip("\n").rindex("\n") + 1
    head = plain[opened.end() : closed]
    edits = _in_toml(head, phrases) if opened["mark"] == "+++" else _in_yaml(head, phrases)
    shift = opened.end()
    return [_Edit(each.start + shift, each.end + shift, each.text) for each in edits]


def _in_yaml(head: str, phrases: Sequence[str]) -> list[_Edit]:
    try:
        # The reader in Python: its places are characters.
        node = yaml.compose(head, yaml.SafeLoader)
    except yaml.YAMLError:
        raise NotEditable("YAML cannot read the front matter.") from None
    if node is not None and (not isinstance(node, yaml.MappingNode) or node.flow_style):
        raise NotEditable("the front matter is written in braces.")
    indent = node.start_mark.column if node else 0
    for key, value in node.value if node else ():
        if key.value == KEY:
            if isinstance(value, yaml.SequenceNode):
                return [_to_sequence(head, value, phrases)]
            return _to_scalar(head, key, value, phrases)
    return [_insert(len(head), _lines(phrases, indent + 2, head=f"{' ' * indent}{KEY}:\n"))]


def _to_sequence(head: str, node: yaml.SequenceNode, phrases: Sequence[str]) -> _Edit:
    if not node.flow_style:
        end = node.value[-1].end_mark.index
        return _insert(_line_end(head, end), _lines(phrases, node.start_mark.column))
    listed = ", ".join(map(_scalar, phrases))
    if node.value:
        return _insert(node.value[-1].end_mark.index, f", {listed}")
    return _insert(head.index("[", node.start_mark.index) + 1, listed)


def _to_scalar(head: str, key: yaml.Node, node: yaml.Node, phrases: Sequence[str]) -> list[_Edit]:
    """A list in the place of nothing, or of the only phrase."""
    start, end = node.start_mark.index, node.end_mark.index
    indent = key.start_mark.column + 2
    if not isinstance(node, yaml.ScalarNode) or node.style in _BLOCK_STYLES:
        raise NotEditable(f"`{KEY}` is no list.")
    if start == end:
        return [_insert(_line_end(head, start), _lines(phrases, indent))]
    if node.tag == "tag:yaml.org,2002:null":
        return [_Edit(start, end, f"[{', '.join(map(_scalar, phrases))}]")]
    after_colon = head.index(":", key.end_mark.index) + 1
    return [
        _Edit(after_colon, start, f"\n{' ' * indent}- "),
        _insert(_line_end(head, end), _lines(phrases, indent)),
    ]


def _in_toml(head: str, phrases: Sequence[str]) -> list[_Edit]:
    listed = ", ".join(json.dumps(phrase, ensure_ascii=False) for phrase in phrases)
    values = tomllib.loads(head)
    if KEY not in values:
        return [_insert(0, f"{KEY} = [{listed}]\n")]
    for row in re.finditer(rf"^{KEY}[ \t]*=[ \t]*\[.*$", head, re.MULTILINE):
        for closing in re.finditer(r"\]", row[0]):
            before, after = row[0][: closing.start()].rstrip(), row[0][closing.start() :]
            comma = "" if before.endswith("[") else " " if before.endswith(",") else ", "
            if _read_toml(f"{before}{comma}{listed}{after}") == {KEY: [*values[KEY], *phrases]}:
                place = row.start() + len(before)
                return [_Edit(place, row.start() + closing.start(), f"{comma}{listed}")]
    raise NotEditable(f"`{KEY}` is no list on one line of TOML.")


def _read_toml(text: str) -> object:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return None


def _insert(place: int, text: str) -> _Edit:
    return _Edit(place, place, text)


def _line_end(head: str, place: int) -> int:
    """Where the next line begins; a place that begins one is its own."""
    return place if head[place - 1 : place] == "\n" else head.index("\n", place) + 1


def _lines(phrases: Sequence[str], indent: int, *, head: str = "") -> str:
    return head + "".join(f"{' ' * indent}- {_scalar(phrase)}\n" for phrase in phrases)


def _scalar(phrase: str) -> str:
    """A phrase as YAML takes it for a text, plain where that is safe."""
    is_plain = _PLAIN.fullmatch(phrase) and yaml.safe_load(phrase) == phrase
    return phrase if is_plain else json.dumps(phrase, ensure_ascii=False)


def _prove(
    written: bytes,
    source: bytes,
    path: PurePosixPath,
    expected: tuple[Sequence[str], Languages],
) -> None:
    phrases, languages = expected
    try:
        before, _ = articles.parse(source, path, languages)
        after, _ = articles.parse(written, path, languages)
    except ArticleError as problem:
        raise NotEditable(problem.finding.message) from None
    if after.asked_as != (*before.asked_as, *phrases) or _rest(after) != _rest(before):
        raise NotEditable("the lines cannot be added without changing something else.")


def _rest(article: Article) -> Article:
    return replace(article, asked_as=(), lines={}, body_line=0)
