"""The log of searches: each line is read, or told with its number."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from feedback import searchlog
from feedback.errors import LogUnreadable
from feedback.model import ArticleId, Opened, Search

GOOD = {
    "at": "2026-11-03T09:30:00Z",
    "lang": "en",
    "query": "money back",
    "reader": "3f2a",
    "opened": [{"article": "refund", "rank": 3, "helpful": True}],
    "refined_to": None,
}


def log(folder: Path, *lines: object) -> Path:
    path = folder / "searches.jsonl"
    written = (line if isinstance(line, str) else json.dumps(line) for line in lines)
    path.write_text("\n".join(written), encoding="utf-8")
    return path


def test_a_line_becomes_a_search(tmp_path: Path) -> None:
    searches, bad = searchlog.read(log(tmp_path, GOOD))

    assert searches == (
        Search(
            at=datetime(2026, 11, 3, 9, 30, tzinfo=UTC),
            lang="en",
            query="money back",
            reader="3f2a",
            opened=(Opened(ArticleId("refund"), 3, helpful=True),),
        ),
    )
    assert bad == ()


def test_what_became_of_a_search_may_be_left_out(tmp_path: Path) -> None:
    short = {key: GOOD[key] for key in ("at", "lang", "query", "reader")}

    searches, _ = searchlog.read(log(tmp_path, short))

    assert [(search.opened, search.refined_to) for search in searches] == [((), None)]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("nonsense", "no search: Invalid JSON"),
        ("[]", "no search: Input should be an object"),
        ("[" * 50_000, "no search: "),
        (GOOD | {"at": "2026-11-03T09:30:00"}, "`at`: input should have timezone info."),
        (GOOD | {"at": 1}, "`at`: "),
        (GOOD | {"query": ""}, "`query`: "),
        (GOOD | {"query": None}, "`query`: "),
        (GOOD | {"reader": 7}, "`reader`: "),
        (GOOD | {"opened": [{"article": "a", "rank": 0}]}, "`opened.0.rank`: "),
        (GOOD | {"opened": [{"article": "a\n", "rank": 1}]}, "`opened.0.article`: "),
        (GOOD | {"openned": []}, "`openned` is not known. Remove it"),
        (GOOD | {"query": "x" * 200_000}, "longer than 100000 bytes."),
        ('{"query": "\udce4"}', ""),
    ],
)
def test_a_bad_line_is_told_and_nothing_else_is_lost(
    line: object, said: str, tmp_path: Path
) -> None:
    path = tmp_path / "searches.jsonl"
    middle = line if isinstance(line, str) else json.dumps(line)
    rows = [json.dumps(GOOD), middle, "", json.dumps(GOOD)]
    path.write_bytes("\n".join(rows).encode("utf-8", "surrogateescape"))

    searches, bad = searchlog.read(path)

    assert len(searches) == 2
    assert [str(each).startswith(f"{path}:2: {said}") for each in bad] == [True]


def test_personal_data_is_masked_before_anything_else_sees_it(tmp_path: Path) -> None:
    line = GOOD | {"query": "mail  alice@example.org", "refined_to": "alice@example.org"}

    searches, _ = searchlog.read(log(tmp_path, line))

    assert [(each.query, each.refined_to) for each in searches] == [("mail [e-mail]", "[e-mail]")]


def test_a_byte_order_mark_and_foreign_line_ends_are_no_error(tmp_path: Path) -> None:
    path = tmp_path / "searches.jsonl"
    path.write_bytes(b"\xef\xbb\xbf" + json.dumps(GOOD).encode() + b"\r\n\r\n")

    searches, bad = searchlog.read(path)

    assert (len(searches), bad) == (1, ())


def test_a_log_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(LogUnreadable, match=r"gone\.jsonl: cannot be read: No such file"):
        searchlog.read(tmp_path / "gone.jsonl")
