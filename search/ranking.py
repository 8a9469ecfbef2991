"""Which articles match a reader's terms, best first.

BM25F: term frequencies weighted by part of the article before saturation, and one idf for a
term over all parts (Robertson and Zaragoza, "The Probabilistic Relevance Framework", 2009,
section 3.7), times the coordination: the more of the terms an article has, the better.
"""

import math
from collections import Counter
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
"""k1 and b of BM25."""

COORDINATION = 0.3
"""The part of a score that depends on the share of the terms found."""

ALL_FOUND = 1.3
"""Factor for an article that has every term."""


@dataclass(frozen=True, slots=True)
class Question:
    """What to look for in one language; `documents` is how many articles are in it."""

    base: str
    terms: Sequence[str]
    documents: int


def rank(reader: Any, questions: Iterable[Question]) -> list[tuple[int, float]]:
    """Document numbers and scores, best first; equal scores in the order of the index.

    `reader` is the engine's open index.
    """
    scores: dict[int, float] = {}
    for question in questions:
        found: Counter[int] = Counter()
        sums: dict[int, float] = {}
        for term in question.terms:
            for number, score in _term_scores(reader, question, term).items():
                found[number] += 1
                sums[number] = sums.get(number, 0.0) + score
        for number, total in sums.items():
            share = found[number] / len(question.terms)
            factor = ALL_FOUND if share == 1 else 1 - COORDINATION + COORDINATION * share
            scores[number] = total * factor
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
        # Whoosh gives None for an empty field, whatever default it is handed.
        length = reader.doc_field_length(number, body) or 0
        norm = SATURATION * (1 - LENGTH + LENGTH * length / average)
        scores[number] = rarity * frequency * (SATURATION + 1) / (frequency + norm)
    return scores


def _postings(reader: Any, field: str, term: str) -> Iterable[tuple[int, float]]:
    if (field, term) not in reader:
        return
    matcher = reader.postings(field, term)
    while matcher.is_active():
        yield matcher.id(), matcher.weight()
        matcher.next()
