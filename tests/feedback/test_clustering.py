import random

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from feedback.gaps import clustering
from feedback.gaps.clustering import Text

WORD = st.sampled_from(["gift", "card", "balance", "refund", "parcel", "late", "chair", "sofa"])
TEXTS = st.lists(
    st.lists(WORD, min_size=1, max_size=4).map(tuple), min_size=1, max_size=12, unique=True
)


def text(words: tuple[str, ...]) -> Text:
    return Text(words, " ".join(words))


def grouped(texts: list[tuple[str, ...]], bound: list[int | None] | None = None) -> list[list[int]]:
    likeness = clustering.likeness([text(each) for each in texts])
    return clustering.cluster(likeness, bound or [None] * len(texts))


def slow(distance: clustering.Matrix, apart: float) -> set[frozenset[int]]:
    """Average linkage as its definition says: always join the two clusters that are nearest."""
    clusters = [[place] for place in range(len(distance))]
    while len(clusters) > 1:
        pairs = [
            (float(distance[np.ix_(one, two)].mean()), i, j)
            for i, one in enumerate(clusters)
            for j, two in enumerate(clusters[:i])
        ]
        least, i, j = min(pairs)
        if not least < apart:
            break
        clusters[j] = clusters[j] + clusters.pop(i)
    return {frozenset(each) for each in clusters}


@given(TEXTS)
def test_each_text_is_in_one_cluster(texts: list[tuple[str, ...]]) -> None:
    found = grouped(texts)

    assert sorted(place for each in found for place in each) == list(range(len(texts)))


@given(TEXTS)
def test_likeness_is_symmetric_between_0_and_1(texts: list[tuple[str, ...]]) -> None:
    likeness = clustering.likeness([text(each) for each in texts])

    assert np.allclose(likeness, likeness.T)
    assert np.allclose(np.diag(likeness), 1)
    assert likeness.min() >= 0
    assert likeness.max() <= 1 + 1e-6


@given(st.integers(0, 10_000), st.integers(2, 25))
def test_the_quick_way_finds_what_the_definition_says(seed: int, size: int) -> None:
    dice = random.Random(seed)  # noqa: S311  repeatable, not secret
    distance = np.zeros((size, size), dtype=np.float32)
    for i in range(size):
        for j in range(i):
            distance[i, j] = distance[j, i] = dice.random()

    found = clustering.cluster(1 - distance, apart=0.5)

    assert {frozenset(each) for each in found} == slow(distance, 0.5)


@given(TEXTS, st.data())
def test_bound_texts_stay_together_and_two_bundles_apart(
    texts: list[tuple[str, ...]], data: st.DataObject
) -> None:
    number = st.one_of(st.none(), st.integers(0, 2))
    bound = data.draw(st.lists(number, min_size=len(texts), max_size=len(texts)))

    found = grouped(texts, bound)

    for each in found:
        assert len({bound[place] for place in each} - {None}) <= 1
    for name in set(bound) - {None}:
        assert sum(name in {bound[place] for place in each} for each in found) == 1


@given(TEXTS, st.randoms())
def test_the_likeness_of_two_texts_does_not_depend_on_their_places(
    texts: list[tuple[str, ...]], dice: random.Random
) -> None:
    order = list(range(len(texts)))
    dice.shuffle(order)

    one = clustering.likeness([text(each) for each in texts])
    two = clustering.likeness([text(texts[place]) for place in order])

    assert np.allclose(one[np.ix_(order, order)], two, atol=1e-5)


def test_the_same_question_with_typing_errors_is_one_cluster() -> None:
    found = grouped(
        [
            ("gift", "card", "balance"),
            ("gift", "crad", "balance"),
            ("giftcard", "balance"),
            ("sofa", "legs"),
            ("sofa", "leg", "screws"),
        ]
    )

    assert found == [[0, 1, 2], [3, 4]]


def test_nothing_makes_no_cluster() -> None:
    assert clustering.cluster(clustering.likeness([])) == []


def test_the_medoid_is_most_like_the_others() -> None:
    likeness = clustering.likeness(
        [text(("gift", "card")), text(("gift", "card", "balance")), text(("card", "balance"))]
    )

    assert clustering.medoid(likeness, [0, 1, 2], [1.0, 1.0, 1.0]) == 1
