"""A log of settled searches, one a line as JSON, read into values.

    {"at": "2026-11-03T09:30:00Z", "lang": "en", "query": "money back", "reader": "3f2a",
     "opened": [{"article": "refund", "rank": 3, "helpful": true}], "refined_to": null}

A line that cannot be read is told with its number, and nothing else is lost.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, BinaryIO

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from feedback import redaction
from feedback.columns import ID_LENGTH
from feedback.errors import LogUnreadable
from feedback.model import ArticleId, Opened, Search

LONGEST_LINE = 100_000
"""Bytes of a line that are read."""

_PLAIN = r"^[^\x00-\x1f\x7f]*$"

_Text = Annotated[str, Field(min_length=1, max_length=redaction.LIMIT)]


class OpenedLine(BaseModel):
    """An article opened from the hits."""

    model_config = ConfigDict(extra="forbid", strict=True)

    article: str = Field(min_length=1, max_length=ID_LENGTH, pattern=_PLAIN)
    rank: int = Field(ge=1, le=100_000, description="Its place among the hits, from 1.")
    helpful: bool | None = Field(None, description="The reader's vote on it, if there was one.")


class SearchLine(BaseModel):
    """One settled search."""

    model_config = ConfigDict(extra="forbid", strict=True)

    at: AwareDatetime = Field(description="When it was asked, with the time zone.")
    lang: str = Field(min_length=1, max_length=35, pattern=_PLAIN)
    query: _Text
    reader: str = Field(min_length=1, max_length=128, description="The same for one reader.")
    opened: tuple[OpenedLine, ...] = Field((), max_length=1_000)
    refined_to: _Text | None = None


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line that could not be read; `line` counts from 1."""

    path: Path
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message}"


def read(path: Path) -> tuple[tuple[Search, ...], tuple[BadLine, ...]]:
    """The searches of a file in its order, and what is wrong with the other lines.

    Personal data of known forms is masked, whether or not the log's writer did. Raises
    LogUnreadable when there is no such file, or none that can be read.
    """
    searches: list[Search] = []
    bad: list[BadLine] = []
    try:
        with path.open("rb") as stream:
            for number, line in _lines(stream):
                try:
                    searches.append(_search(line))
                except ValueError as problem:
                    bad.append(BadLine(path, number, _reason(problem)))
    except OSError as problem:
        raise LogUnreadable(
            f"{path}: cannot be read: {problem.strerror}. Expected a file with one search a line."
        ) from None
    return tuple(searches), tuple(bad)


def _lines(stream: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """The lines that hold something, none read further than it may be long."""
    number = 0
    while line := stream.readline(LONGEST_LINE + 1):
        number += 1
        rest = line
        while len(rest) > LONGEST_LINE and not rest.endswith(b"\n"):
            rest = stream.readline(LONGEST_LINE + 1)
        if number == 1:
            line = line.removeprefix(b"\xef\xbb\xbf")
        if line.strip():
            yield number, line


def _search(line: bytes) -> Search:
    if len(line) > LONGEST_LINE:
        raise ValueError(f"longer than {LONGEST_LINE} bytes. Expected one search a line.")
    read = SearchLine.model_validate_json(line)
    return Search(
        at=read.at,
        lang=read.lang,
        query=_told(read.query),
        reader=read.reader,
        opened=tuple(
            Opened(ArticleId(each.article), each.rank, each.helpful) for each in read.opened
        ),
        refined_to=None if read.refined_to is None else _told(read.refined_to),
    )


def _told(query: str) -> str:
    return redaction.redact(" ".join(query.split())).text


def _reason(problem: ValueError) -> str:
    if not isinstance(problem, ValidationError):
        return str(problem)
    first = problem.errors(include_url=False, include_input=False)[0]
    where = ".".join(str(part) for part in first["loc"])
    said = first["msg"].rstrip(".")
    if first["type"] == "extra_forbidden":
        return f"`{where}` is not known. Remove it, or write it as the manual does."
    if not where:
        return f"no search: {said}. Expected one JSON object a line."
    return f"`{where}`: {said[:1].lower()}{said[1:]}."
