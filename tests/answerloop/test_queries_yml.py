"""`queries.yml`: what is read, and what is said of an entry that cannot be."""

from pathlib import Path

import pytest

from answerloop import queries_yml
from answerloop.queries_yml import Expectation


def read(folder: Path, text: str | bytes) -> tuple[tuple[Expectation, ...], list[str]]:
    file = folder / "queries.yml"
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    found, findings = queries_yml.read(file)
    return found, [str(finding) for finding in findings]


def test_an_entry_names_query_article_language_and_rank(tmp_path: Path) -> None:
    found, findings = read(
        tmp_path,
        "# A comment\n"
        "- {query: money back, article: refund, lang: en, rank: 1}\n"
        "- query: 'where: is it?'\n"
        "  article: parcel\n",
    )

    assert findings == []
    assert found == (
        Expectation("money back", "refund", "en", 1, line=2),
        Expectation("where: is it?", "parcel", None, 3, line=3),
    )


def test_a_query_stays_as_it_was_typed(tmp_path: Path) -> None:
    found, _ = read(tmp_path, "- {query: no, article: a}\n- {query: 0x10, article: 007}\n")

    assert [(each.query, each.article) for each in found] == [("no", "a"), ("0x10", "007")]


@pytest.mark.parametrize("text", ["", "# nothing\n", "[]"])
def test_an_empty_file_expects_nothing(tmp_path: Path, text: str) -> None:
    assert read(tmp_path, text) == ((), [])


def test_no_file_expects_nothing(tmp_path: Path) -> None:
    assert queries_yml.read(tmp_path / "queries.yml") == ((), ())


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ("- money back", "2: error: this entry has no keys."),
        ("- {query: a}", "2: error: this entry has no `article`."),
        ("- {article: a}", "2: error: this entry has no `query`."),
        ("- {query: a, article: b, rnak: 1}", "2: error: `rnak` is not known. Known: query,"),
        ("- {query: a, article: b, query: c}", "2: error: `query` stands twice in one entry."),
        ("- {query: [a], article: b}", "2: error: `query` holds no plain value."),
        ("- {query: '', article: b}", "2: error: `query` holds no plain value."),
        ("- {query: a, article: b, rank: 0}", "2: error: `rank: 0` is no rank. Expected a whole"),
        ("- {query: a, article: b, rank: top}", "2: error: `rank: top` is no rank."),
        ("- query: a\n  article: b\n  rank: 99", "2: error: `rank: 99` is no rank."),
    ],
)
def test_a_bad_entry_is_said_with_its_line_and_the_others_count(
    tmp_path: Path, entry: str, message: str
) -> None:
    found, findings = read(tmp_path, f"- {{query: x, article: y}}\n{entry}\n")

    assert [each.query for each in found] == ["x"]
    assert len(findings) == 1
    assert findings[0].startswith(f"queries.yml:{message}")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("- {query: a\n- b: [", "queries.yml:2: error: YAML cannot read this: "),
        ("query: a\n", "queries.yml:1: error: this is no list of queries."),
        (b"- {query: a}\n- \xff", "queries.yml:2: error: not UTF-8 text."),
        ("- *x\n", "queries.yml:1: error: YAML cannot read this: found undefined alias"),
    ],
)
def test_a_file_that_cannot_be_read_is_said_with_its_line(
    tmp_path: Path, text: str | bytes, message: str
) -> None:
    found, findings = read(tmp_path, text)

    assert found == ()
    assert len(findings) == 1
    assert findings[0].startswith(message)
