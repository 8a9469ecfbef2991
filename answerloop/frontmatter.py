"""Front matter split from the body: YAML between `---` or TOML between `+++`, with line numbers."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml
from yaml.constructor import SafeConstructor

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
# Empty lines may stand before it: what looks like front matter must never be printed as text.
_YAML = re.compile(
    r"\A\s*^---[ \t]*\n(?P<head>.*?)^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE
)
_TOML = re.compile(
    r"\A\s*^\+\+\+[ \t]*\n(?P<head>.*?)^\+\+\+[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE
)
_NOT_CLOSED = re.compile(
    r"\A\s*^(?P<mark>---|\+\+\+)[ \t]*\n(?:[ \t]*(?:#.*)?\n)*[ \t]*[\"']?[\w.-]+[\"']?[ \t]*[:=]",
    re.MULTILINE,
)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]")
_DEEPEST = 20


class FrontMatterError(Exception):
    """The front matter cannot be read; `line` counts from 1 in the whole file."""

    def __init__(self, line: int, message: str, remedy: str) -> None:
        super().__init__(message)
        self.line = line
        self.message = message
        self.remedy = remedy


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """The keys of the front matter, twice: as written, and as YAML understands them.

    `text` keeps every scalar as the author typed it (`2024` and `yes` stay words), which is what
    a title or a tag needs; `values` has YAML's own types. `lines` says where each key stands.
    """

    text: Mapping[str, Any] = field(default_factory=dict)
    values: Mapping[str, Any] = field(default_factory=dict)
    lines: Mapping[str, int] = field(default_factory=dict)


def split(source: str) -> tuple[FrontMatter, str, int]:
    """The front matter, the body, and the line on which the body begins.

    Raises FrontMatterError when the front matter cannot be read. A file without front matter is
    all body.
    """
    match = _YAML.match(source)
    if match:
        front = _read_yaml(match["head"], _line(source, match.start("head")))
    elif match := _TOML.match(source):
        front = _read_toml(match["head"], _line(source, match.start("head")))
    elif opened := _NOT_CLOSED.match(source):
        raise FrontMatterError(
            _line(source, opened.start("mark")),
            "the front matter is not closed.",
            f"Put a line with `{opened['mark']}` after the last key.",
        )
    else:
        return FrontMatter(), source, 1
    return front, source[match.end() :], _line(source, match.end())


def _line(source: str, at: int) -> int:
    return source.count("\n", 0, at) + 1


def _read_yaml(head: str, first: int) -> FrontMatter:
    """The keys of YAML whose first row is line `first` of its file."""
    _refuse_traps(head, first)
    try:
        node = yaml.compose(head, _LOADER)
    except yaml.YAMLError as problem:
        raise _explain(problem, head, first) from None
    if node is None:
        return FrontMatter()
    if not isinstance(node, yaml.MappingNode):
        raise FrontMatterError(
            first, "the front matter is not a list of keys.", "Write `key: value` on each line."
        )
    text: dict[str, Any] = {}
    values: dict[str, Any] = {}
    lines: dict[str, int] = {}
    constructor = SafeConstructor()
    for key_node, value_node in node.value:
        key = str(key_node.value)
        line = key_node.start_mark.line + first
        if key in lines:
            raise FrontMatterError(
                line, f"`{key}` stands twice, first on line {lines[key]}.", "Keep one of them."
            )
        lines[key] = line
        text[key] = _as_written(value_node)
        try:
            values[key] = constructor.construct_object(value_node, deep=True)
        except (yaml.YAMLError, ValueError, LookupError, AttributeError, TypeError):
            # `2024-02-31`, `!!bool maybe` or a tag of another tool: keep the words.
            values[key] = text[key]
    return FrontMatter(text, values, lines)


def _refuse_traps(head: str, first: int) -> None:
    """Raise FrontMatterError for what exhausts a reader: deep nesting ends the whole process.

    A value that refers to another may stand for millions of values, or for itself.
    """
    if found := _CONTROL.search(head):
        raise FrontMatterError(
            _line(head, found.start()) + first - 1,
            f"a control character (U+{ord(found[0]):04X}) in the front matter.",
            "Delete it.",
        )
    depth = 0
    try:
        for event in yaml.parse(head, _LOADER):
            line = first + (event.start_mark.line if event.start_mark else 0)
            depth += isinstance(event, yaml.CollectionStartEvent)
            depth -= isinstance(event, yaml.CollectionEndEvent)
            if depth > _DEEPEST:
                raise FrontMatterError(
                    line, "the front matter is nested too deep.", "Write plain values and lists."
                )
            if isinstance(event, yaml.AliasEvent):
                raise FrontMatterError(
                    line, f"`*{event.anchor}` refers to another value.", "Write the value out."
                )
    except yaml.YAMLError as problem:
        raise _explain(problem, head, first) from None


def _as_written(node: yaml.Node) -> Any:
    if isinstance(node, yaml.ScalarNode):
        return None if node.tag == "tag:yaml.org,2002:null" else str(node.value)
    if isinstance(node, yaml.SequenceNode):
        return [_as_written(item) for item in node.value]
    if isinstance(node, yaml.MappingNode):
        return {str(key.value): _as_written(value) for key, value in node.value}
    return None


def _explain(problem: yaml.YAMLError, head: str, first: int) -> FrontMatterError:
    mark = getattr(problem, "problem_mark", None)
    rows = head.split("\n")
    line = first + (min(mark.line, len(rows) - 1) if mark else 0)
    row = rows[line - first]
    if "\t" in row:
        return FrontMatterError(
            line, "a tab in the front matter.", "YAML indents with spaces: replace the tab."
        )
    reason = getattr(problem, "problem", None) or str(problem)
    remedy = (
        "Put the value in quotes if it holds a colon, a `#` or a quote."
        if ":" in row
        else "Compare it with the format of an article in the manual."
    )
    return FrontMatterError(line, f"YAML cannot read this: {reason}.", remedy)


def _read_toml(head: str, first: int) -> FrontMatter:
    try:
        values = tomllib.loads(head)
    except (ValueError, RecursionError) as problem:
        reason, _, place = str(problem).partition(" (at line ")
        row = int(place.partition(",")[0]) if place else 1
        raise FrontMatterError(
            first + row - 1,
            f"TOML cannot read the front matter: {reason}.",
            "Mend it, or use YAML.",
        ) from None
    lines: dict[str, int] = {}
    for number, text in enumerate(head.split("\n"), start=first):
        key = text.partition("=")[0].strip()
        if key in values:
            lines.setdefault(key, number)
    return FrontMatter({key: _stringified(value) for key, value in values.items()}, values, lines)


def _stringified(value: Any) -> Any:
    if isinstance(value, list):
        return [_stringified(item) for item in value]
    if isinstance(value, dict):
        return {key: _stringified(item) for key, item in value.items()}
    return str(value).lower() if isinstance(value, bool) else str(value)
