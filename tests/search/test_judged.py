"""Judged collections: what is read, and what is said of a broken file."""

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from search import judged
from search.errors import BadCollection
from search.judged import Collection

DOCUMENT = {"id": "d1", "title": "Money back", "text": "Within 30 days.", "lang": "en"}
QUERY = {"id": "q1", "text": "refund", "lang": "en"}


def collection(
    folder: Path,
    documents: Sequence[object] | str = (),
    queries: Sequence[object] | str = (),
    judgements: str = "",
) -> Path:
    """A collection with these lines; objects are written as JSON."""
    for name, lines in (("docs.jsonl", documents), ("queries.jsonl", queries)):
        text = lines if isinstance(lines, str) else "\n".join(map(json.dumps, lines))
        (folder / name).write_text(text, encoding="utf-8")
    (folder / "qrels.tsv").write_text(judgements, encoding="utf-8")
    return folder


def refused(folder: Path) -> str:
    with pytest.raises(BadCollection) as problem:
        judged.read(folder)
    return str(problem.value).removeprefix(f"{folder}/")


def read(folder: Path, queries: list[object], judgements: str = "") -> Collection:
    return judged.read(collection(folder, [DOCUMENT], queries, judgements))


def test_documents_queries_and_grades_are_read(tmp_path: Path) -> None:
    found = read(tmp_path, [QUERY], "q1\td1\t2\n")

    (document,), (query,) = found.documents, found.queries
    assert (document.id, document.lang, document.title) == ("d1", "en", "Money back")
    assert [section.text for section in document.sections] == ["Within 30 days."]
    assert (query.text, query.lang, query.grades) == ("refund", "en", {"d1": 2})
    assert (query.is_judged, query.is_unanswerable, found.warnings) == (True, False, ())


def test_a_title_and_a_language_may_be_missing(tmp_path: Path) -> None:
    folder = collection(tmp_path, [{"id": "d1", "text": "a"}], [{"id": "q1", "text": "a"}])

    found = judged.read(folder)

    assert (found.documents[0].title, found.documents[0].lang) == ("", "und")
    assert found.queries[0].lang is None


def test_an_excluded_document_is_not_missed(tmp_path: Path) -> None:
    found = read(tmp_path, [QUERY | {"exclude": ["d1"]}], "q1\td1\t1\n")

    assert found.queries[0].excluded == {"d1"}
    assert not found.queries[0].is_judged


def test_a_query_without_an_answer_is_marked(tmp_path: Path) -> None:
    found = read(tmp_path, [QUERY | {"no_answer": True}])

    assert found.queries[0].is_unanswerable


def test_a_line_separator_inside_a_text_ends_no_line(tmp_path: Path) -> None:
    row = json.dumps(DOCUMENT | {"text": "one\u2028two"}, ensure_ascii=False)

    found = judged.read(collection(tmp_path, f"{row}\r\n\r\n", [QUERY]))

    assert found.documents[0].sections[0].text == "one\u2028two"


def test_judgements_of_what_is_not_there_are_told(tmp_path: Path) -> None:
    found = read(tmp_path, [QUERY], "q1\tgone\t1\nq9\td1\t1\n")

    assert [warning.removeprefix(f"{tmp_path}/") for warning in found.warnings] == [
        "qrels.tsv:1: no document `gone` in docs.jsonl; it counts as relevant and not found.",
        "qrels.tsv:2: no query `q9` in queries.jsonl; the line is ignored.",
    ]


def test_a_missing_file_is_said_with_what_a_collection_is(tmp_path: Path) -> None:
    message = refused(tmp_path)

    assert message.startswith("docs.jsonl: cannot be read: No such file or directory.")
    assert "a folder with docs.jsonl, queries.jsonl and qrels.tsv" in message


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{", "not JSON ("),
        ("[1]", "no JSON object."),
        ('{"text": "a"}', "no `id`."),
        ('{"id": " ", "text": "a"}', "`id` is ' '."),
        ('{"id": 7, "text": "a"}', "`id` is 7."),
        ('{"id": "x"}', "no `text`."),
        ('{"id": "d1", "text": "a", "lang": "en"}', "`d1` stands twice, first on line 1."),
    ],
)
def test_a_broken_document_is_said_with_its_line(tmp_path: Path, line: str, message: str) -> None:
    collection(tmp_path, f"{json.dumps(DOCUMENT)}\n{line}\n", [QUERY])

    assert refused(tmp_path).startswith(f"docs.jsonl:2: {message}")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"exclude": "d1"}, "`exclude` is no list of ids."),
        ({"no_answer": "yes"}, "`no_answer` is neither true nor false."),
        ({"no_answer": True}, "`q1` has `no_answer`, but qrels.tsv has an answer to it."),
    ],
)
def test_a_broken_query_is_said_with_its_line(
    tmp_path: Path, change: dict[str, object], message: str
) -> None:
    collection(tmp_path, [DOCUMENT], [QUERY | change], "q1\td1\t1\n")

    assert refused(tmp_path).startswith(f"queries.jsonl:1: {message}")


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("q1 d1 1", "1 columns."),
        ("query\tdocument\tgrade", "the grade is `grade`. Expected a whole number, and no header."),
        ("q1\td1\t2", "`d1` is judged twice for `q1`, first on line 1."),
    ],
)
def test_a_broken_judgement_is_said_with_its_line(tmp_path: Path, line: str, message: str) -> None:
    collection(tmp_path, [DOCUMENT], [QUERY], f"q1\td1\t1\n{line}\n")

    assert refused(tmp_path).startswith(f"qrels.tsv:2: {message}")


def test_bytes_that_are_no_text_are_said_with_their_line(tmp_path: Path) -> None:
    collection(tmp_path, [DOCUMENT], [QUERY])
    (tmp_path / "docs.jsonl").write_bytes(b'{"id": "a", "text": "b"}\n\xff\n')

    assert refused(tmp_path).startswith("docs.jsonl:2: not UTF-8 text.")
