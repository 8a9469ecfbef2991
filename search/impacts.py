"""Finished scores: for each term the articles that have it and what it is worth in each.

The formula is BM25F (Robertson and Zaragoza, "The Probabilistic Relevance Framework", 2009,
section 3.7) in two streams. An article's *head* is its title, the requestors' phrases, headings
and tags, weighted before they saturate; its *body* saturates by itself, so that a long text
cannot drown a title. One idf for a term over all parts:

    score = prior * idf * (HEAD * sat(head, k_head, title) + sat(body, k_body, body))
    sat(f, k, length) = f * (k + 1) / (f + k * (1 - b + b * length / average length))
    idf = ln(1 + (N - n + 0.5) / (n + 0.5))

It is computed when a version is built, so a search only adds up. The constants come from
`benchmarks/relevance.py --tune`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Self

import numpy as np

from search import answering
from search.arrays import Array
from search.postings import Part, Postings
from search.vocabulary import Grouping

_CHUNK = 4_000_000
"""Postings expanded at a time; bounds the memory of a build."""


@dataclass(frozen=True, slots=True)
class Formula:
    """The constants of the ranking."""

    parts: Mapping[str, float] = field(
        default_factory=lambda: {"title": 1.0, "asked_as": 1.0, "headings": 0.4, "tags": 0.4}
    )
    """What a word in each part of the head counts."""

    head: float = 2.0
    """What a head is worth beside a body."""

    head_saturation: float = 0.6
    head_length: float = 0.8
    body_saturation: float = 2.0
    body_length: float = 0.8
    """k and b of the two streams."""

    stems: float = 3.0
    pairs: float = 2.0
    """What a stem, and two neighbours in a title, are worth beside a gram."""

    stop_words: float = 0.4
    """What a stop word is worth in a question that has other words."""

    whole: float = 0.3
    """What a title or phrase that says the very same as the question adds, of the best score."""

    prior: float = 0.05
    """How far an article's prior can move its score."""

    enough: float = answering.ENOUGH
    """Below this share of what a question is worth nothing is found; see `search.answering`."""


FORMULA = Formula()


@dataclass(frozen=True, slots=True)
class Impacts:
    """The postings of term t: `documents[at[t] : at[t + 1]]` and their `scores`."""

    at: Array
    documents: Array
    scores: Array

    def add(self, term: int, scores: Array) -> None:
        """Add what a term is worth to the scores of all articles."""
        here = slice(self.at[term], self.at[term + 1])
        # The fastest of five ways tried, and one that raises for a number out of range.
        np.add.at(scores, self.documents[here].astype(np.intp), self.scores[here])

    def arrays(self, kind: str) -> dict[str, Array]:
        return {
            f"{kind}_at": self.at,
            f"{kind}_documents": self.documents,
            f"{kind}_scores": self.scores,
        }

    @classmethod
    def of(cls, arrays: Mapping[str, Array], kind: str) -> Self:
        return cls(*(arrays[f"{kind}_{each}"] for each in ("at", "documents", "scores")))


@dataclass(frozen=True, slots=True)
class Streams:
    """Each document's part of the formula: k times the length norm of each stream, the prior."""

    head: Array
    body: Array
    prior: Array


def streams(postings: Postings, priors: Sequence[float], formula: Formula) -> Streams:
    count = postings.documents

    def norm(part: str, saturation: float, length: float) -> Array:
        of = postings.parts[part]
        lengths = np.bincount(of.document, weights=of.count, minlength=count)
        average = lengths.mean() if lengths.any() else 1.0
        scaled: Array = saturation * (1 - length + length * lengths / average)
        return scaled

    return Streams(
        head=norm("title", formula.head_saturation, formula.head_length),
        body=norm("body", formula.body_saturation, formula.body_length),
        prior=1 + formula.prior * np.clip(np.array(priors, dtype=np.float64), -1, 1),
    )


def compute(
    postings: Postings, grouping: Grouping, of: Streams, formula: Formula, *, worth: float = 1.0
) -> Impacts:
    """The finished scores of one kind of term, times `worth`."""
    head = [
        Part(part.word, part.document, part.count * formula.parts[name])
        for name, part in postings.parts.items()
        if name != "body"
    ]
    streams = ((head, 0), ([postings.parts["body"]], 1))
    keys, sums = _sums(streams, grouping, postings.documents)
    terms, documents = np.divmod(keys, postings.documents or 1)
    at = np.zeros(len(grouping.names) + 1, dtype=np.int64)
    frequency = np.bincount(terms, minlength=len(grouping.names))
    np.cumsum(frequency, out=at[1:])
    idf = np.log1p((postings.documents - frequency + 0.5) / (frequency + 0.5))
    scores = formula.head * _saturated(sums[0], formula.head_saturation, of.head[documents])
    scores += _saturated(sums[1], formula.body_saturation, of.body[documents])
    scores *= worth * idf[terms] * of.prior[documents]
    return Impacts(at, documents.astype(np.uint32), scores.astype(np.float32))


def _saturated(frequency: Array, saturation: float, norm: Array) -> Array:
    saturated: Array = frequency * (saturation + 1) / (frequency + norm)
    return saturated


def _sums(
    streams: Sequence[tuple[Sequence[Part], int]], grouping: Grouping, documents: int
) -> tuple[Array, Array]:
    """How often each term stands in each stream of each document that has it.

    The keys are `term * documents + document`, in order.
    """
    pieces: list[tuple[Array, Array]] = []
    for parts, stream in streams:
        word = np.concatenate([part.word for part in parts])
        document = np.concatenate([part.document for part in parts])
        count = np.concatenate([part.count for part in parts])
        step = max(1, _CHUNK // (1 + len(grouping.terms) // max(1, len(grouping.at))))
        for start in range(0, len(word), step):
            piece = slice(start, start + step)
            terms, origin = grouping.expand(word[piece])
            keys = terms * documents + document[piece][origin]
            amounts = np.zeros((2, len(keys)))
            amounts[stream] = count[piece][origin]
            pieces.append(_merged(keys, amounts))
    if not pieces:
        return np.zeros(0, dtype=np.int64), np.zeros((2, 0))
    return _merged(
        np.concatenate([keys for keys, _ in pieces]),
        np.concatenate([amounts for _, amounts in pieces], axis=1),
    )


def _merged(keys: Array, amounts: Array) -> tuple[Array, Array]:
    order = np.argsort(keys, kind="stable")
    keys = keys[order]
    first = np.flatnonzero(np.diff(keys, prepend=-1))
    if not len(first):
        return keys, amounts
    return keys[first], np.add.reduceat(amounts[:, order], first, axis=1)
