"""Front matter split from the body: YAML between `---` or TOML between `+++`, with line numbers."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml
from yaml.constructor import SafeConstructor

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_YAML = re.compile(
    r"\A---[ \t]*\n(?P<head>.*?)^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE
)
_TOML = re.compile(r"\A\+\+\+[ \t]*\n(?P<head>.*?)^\+\+\+[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)


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
        front = _read_yaml(match["head"])
    elif match := _TOML.match(source):
        front = _read_toml(match["head"])
    elif re.match(r"\A---[ \t]*\n\s*[\w-]+:", source):
        raise FrontMatterError(
            1, "the front matter is not closed.", "Put a line with `---` after the last key."
        )
    else:
        return FrontMatter(), source, 1
    return front, source[match.end() :], source.count("\n", 0, match.end()) + 1


def _read_yaml(head: str) -> FrontMatter:
    try:
        node = yaml.compose(head, _LOADER)
    except yaml.YAMLError as problem:
        raise _explain(problem, head) from None
    if node is None:
        return FrontMatter()
    if not isinstance(node, yaml.MappingNode):
        raise FrontMatterError(
            2, "the front matter is not a list of keys.", "Write `key: value` on each line."
        )
    text: dict[str, Any] = {}
    values: dict[str, Any] = {}
    lines: dict[str, int] = {}
    constructor = SafeConstructor()
    for key_node, value_node in node.value:
        key = str(key_node.value)
        line = key_node.start_mark.line + 2
        if key in lines:
            raise FrontMatterError(
                line, f"`{key}` stands twice, first on line {lines[key]}.", "Keep one of them."
            )
        lines[key] = line
        text[key] = _as_written(value_node)
        try:
            values[key] = constructor.construct_object(value_node, deep=True)
        except (yaml.YAMLError, ValueError):
            values[key] = text[key]  # `2024-02-31` or a tag of another tool: keep the words
    return FrontMatter(text, values, lines)


def _as_written(node: yaml.Node) -> Any:
    if isinstance(node, yaml.ScalarNode):
        return None if node.tag == "tag:yaml.org,2002:null" else str(node.value)
    if isinstance(node, yaml.SequenceNode):
        return [_as_written(item) for item in node.value]
    if isinstance(node, yaml.MappingNode):
        return {str(key.value): _as_written(value) for key, value in node.value}
    return None


def _explain(problem: yaml.YAMLError, head: str) -> FrontMatterError:
    mark = getattr(problem, "problem_mark", None)
    line = mark.line + 2 if mark else 2
    row = head.splitlines()[line - 2] if mark and mark.line < len(head.splitlines()) else ""
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


def _read_toml(head: str) -> FrontMatter:
    try:
        values = tomllib.loads(head)
    except tomllib.TOMLDecodeError as problem:
        raise FrontMatterError(
            2, f"TOML cannot read the front matter: {problem}.", "Mend it, or use YAML."
        ) from None
    lines: dict[str, int] = {}
    for number, row in enumerate(head.splitlines(), start=2):
        key = row.partition("=")[0].strip()
        if key in values:
            lines.setdefault(key, number)
    return FrontMatter({key: _stringified(value) for key, value in values.items()}, values, lines)


def _stringified(value: Any) -> Any:
    if isinstance(value, list):
        return [_stringified(item) for item in value]
    if isinstance(value, dict):
        return {key: _stringified(item) for key, item in value.items()}
    return str(value).lower() if isinstance(value, bool) else str(value)
