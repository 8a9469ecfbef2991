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

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from search.arrays import Array
from search.formula import Formula
from search.postings import Part, Postings
from search.vocabulary import Grouping

_CHUNK = 100_000
"""Postings expanded at a time; bounds the memory of a build."""

_BITS = 64


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
        rare = _starts(np.where(is_common, 0, self.frequency))[:-1]
        coarse = _starts(np.where(is_frequent, self.frequency, 0))[:-1]
        fine = _starts(np.where(is_frequent, 0, self.frequency))[:-1]
        self._is_common, self._is_frequent = is_common.tolist(), is_frequent.tolist()
        # Where a term's bits or its list begin, and where its scores do.
        self._place = memoryview(np.where(is_common, _starts(is_common)[:-1], rare).data)
        self._scored = memoryview(np.where(is_frequent, coarse, fine).data)
        self._length = memoryview(self.frequency.data)
        self._step = opened[f"{kind}_step"]
        self._rows: dict[int, Array] = {}

    def add(self, term: int, scores: Array) -> None:
        """Add what a term is worth to the scores of all articles."""
        if self._is_frequent[term]:
            scores += self._row(term) * self._step[term]
            return
        at = self._scored[term]
        worth = self._fine[at : at + self._length[term]] * self._step[term]
        # The fastest of five ways tried, and one that raises for a number out of range.
        np.add.at(scores, self.documents(term), worth)

    def documents(self, term: int) -> Array:
        if self._is_common[term]:
            # What flatnonzero does, but for its two calls of Python.
            return self._having(term).nonzero()[0]
        place = self._place[term]
        return self._listed[place : place + self._length[term]].astype(np.intp)

    def matched(self, terms: Iterable[int]) -> Array:
        """Which articles have any of these terms."""
        matched = np.zeros(self._documents, dtype=np.bool_)
        listed, place, length = self._listed, self._place, self._length
        lists = []
        for term in terms:
            if self._is_frequent[term]:
                matched |= self._row(term) != 0
            elif self._is_common[term]:
                matched |= self._having(term)
            else:
                lists.append(listed[place[term] : place[term] + length[term]])
        if lists:
            matched[np.concatenate(lists)] = True
        return matched

    def _row(self, term: int) -> Array:
        """The steps of a frequent term in all articles."""
        row = self._rows.get(term)
        if row is None:
            at = self._scored[term]
            row = np.zeros(self._documents, dtype=np.uint8)
            row[self.documents(term)] = self._coarse[at : at + self._length[term]]
            self._rows[term] = row
        return row

    def _having(self, term: int) -> Array:
        row = self._bits[self._place[term]]
        return np.unpackbits(row, count=self._documents).view(np.bool_)


