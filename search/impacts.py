"""Finished scores: for each term the articles that have it and what it is worth in each.

The formula is BM25F (Robertson and Zaragoza, "The Probabilistic Relevance Framework", 2009,
section 3.7) in two streams. An article's *head* is its title, the requestors' phrases, headings
and tags, weighted before they saturate; its *body* saturates by itself, so that a long text
cannot drown a title. One idf for a term over all parts:

    score = prior * idf * (HEAD * sat(head, k_head, title) + sat(body, k_body, body))
    sat(f, k, length) = f * (k + 1) / (f + k * (1 - b + b * length / average length))
    idf = ln(1 + (N - n + 0.5) / (n + 0.5))

It is computed when a version is built, so a search only adds up.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from search.arrays import Array, narrow
from search.errors import DamagedIndex
from search.formula import Formula
from search.postings import Part, Postings
from search.sums import blocks, distinct, merged, spread, starts

_BLOCK = 25_000
"""Postings expanded at a time; bounds the memory of a build."""

_NONE = np.empty(0, np.intp)

COARSE, FINE = 255, 65_535
"""Steps from nothing to the best score of a term, a frequent one or any other."""

FREQUENT = 256
"""Articles of a term that is kept in coarse steps."""


class Impacts:
    """The postings of the terms of one kind, opened: in which articles, worth how much in each.

    A common term has a bit for each article, a rare one a list of their numbers. Scores are in
    equal steps up to the term's best one, so each is off by half a step at most: a 131,070th of
    the best, or a 510th where the term is so frequent that it tells little; what is less than
    half of such a step is one. A frequent term that was asked for is kept as a row with the steps
    of all articles, 0 for those without it: five times as fast, and not much more room.
    """

    def __init__(self, opened: Mapping[str, Array], kind: str, documents: int) -> None:
        self.frequency = opened[f"{kind}_frequency"].astype(np.intp)
        self._documents = documents
        self._bits = opened[f"{kind}_bits"].reshape(-1, _row(documents))
        self._listed = opened[f"{kind}_listed"]
        self._coarse, self._fine = opened[f"{kind}_coarse"], opened[f"{kind}_fine"]
        is_common, is_frequent = _kinds(self.frequency, documents)
        rare = starts(np.where(is_common, 0, self.frequency))[:-1]
        coarse = starts(np.where(is_frequent, self.frequency, 0))[:-1]
        fine = starts(np.where(is_frequent, 0, self.frequency))[:-1]
        self._is_common, self._is_frequent = is_common.tolist(), is_frequent.tolist()
        # Where a term's bits or its list begin, and where its scores do.
        self._place = memoryview(np.where(is_common, starts(is_common)[:-1], rare).data)
        self._scored = memoryview(np.where(is_frequent, coarse, fine).data)
        self._length = memoryview(self.frequency.data)
        self._step = opened[f"{kind}_step"]
        self._rows: dict[int, Array] = {}

    def add(self, terms: Iterable[int], scores: Array) -> None:
        """Add what terms are worth to the scores of all articles."""
        documents, worths = [], []
        for term in terms:
            step = self._step[term]
            if not step > 0:
                raise DamagedIndex("A word is worth nothing: the file changed under its reader.")
            if self._is_frequent[term]:
                scores += self._row(term) * step
            else:
                at = self._scored[term]
                documents.append(self._found(term))
                worths.append(self._fine[at : at + self._length[term]] * step)
        if documents:
            found = np.concatenate(documents).astype(np.intp, copy=False)
            # The fastest of five ways tried, and one that raises for a number out of range.
            np.add.at(scores, found, np.concatenate(worths))

    def documents(self, term: int) -> Array:
        return self._found(term).astype(np.intp)

    def matched(self, terms: Iterable[int]) -> Array:
        """Which articles have any of these terms."""
        place = self._place
        bits, lists = None, []
        for term in terms:
            at = place[term]
            if self._is_common[term]:
                bits = self._bits[at] if bits is None else bits | self._bits[at]
            else:
                lists.append(self._listed[at : at + self._length[term]])
        if bits is None:
            matched = np.zeros(self._documents, dtype=np.bool_)
        else:
            matched = self._unpacked(bits)
        if lists:
            matched[np.concatenate(lists).astype(np.intp)] = True
        return matched

    def _found(self, term: int) -> Array:
        place = self._place[term]
        if self._is_common[term]:
            # What flatnonzero does, but for its two calls of Python.
            return self._unpacked(self._bits[place]).nonzero()[0]
        return self._listed[place : place + self._length[term]]

    def _row(self, term: int) -> Array:
        """The steps of a frequent term in all articles."""
        row = self._rows.get(term)
        if row is None:
            at = self._scored[term]
            row = np.zeros(self._documents, dtype=np.uint8)
            row[self._found(term)] = self._coarse[at : at + self._length[term]]
            self._rows[term] = row
        return row

    def _unpacked(self, bits: Array) -> Array:
        return np.unpackbits(bits, count=self._documents).view(np.bool_)


def packed(
    kind: str, postings: tuple[Array, Array, Array], frequency: Array, documents: int
) -> dict[str, Array]:
    """The arrays of `Impacts`; the postings are term, document and score, ordered as such."""
    terms, places, scores = postings
    is_common, is_frequent = _kinds(frequency, documents)
    best = np.maximum.reduceat(scores, starts(frequency)[:-1]) if len(scores) else np.zeros(0)
    step = (best / np.where(is_frequent, COARSE, FINE)).astype(np.float32)
    steps = np.rint(scores / step[terms])
    common, coarse = is_common[terms], is_frequent[terms]
    bits = np.zeros((np.count_nonzero(is_common), 8 * _row(documents)), dtype=np.bool_)
    bits[(np.cumsum(is_common) - 1)[terms[common]], places[common]] = True
    return {
        f"{kind}_frequency": narrow(frequency),
        f"{kind}_step": step,
        f"{kind}_bits": np.packbits(bits, axis=1).ravel(),
        f"{kind}_listed": narrow(places[~common]),
        f"{kind}_coarse": np.clip(steps[coarse], 1, COARSE).astype(np.uint8),
        f"{kind}_fine": np.minimum(steps[~coarse], FINE).astype(np.uint16),
    }


def _kinds(frequency: Array, documents: int) -> tuple[Array, Array]:
    """Which terms are common, and which of them are frequent, too.

    A bit for each article takes less room than a list of two bytes each.
    """
    is_common = frequency * 16 > documents
    return is_common, is_common & (frequency >= FREQUENT)


def _row(documents: int) -> int:
    return max(1, -(-documents // 8))


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


@dataclass(frozen=True, slots=True)
class Said:
    """How often each word stands in each stream of each document that has it, weighted.

    Those of word w are `at[w] : at[w + 1]`, by document.
    """

    at: Array
    document: Array
    head: Array
    body: Array


def said(postings: Postings, formula: Formula) -> Said:
    span = postings.documents or 1
    named = [(name, part) for name, part in postings.parts.items() if name != "body"]
    heads, head = merged(
        np.concatenate([_keys(part, span) for _, part in named]),
        np.concatenate([formula.parts[name] * part.count.astype(float) for name, part in named]),
    )
    body = postings.parts["body"]
    bodies, amounts = merged(_keys(body, span), body.count.astype(float))
    keys = distinct(np.concatenate((heads, bodies)))
    found = [np.zeros(len(keys)), np.zeros(len(keys))]
    found[0][np.searchsorted(keys, heads)] = head
    found[1][np.searchsorted(keys, bodies)] = amounts
    words, document = np.divmod(keys, span)
    at = starts(np.bincount(words, minlength=len(postings.words)))
    return Said(at, document.astype(np.int32), *found)


def _keys(part: Part, span: int) -> Array:
    return part.word.astype(np.int64) * span + part.document


def compute(
    kind: str, words: Said, terms: tuple[Array, Array, Array], formula: Formula, *, of: Streams
) -> dict[str, Array]:
    """The arrays of `Impacts` of one kind of term, with finished scores.

    `terms` are where the words of each begin, as `Grouping.inverted` gives it, these words, and
    what each term is worth beside others.
    """
    at, members, worth = terms[0].astype(np.intp), *terms[1:]
    lengths = np.diff(words.at)[members]
    reached = starts(lengths)[at]
    found = [packed(kind, (_NONE, _NONE, _NONE), _NONE, len(of.prior))]
    for start, stop in blocks(np.diff(reached), _BLOCK):
        ours = slice(at[start], at[stop])
        places = spread(words.at[members[ours]], lengths[ours])
        term = np.repeat(np.arange(stop - start), np.diff(reached[start : stop + 1]))
        scored, frequency = _scored(words, (term, places), formula, of=of, worth=worth[start:stop])
        found.append(packed(kind, scored, frequency, len(of.prior)))
    # An empty array is of the narrowest type, so it widens none.
    return {name: np.concatenate([each[name] for each in found]) for name in found[0]}


def _scored(
    words: Said, postings: tuple[Array, Array], formula: Formula, *, of: Streams, worth: Array
) -> tuple[tuple[Array, Array, Array], Array]:
    """The postings of some terms as `packed` wants them, and their frequency.

    Given are the term and the place in `words` of each, by term.
    """
    term, places = postings
    documents = len(of.prior)
    keys = term * documents + words.document[places]
    keys, heads, bodies = merged(keys, words.head[places], words.body[places])
    terms, document = np.divmod(keys, documents)
    frequency = np.bincount(terms)
    scores = formula.head * _saturated(heads, formula.head_saturation, of.head[document])
    scores += _saturated(bodies, formula.body_saturation, of.body[document])
    scores *= (worth * idf(frequency, documents))[terms] * of.prior[document]
    return (terms, document, scores), frequency


def idf(frequency: Array | int, documents: int) -> Array:
    """How much a term says that so many of the documents have."""
    rarity: Array = np.log1p((documents - frequency + 0.5) / (frequency + 0.5))
    return rarity


def _saturated(frequency: Array, saturation: float, norm: Array) -> Array:
    saturated: Array = frequency * (saturation + 1) / (frequency + norm)
    return saturated
