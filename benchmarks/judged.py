"""Judged collections: articles, queries, and which articles answer which query."""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from search.documents import Document, Section


@dataclass(frozen=True, slots=True)
class Query:
    """`grades` by article; `excluded` articles are dropped from a ranking before it is scored."""

    text: str
    grades: Mapping[str, int]
    excluded: frozenset[str]


@dataclass(frozen=True, slots=True)
class Collection:
    """A folder with `docs.jsonl`, `queries.jsonl` and `qrels.tsv`, in one language.

    `unanswered` are the queries for which it has no article.
    """

    name: str
    lang: str
    documents: Sequence[Document]
    queries: Sequence[Query]
    unanswered: Sequence[Query]


def read(folder: Path) -> Collection:
    rows = _lines(folder / "docs.jsonl")
    grades: dict[str, dict[str, int]] = {}
    for line in (folder / "qrels.tsv").read_text(encoding="utf-8").splitlines():
        query, document, grade = line.split("\t")
        grades.setdefault(query, {})[document] = int(grade)
    queries: list[Query] = []
    unanswered: list[Query] = []
    for row in _lines(folder / "queries.jsonl"):
        asked = Query(row["text"], grades.get(row["id"], {}), frozenset(row.get("exclude", ())))
        (queries if asked.grades else unanswered).append(asked)
    documents = [
        Document(
            id=row["id"],
            lang=row["lang"],
            title=row["title"],
            sections=(Section("", "", row["text"]),),
        )
        for row in rows
    ]
    return Collection(folder.name, rows[0]["lang"], documents, queries, unanswered)


def _lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def gain(ranked: Sequence[str], query: Query, *, depth: int = 10) -> float:
    """The nDCG (Järvelin and Kekäläinen 2002, gain 2^grade - 1) of a ranking."""
    kept = [name for name in ranked if name not in query.excluded][:depth]
    ideal = sorted(query.grades.values(), reverse=True)[:depth]
    best = _discounted(ideal)
    return _discounted([query.grades.get(name, 0) for name in kept]) / best if best else 0.0


def _discounted(grades: Sequence[int]) -> float:
    return math.fsum((2**grade - 1) / math.log2(place + 2) for place, grade in enumerate(grades))
