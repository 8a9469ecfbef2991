"""Which articles match a reader's terms, best first.

Articles with more of the terms come first; among them BM25F decides: term frequencies weighted
by part of the article before saturation, one idf for a term over all parts (Robertson and
Zaragoza, "The Probabilistic Relevance Framework", 2009, section 3.7).
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from search import schema

WEIGHTS: Mapping[str, float] = {
    "title": 8.0,
    "asked_as": 8.0,
    "headings": 3.0,
    "tags": 3.0,
    "body": 1.0,
}
SATURATION = 5.0
LENGTH = 0.6
"""k1 and b of BM25, and the weights: search.md's probe, not tuned further."""


@dataclass(frozen=True, slots=True)
class Question:
    """What to look for in one language; `documents` is how many articles are in it."""

    base: str
    terms: Sequence[str]
    documents: int


def rank(reader: Any, questions: Iterable[Question]) -> list[tuple[int, float]]:
    """Document numbers and scores, best first; equal scores in the order of the index.

    `reader` is the engine's open index. A score's whole part is the number of terms found, its
    fraction the BM25F sum s as s / (1 + s), so more terms always win.
    """
    scores: dict[int, float] = {}
    for question in questions:
        found: dict[int, int] = {}
        sums: dict[int, float] = {}
        for term in question.terms:
            for number, score in _term_scores(reader, question, term).items():
                found[number] = found.get(number, 0) + 1
                sums[number] = sums.get(number, 0.0) + score
        scores |= {number: found[number] + total / (1 + total) for number, total in sums.items()}
    return sorted(scores.items(), key=lambda item: (-item[1], item[0]))


def _term_scores(reader: Any, question: Question, term: str) -> dict[int, float]:
    frequencies: dict[int, float] = {}
    for part, weight in WEIGHTS.items():
        for number, frequency in _postings(reader, schema.field(part, question.base), term):
            frequencies[number] = frequencies.get(number, 0.0) + weight * frequency
    if not frequencies:
        return {}
    body = schema.field("body", question.base)
    average = reader.field_length(body) / question.documents or 1.0
    rarity = math.log(1 + (question.documents - len(frequencies) + 0.5) / (len(frequencies) + 0.5))
    scores: dict[int, float] = {}
    for number, frequency in frequencies.items():
        length = 1 - LENGTH + LENGTH * reader.doc_field_length(number, body, 0) / average
        scores[number] = rarity * frequency * (SATURATION + 1) / (frequency + SATURATION * length)
    return scores


def _postings(reader: Any, field: str, term: str) -> Iterable[tuple[int, float]]:
    if (field, term) not in reader:
        return
    matcher = reader.postings(field, term)
    while matcher.is_active():
        yield matcher.id(), matcher.weight()
        matcher.next()
