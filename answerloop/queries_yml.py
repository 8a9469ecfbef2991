"""`queries.yml`: what readers ask, and the article that must be found, read into values."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

import yaml

from answerloop.errors import Finding, Level

FILE_NAME = "queries.yml"
DEFAULT_RANK = 3
MAX_RANK = 50

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_KEYS = ("query", "article", "lang", "rank")
_EXAMPLE = "Write `- {query: money back, article: refund, lang: en, rank: 3}`."


@dataclass(frozen=True, slots=True)
class Expectation:
    """That `article`, an id, is among the first `rank` hits for `query`.

    Without `lang` all languages are searched, and a hit in any of them counts. `line` counts
    from 1.
    """

    query: str
    article: str
    lang: str | None = None
    rank: int = DEFAULT_RANK
    line: int = 0


class _Unreadable(Exception):  # noqa: N818  never leaves this module
    def __init__(self, line: int, message: str, remedy: str = _EXAMPLE) -> None:
        super().__init__(message)
        self.line = line
        self.message = message
        self.remedy = remedy


def read(path: Path) -> tuple[tuple[Expectation, ...], tuple[Finding, ...]]:
    """The expectations of a file, and an error for each entry that cannot be read.

    Both are empty when there is no such file.
    """
    name = PurePosixPath(path.name)
    found: list[Expectation] = []
    findings: list[Finding] = []
    try:
        nodes = list(_entries(path))
    except FileNotFoundError:
        return (), ()
    except _Unreadable as problem:
        nodes = []
        findings.append(_finding(name, problem))
    for node in nodes:
        try:
            found.append(_expectation(node))
        except _Unreadable as problem:
            findings.append(_finding(name, problem))
    return tuple(found), tuple(findings)


def _finding(name: PurePosixPath, problem: _Unreadable) -> Finding:
    return Finding(name, problem.line, Level.ERROR, problem.message, problem.remedy)


def _entries(path: Path) -> Iterator[yaml.Node]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise
    except OSError as problem:
        raise _Unreadable(0, f"cannot be read: {problem.strerror}.", "Check its rights.") from None
    except UnicodeDecodeError as problem:
        line = problem.object.count(b"\n", 0, problem.start) + 1
        raise _Unreadable(line, "not UTF-8 text.", "Save the file as UTF-8.") from None
    try:
        node = yaml.compose(text, _LOADER)
    except yaml.YAMLError as problem:
        mark = getattr(problem, "problem_mark", None)
        reason = getattr(problem, "problem", None) or str(problem).partition("\n")[0]
        raise _Unreadable(
            mark.line + 1 if mark else 0,
            f"YAML cannot read this: {reason}.",
            "Put a query in quotes if it holds a colon, a `#` or a quote.",
        ) from None
    except RecursionError:
        raise _Unreadable(0, "nested too deep.") from None
    if node is None:
        return
    if not isinstance(node, yaml.SequenceNode):
        raise _Unreadable(node.start_mark.line + 1, "this is no list of queries.")
    yield from node.value


def _expectation(node: yaml.Node) -> Expectation:
    line = node.start_mark.line + 1
    if not isinstance(node, yaml.MappingNode):
        raise _Unreadable(line, "this entry has no keys.")
    values: dict[str, str] = {}
    for key, value in node.value:
        name = str(key.value)
        at = key.start_mark.line + 1
        if name not in _KEYS:
            raise _Unreadable(at, f"`{name}` is not known.", f"Known: {', '.join(_KEYS)}.")
        if name in values:
            raise _Unreadable(at, f"`{name}` stands twice in one entry.", "Keep one of them.")
        if not isinstance(value, yaml.ScalarNode) or not value.value.strip():
            raise _Unreadable(at, f"`{name}` holds no plain value.")
        # As written: a query `no` or `2024` is words, whatever YAML takes it for.
        values[name] = value.value.strip()
    for name in ("query", "article"):
        if name not in values:
            raise _Unreadable(line, f"this entry has no `{name}`.")
    rank = _rank(values.get("rank", DEFAULT_RANK), line)
    return Expectation(values["query"], values["article"], values.get("lang"), rank, line)


def _rank(value: Any, line: int) -> int:
    try:
        rank = int(value)
    except ValueError:
        rank = 0
    if not 1 <= rank <= MAX_RANK:
        raise _Unreadable(
            line, f"`rank: {value}` is no rank.", f"Expected a whole number from 1 to {MAX_RANK}."
        )
    return rank
