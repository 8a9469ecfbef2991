"""Judged collections: documents, queries, and which documents answer which query.

A collection is a folder:

    docs.jsonl      {"id", "text", "title"?, "lang"?}, one document a line
    queries.jsonl   {"id", "text", "lang"?, "exclude"?: [ids], "no_answer"?: true}
    qrels.tsv       query, document and grade (a whole number; 1 and more is relevant), no header
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from search.documents import Document, Section
from search.errors import BadCollection

UNKNOWN_LANGUAGE = "und"

_DOCUMENTS, _QUERIES, _JUDGEMENTS = "docs.jsonl", "queries.jsonl", "qrels.tsv"


@dataclass(frozen=True, slots=True)
class Query:
    """What somebody asked, and the grades of the documents that were judged for it.

    `excluded` documents are dropped from a ranking before it is scored. `is_unanswerable` says
    that the collection holds no answer, and that finding nothing is right.
    """

    id: str
    text: str
    grades: Mapping[str, int] = field(default_factory=dict)
    lang: str | None = None
    excluded: frozenset[str] = frozenset()
    is_unanswerable: bool = False

    @property
    def is_judged(self) -> bool:
        return any(grade > 0 for grade in self.grades.values())


@dataclass(frozen=True, slots=True)
class Collection:
    """`warnings` name judgements that cannot count, with file and line."""

    name: str
    documents: tuple[Document, ...]
    queries: tuple[Query, ...]
    warnings: tuple[str, ...] = ()


def read(folder: Path) -> Collection:
    """The collection in a folder.

    Raises BadCollection, with file and line, for a file that is missing or broken and for an id
    that stands twice. A judgement of a document or query that does not exist is only a warning:
    collections cut down to a part keep such lines.
    """
    documents = tuple(_documents(folder / _DOCUMENTS))
    judged = _judgements(folder / _JUDGEMENTS)
    queries = tuple(_queries(folder / _QUERIES, judged))
    names = {document.id for document in documents}
    asked = {query.id for query in queries}
    warnings = [
        warning
        for query, grades in judged.items()
        for warning in _unknown(folder / _JUDGEMENTS, query, grades, (asked, names))
    ]
    return Collection(folder.resolve().name, documents, queries, tuple(warnings))


@dataclass(frozen=True, slots=True)
class _Row:
    """One object of a file, and where it stands."""

    path: Path
    line: int
    values: Mapping[str, Any]

    def text(self, key: str, default: str | None = None) -> str:
        value = self.values.get(key)
        if value is None and default is not None:
            return default
        if value is None:
            raise self.bad(f"no `{key}`", f'Add `"{key}": "…"`.')
        if not isinstance(value, str) or (key == "id" and not value.strip()):
            raise self.bad(f"`{key}` is {value!r}", "Expected a text in quotes.")
        return value

    def excluded(self) -> frozenset[str]:
        names = self.values.get("exclude") or []
        if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
            raise self.bad("`exclude` is no list of ids", 'Write `"exclude": ["id"]`.')
        return frozenset(names)

    def is_unanswerable(self) -> bool:
        value = self.values.get("no_answer", False)
        if not isinstance(value, bool):
            raise self.bad("`no_answer` is neither true nor false", "Write true or false.")
        return value

    def refuse_second(self, seen: dict[tuple[str, ...], int], *key: str) -> None:
        first = seen.setdefault(key, self.line)
        if first != self.line:
            raise self.bad(f"`{key[0]}` stands twice, first on line {first}", "Keep one of them.")

    def bad(self, problem: str, remedy: str) -> BadCollection:
        return _bad(self.path, self.line, problem, remedy)


def _documents(path: Path) -> Iterator[Document]:
    seen: dict[tuple[str, ...], int] = {}
    for row in _rows(path):
        name, lang = row.text("id"), row.text("lang", UNKNOWN_LANGUAGE)
        row.refuse_second(seen, name, lang)
        yield Document(
            id=name,
            lang=lang,
            title=row.text("title", ""),
            sections=(Section("", "", row.text("text")),),
        )


def _queries(path: Path, judged: Mapping[str, "_Grades"]) -> Iterator[Query]:
    seen: dict[tuple[str, ...], int] = {}
    for row in _rows(path):
        name, excluded = row.text("id"), row.excluded()
        row.refuse_second(seen, name)
        # What is dropped from the ranking cannot be missed in it either.
        grades = {
            document: grade
            for document, (grade, _) in judged.get(name, {}).items()
            if document not in excluded
        }
        query = Query(
            id=name,
            text=row.text("text"),
            grades=grades,
            lang=row.text("lang", "") or None,
            excluded=excluded,
            is_unanswerable=row.is_unanswerable(),
        )
        if query.is_unanswerable and query.is_judged:
            raise row.bad(
                f"`{name}` has `no_answer`, but {_JUDGEMENTS} has an answer to it",
                "Remove one of the two.",
            )
        yield query


# The grade of each judged document, and the line that says so.
_Grades = dict[str, tuple[int, int]]


def _judgements(path: Path) -> dict[str, _Grades]:
    judged: dict[str, _Grades] = {}
    for line, text in _lines(path):
        cells = text.split("\t")
        if len(cells) != 3:  # noqa: PLR2004  query, document, grade
            raise _bad(
                path,
                line,
                f"{len(cells)} columns",
                "Expected three with a tab between: query, document, grade.",
            )
        query, document, grade = (cell.strip() for cell in cells)
        try:
            number = int(grade)
        except ValueError:
            raise _bad(
                path, line, f"the grade is `{grade}`", "Expected a whole number, and no header."
            ) from None
        grades = judged.setdefault(query, {})
        if document in grades:
            raise _bad(
                path,
                line,
                f"`{document}` is judged twice for `{query}`, first on line {grades[document][1]}",
                "Keep one of them.",
            )
        grades[document] = number, line
    return judged


def _unknown(
    path: Path, query: str, grades: _Grades, known: tuple[set[str], set[str]]
) -> Iterator[str]:
    queries, documents = known
    for document, (grade, line) in grades.items():
        if query not in queries:
            yield f"{path}:{line}: no query `{query}` in {_QUERIES}; the line is ignored."
        elif document not in documents and grade > 0:
            yield (
                f"{path}:{line}: no document `{document}` in {_DOCUMENTS}; "
                "it counts as relevant and not found."
            )


def _rows(path: Path) -> Iterator[_Row]:
    for line, text in _lines(path):
        try:
            row = json.loads(text)
        except (ValueError, RecursionError) as problem:
            raise _bad(path, line, f"not JSON ({problem})", "One object a line.") from None
        if not isinstance(row, dict):
            raise _bad(path, line, "no JSON object", 'Expected `{"id": …, "text": …}`.')
        yield _Row(path, line, row)


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    """The lines that hold something, numbered from 1."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as problem:
        raise BadCollection(
            f"{path}: cannot be read: {problem.strerror}. A judged collection is a folder with "
            f"{_DOCUMENTS}, {_QUERIES} and {_JUDGEMENTS}."
        ) from None
    except UnicodeDecodeError as problem:
        line = problem.object.count(b"\n", 0, problem.start) + 1
        raise _bad(path, line, "not UTF-8 text", "Save the file as UTF-8.") from None
    # Not splitlines(): JSON may hold a line separator of Unicode inside a text.
    for line, each in enumerate(text.split("\n"), start=1):
        if each.strip():
            yield line, each


def _bad(path: Path, line: int, problem: str, remedy: str) -> BadCollection:
    return BadCollection(f"{path}:{line}: {problem}. {remedy}")
