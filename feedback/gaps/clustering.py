"""Groups texts that ask the same: average linkage over the cosine of their words and letters.

Pure: knows no language, no database and no clock. What a text's words are comes in with it.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

APART = 0.85
"""Distance from which on two groups are never joined. Purity goes before size: a row that mixes two
questions is worth less than two rows. `benchmarks/gaps.py` draws the curve."""

WORDS = 2 / 3
"""Share of words in the likeness of two texts; the rest are letters."""

_ROWS = 128
"""Of a matrix, added to at a time: one of thousands of texts need not be held twice."""

LETTERS = (3, 4)
"""Lengths of the runs of letters that are compared beside words: they forgive typing errors."""

Matrix = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Text:
    """What is grouped: its words in their order, reduced as the language wants, and as letters."""

    words: tuple[str, ...]
    letters: str


def cluster(
    likeness: Matrix, bound: Sequence[int | None] = (), apart: float = APART
) -> list[list[int]]:
    """The places of texts that belong together, each place once; the largest cluster first.

    Average linkage (UPGMA, Sokal and Michener 1958) by chains of nearest neighbours (Murtagh
    1983), which takes N² steps: two clusters are joined while the mean distance of their texts is
    below `apart`. Texts `bound` to one number begin together, and two numbers never meet. The
    order of the texts does not matter unless distances are equal.
    """
    if not len(likeness):
        return []
    distance, clusters = _begun(1 - likeness, bound or [None] * len(likeness))
    found = _linked(distance, clusters, apart)
    return sorted((sorted(each) for each in found), key=lambda each: (-len(each), each))


def medoid(likeness: Matrix, places: Sequence[int], weights: Sequence[float]) -> int:
    """The place that is most like all others of its cluster, by their weights."""
    among = likeness[np.ix_(places, places)] @ np.asarray(weights, dtype=np.float32)
    return places[int(np.argmax(among))]


def likeness(texts: Sequence[Text]) -> Matrix:
    """The cosine of each two texts, N by N, in [0, 1]; 1 with themselves.

    Two cosines, one of words and pairs of words, one of runs of letters, each of them of vectors
    that weigh a feature by tf * (1 + ln((1 + N) / (1 + df))) (smoothed inverse document frequency).
    """
    both = _cosine([Counter(_word_features(text)) for text in texts])
    both *= np.float32(WORDS)
    letters = _cosine([Counter(_letter_features(text)) for text in texts])
    letters *= np.float32(1 - WORDS)
    both += letters
    np.fill_diagonal(both, 1.0)
    return both


def _word_features(text: Text) -> Iterator[str]:
    yield from text.words
    for one, two in pairwise(text.words):
        yield f"{one} {two}"


def _letter_features(text: Text) -> Iterator[str]:
    for word in text.letters.split():
        marked = f"<{word}>"
        for length in LETTERS:
            yield from (marked[at : at + length] for at in range(len(marked) - length + 1))


def _cosine(counted: Sequence[Mapping[str, int]]) -> Matrix:
    """Cosines of TF-IDF vectors, feature by feature: most features stand in few texts."""
    size = len(counted)
    having: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for place, counts in enumerate(counted):
        for feature, count in counts.items():
            having[feature].append((place, count))
    norms = np.zeros(size)
    found = np.zeros((size, size), dtype=np.float32)
    for postings in having.values():
        places = np.array([place for place, _ in postings])
        idf = 1 + math.log((1 + size) / (1 + len(postings)))
        weights = np.array([count for _, count in postings]) * idf
        norms[places] += weights**2
        for start in range(0, len(places) if len(places) > 1 else 0, _ROWS):
            part = slice(start, start + _ROWS)
            found[np.ix_(places[part], places)] += np.outer(weights[part], weights)
    lengths = np.sqrt(np.where(norms > 0, norms, 1.0)).astype(np.float32)
    found /= lengths[:, None]
    found /= lengths[None, :]
    return found


def _begun(distance: Matrix, bound: Sequence[int | None]) -> tuple[Matrix, list[list[int]]]:
    """The first clusters: those that are bound to one number, every other text by itself."""
    groups: dict[tuple[bool, int], list[int]] = defaultdict(list)
    for place, number in enumerate(bound):
        groups[(False, place) if number is None else (True, number)].append(place)
    clusters = list(groups.values())
    if len(clusters) < len(bound):
        member = np.zeros((len(clusters), len(bound)), dtype=np.float32)
        for row, places in enumerate(clusters):
            member[row, places] = 1 / len(places)
        distance = np.asarray(member @ distance @ member.T, dtype=np.float32)
    rows = [row for row, (is_bound, _) in enumerate(groups) if is_bound]
    distance[np.ix_(rows, rows)] = np.inf
    np.fill_diagonal(distance, np.inf)
    return distance, clusters


def _linked(distance: Matrix, clusters: list[list[int]], apart: float) -> Iterable[list[int]]:
    """Join nearest neighbours until every two clusters are too far apart.

    A pair of mutual nearest neighbours stays one whatever else is joined, so each can be joined
    as soon as it is found. One that is too far apart is done: no join brings anything nearer.
    """
    left = set(range(len(clusters)))
    chain: list[int] = []
    while left:
        if not chain:
            chain.append(min(left))
        here = chain[-1]
        near = int(np.argmin(distance[here]))
        before = chain[-2] if len(chain) > 1 else None
        if before is not None and distance[here, before] <= distance[here, near]:
            near = before
        if not distance[here, near] < apart:
            chain.pop()
            left.discard(here)
            distance[here, :] = distance[:, here] = np.inf
            yield clusters[here]
        elif near == before:
            del chain[-2:]
            _join(distance, clusters, near, here)
            left.discard(here)
        else:
            chain.append(near)


def _join(distance: Matrix, clusters: list[list[int]], kept: int, gone: int) -> None:
    many, few = len(clusters[kept]), len(clusters[gone])
    mean = (many * distance[kept] + few * distance[gone]) / (many + few)
    distance[kept, :] = distance[:, kept] = mean
    distance[kept, kept] = np.inf
    distance[gone, :] = distance[:, gone] = np.inf
    clusters[kept] += clusters[gone]
