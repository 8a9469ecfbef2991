"""`kb eval`: a judged collection or regression queries, measured from the command line."""

import json
from pathlib import Path

import pytest

from tests.answerloop.builders import built, repository, write
from tests.answerloop.builders import with_front_matter as fm
from tests.answerloop.test_command_line import failed, kb

COLLECTION = {
    "docs.jsonl": '{"id": "refund", "title": "Money back", "text": "Thirty days.", "lang": "en"}\n'
    '{"id": "parcel", "title": "Where is my parcel?", "text": "On its way.", "lang": "en"}\n',
    "queries.jsonl": '{"id": "q1", "text": "money", "lang": "en"}\n'
    '{"id": "q2", "text": "parcel money", "lang": "en", "exclude": ["refund"]}\n'
    '{"id": "q3", "text": "zebra", "lang": "en", "no_answer": true}\n',
    "qrels.tsv": "q1\trefund\t1\nq2\tparcel\t1\n",
}


@pytest.fixture
def collection(tmp_path: Path) -> Path:
    write(tmp_path / "collection", COLLECTION)
    return tmp_path / "collection"


def test_a_collection_is_measured_without_a_content_repository(
    collection: Path, tmp_path: Path
) -> None:
    done = kb(tmp_path, "eval", str(collection))

    assert done.exit_code == 0
    assert done.stderr == ""
    assert done.stdout == (
        "2 queries with an answer.\n"
        "  nDCG@10    1.000   95 % interval 1.000 to 1.000\n"
        "  MRR@10     1.000   95 % interval 1.000 to 1.000\n"
        "  recall@10  1.000   95 % interval 1.000 to 1.000\n"
        "  success@1  1.000   95 % interval 1.000 to 1.000\n"
        "1 queries without an answer.\n"
        "  nothing found for 1 (100.0%)\n"
    )
    assert not (tmp_path / "var").exists()


def test_the_figures_can_be_read_by_a_script(collection: Path, tmp_path: Path) -> None:
    told = json.loads(kb(tmp_path, "eval", "--json", str(collection)).stdout)

    assert told["means"]["nDCG@10"] == {"value": 1.0, "low": 1.0, "high": 1.0}
    assert (told["judged"], told["unjudged"], told["lost"]) == (2, 0, [])
    assert told["silent"] == {"count": 1, "total": 1}


def test_a_run_is_written_without_excluded_documents(collection: Path, tmp_path: Path) -> None:
    kb(tmp_path, "eval", str(collection), "--run", str(tmp_path / "out.run"))

    lines = (tmp_path / "out.run").read_text(encoding="utf-8").splitlines()
    assert [line.split()[:4] for line in lines] == [
        ["q1", "Q0", "refund", "1"],
        ["q2", "Q0", "parcel", "1"],
    ]


def test_only_the_queries_of_a_language_are_asked(collection: Path, tmp_path: Path) -> None:
    assert (
        "0 queries with an answer." in kb(tmp_path, "eval", str(collection), "--lang", "de").stdout
    )


def test_a_broken_collection_is_said_with_file_and_line(collection: Path, tmp_path: Path) -> None:
    write(collection, {"qrels.tsv": "q1 refund 1\n"})

    assert failed(tmp_path, "eval", str(collection)).startswith(
        f"{collection / 'qrels.tsv'}:1: 1 columns."
    )


def test_a_run_that_cannot_be_written_is_said(collection: Path, tmp_path: Path) -> None:
    said = failed(tmp_path, "eval", str(collection), "--run", str(tmp_path / "gone/out.run"))

    assert said.startswith(f"{tmp_path / 'gone/out.run'}: cannot be written")


def test_a_path_that_is_not_there_is_said(tmp_path: Path) -> None:
    assert "no such file or folder" in failed(tmp_path, "eval", "gone")


def test_regression_queries_are_asked_of_the_current_version(tmp_path: Path) -> None:
    known = repository(tmp_path, {"refund.md": fm("id: refund", "# Money back\n")})
    built(known)
    write(
        tmp_path,
        {"queries.yml": "- {query: money, article: refund}\n- {query: zebra, article: refund}\n"},
    )

    done = kb(tmp_path, "eval", "queries.yml")

    assert done.exit_code == 1
    assert "success@1  0.500" in done.stdout
    assert "1 lost:\nqueries.yml:2: error: `zebra` must find `refund`" in done.stdout


def test_regression_queries_that_hold_are_no_failure(tmp_path: Path) -> None:
    known = repository(tmp_path, {"limits.md": fm("id: limits\naudience: internal", "# Money\n")})
    built(known)
    write(tmp_path, {"queries.yml": "- {query: money, article: limits, lang: en}\n"})

    done = kb(tmp_path, "eval", "queries.yml", "--lang", "en")

    assert done.exit_code == 0
    assert "1 queries with an answer." in done.stdout


def test_regression_queries_before_the_first_build_name_the_remedy(tmp_path: Path) -> None:
    repository(tmp_path, {"a.md": "# A\n"})
    write(tmp_path, {"queries.yml": "- {query: money, article: a}\n"})

    assert "`kb build`" in failed(tmp_path, "eval", "queries.yml")