def packed(
    kind: str, postings: tuple[Array, Array, Array], frequency: Array, documents: int
) -> dict[str, Array]:
    """The arrays of `Impacts`; the postings are term, document and score, ordered as such."""
    terms, places, scores = postings
    is_common, is_frequent = _kinds(frequency, documents)
    best = np.maximum.reduceat(scores, _starts(frequency)[:-1]) if len(scores) else np.zeros(0)
    step = (best / np.where(is_frequent, COARSE, FINE)).astype(np.float32)
    steps = np.empty(len(scores), np.uint32)
    for piece in _pieces(len(scores)):
        steps[piece] = np.rint(scores[piece] / step[terms[piece]])
    common, coarse = is_common[terms], is_frequent[terms]
    bits = np.zeros((np.count_nonzero(is_common), 8 * _row(documents)), dtype=np.bool_)
    bits[(np.cumsum(is_common) - 1)[terms[common]], places[common]] = True
    return {
        f"{kind}_frequency": frequency,
        f"{kind}_step": step,
        f"{kind}_bits": np.packbits(bits, axis=1).ravel(),
        f"{kind}_listed": places[~common],
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


def _starts(lengths: Array) -> Array:
    """Where each of some stretches begins that lie one after the other, and where all end."""
    starts = np.zeros(len(lengths) + 1, dtype=np.intp)
    np.cumsum(lengths, out=starts[1:])
    return starts


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
    kind: str,
    postings: Postings,
    grouping: Grouping,
    formula: Formula,
    *,
    of: Streams,
    worth: float = 1.0,
) -> dict[str, Array]:
    """The arrays of `Impacts` of one kind of term, with finished scores, times `worth`."""
    head = [
        Part(part.word, part.document, part.count * formula.parts[name])
        for name, part in postings.parts.items()
        if name != "body"
    ]
    keys, (heads, bodies) = _sums((head, [postings.parts["body"]]), grouping, postings.documents)
    terms = (keys // (postings.documents or 1)).astype(np.int32)
    documents = (keys % (postings.documents or 1)).astype(np.int32)
    del keys
    frequency = np.bincount(terms, minlength=len(grouping.names))
    rarity = worth * idf(frequency, postings.documents)
    scores = heads  # in the place of what they are made of: that many are the memory of a build
    for piece in _pieces(len(scores)):
        here = documents[piece]
        worths = formula.head * _saturated(heads[piece], formula.head_saturation, of.head[here])
        worths += _saturated(bodies[piece], formula.body_saturation, of.body[here])
        scores[piece] = worths * (rarity[terms[piece]] * of.prior[here])
    del bodies
    return packed(kind, (terms, documents, scores), frequency, postings.documents)


def _pieces(length: int) -> Iterator[slice]:
    return (slice(start, start + _CHUNK) for start in range(0, length, _CHUNK))


def idf(frequency: Array | int, documents: int) -> Array:
    """How much a term says that so many of the documents have."""
    rarity: Array = np.log1p((documents - frequency + 0.5) / (frequency + 0.5))
    return rarity


def _saturated(frequency: Array, saturation: float, norm: Array) -> Array:
    saturated: Array = frequency * (saturation + 1) / (frequency + norm)
    return saturated


def _sums(
    streams: Sequence[Sequence[Part]], grouping: Grouping, documents: int
) -> tuple[Array, list[Array]]:
    """How often each term stands in each stream of each document that has it.

    The keys are `term * documents + document`, in order.
    """
    counted = [_counted(parts, grouping, documents) for parts in streams]
    keys = np.concatenate([found for found, _ in counted])
    keys.sort()
    keys = keys[np.flatnonzero(np.diff(keys, prepend=-1))]
    sums = []
    for found, amounts in counted:
        sums.append(np.zeros(len(keys)))
        for piece in _pieces(len(found)):
            sums[-1][np.searchsorted(keys, found[piece])] = amounts[piece]
    return keys, sums


def _counted(parts: Sequence[Part], grouping: Grouping, documents: int) -> tuple[Array, Array]:
    """The keys of one stream and how often each stands there."""
    word = np.concatenate([part.word for part in parts])
    document = np.concatenate([part.document for part in parts])
    count = np.concatenate([part.count for part in parts])
    step = max(1, _CHUNK // (1 + len(grouping.terms) // max(1, len(grouping.at))))
    pieces = []
    for start in range(0, max(1, len(word)), step):
        piece = slice(start, start + step)
        terms, origin = grouping.expand(word[piece])
        pieces.append(_merged(terms * documents + document[piece][origin], count[piece][origin]))
    return pieces[0] if len(pieces) == 1 else _merged_all(pieces)


def _merged_all(pieces: Sequence[tuple[Array, Array]]) -> tuple[Array, Array]:
    """The same for merged pieces, one range of keys after the other: to sort takes room."""
    last = max(int(keys[-1]) for keys, _ in pieces if len(keys))
    ends = np.linspace(0, last + 1, len(pieces) + 1).astype(np.int64)
    cuts = [np.searchsorted(keys, ends) for keys, _ in pieces]
    merged = []
    for number in range(len(pieces)):
        within = [slice(cut[number], cut[number + 1]) for cut in cuts]
        found = [piece[0][part] for piece, part in zip(pieces, within, strict=True)]
        counts = [piece[1][part] for piece, part in zip(pieces, within, strict=True)]
        merged.append(_merged(np.concatenate(found), np.concatenate(counts)))
    keys, amounts = zip(*merged, strict=True)
    return np.concatenate(keys), np.concatenate(amounts)


def _merged(keys: Array, amounts: Array) -> tuple[Array, Array]:
    """Keys in order, each once, with the sum of what is under it."""
    if not len(keys):
        return keys, amounts
    order = _order(keys)
    keys = keys[order]
    first = np.flatnonzero(np.diff(keys, prepend=-1))
    return keys[first], np.add.reduceat(amounts[order], first)


def _order(keys: Array) -> Array:
    """The stable order of whole numbers from 0 on.

    Numbers that end in their place are sorted three times as fast as numpy sorts in a stable way.
    """
    place = len(keys).bit_length()
    if int(keys.max()).bit_length() + place >= _BITS:
        return np.argsort(keys, kind="stable")
    order = np.sort(keys << place | np.arange(len(keys)))
    order &= (1 << place) - 1
    return order
