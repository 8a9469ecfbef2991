"""Sums under the same number are those that a dictionary would hold."""

from collections import Counter

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from search import sums

KEYS = st.lists(st.sampled_from([0, 1, 2, 3, 2**40, 2**62]) | st.integers(0, 50))


@given(KEYS)
def test_what_is_under_the_same_number_is_added_up(keys: list[int]) -> None:
    amounts = np.arange(len(keys), dtype=float)

    found, added = sums.merged(np.array(keys, dtype=np.int64), amounts)

    expected: Counter[int] = Counter()
    for key, amount in zip(keys, amounts, strict=True):
        expected[key] += int(amount)
    assert sorted(expected.items()) == list(zip(found.tolist(), added.tolist(), strict=True))


@given(KEYS)
def test_distinct_numbers_come_once_and_in_order(keys: list[int]) -> None:
    assert sorted(set(keys)) == sums.distinct(np.array(keys, dtype=np.int64)).tolist()


@given(st.lists(st.integers(0, 9)), st.integers(1, 12))
def test_blocks_follow_one_another_and_are_small_or_a_single_one(
    sizes: list[int], most: int
) -> None:
    found = list(sums.blocks(np.array(sizes, dtype=np.int64), most))

    assert list(range(len(sizes))) == [
        number for start, stop in found for number in range(start, stop)
    ]
    assert all(stop == start + 1 or sum(sizes[start:stop]) <= most for start, stop in found)
