"""Sums of what is under the same number."""

from collections.abc import Iterator

import numpy as np

from search.arrays import Array

_BITS = 64


def merged(keys: Array, *amounts: Array) -> tuple[Array, ...]:
    """Keys in order, each once, and the sums of what is under it in each of some arrays."""
    order = _order(keys)
    keys = keys[order]
    is_first = _is_first(keys)
    if is_first.all():
        return keys, *(each[order] for each in amounts)
    first = np.flatnonzero(is_first)
    return keys[first], *(np.add.reduceat(each[order], first) for each in amounts)


def distinct(numbers: Array) -> Array:
    """Whole numbers in order, each once; `np.unique` takes five times as long."""
    numbers = np.sort(numbers)
    return numbers[_is_first(numbers)]


def _is_first(ordered: Array) -> Array:
    """Which numbers are other than the one before."""
    is_first = np.ones(len(ordered), dtype=np.bool_)
    np.not_equal(ordered[1:], ordered[:-1], out=is_first[1:])
    return is_first


def _order(keys: Array) -> Array:
    """The stable order of whole numbers from 0 on.

    Numbers that end in their place are sorted three times as fast as numpy sorts in a stable way.
    """
    place = len(keys).bit_length()
    if int(keys.max(initial=0)).bit_length() + place >= _BITS:
        return np.argsort(keys, kind="stable")
    order = keys << place
    order |= np.arange(len(keys))
    order.sort()
    order &= (1 << place) - 1
    return order


def starts(lengths: Array) -> Array:
    """Where each of some stretches begins that lie one after the other, and where all end."""
    found = np.zeros(len(lengths) + 1, dtype=np.intp)
    np.cumsum(lengths, out=found[1:])
    return found


def spread(first: Array, lengths: Array) -> Array:
    """The places of some stretches, one stretch after the other."""
    ends = np.cumsum(lengths, dtype=np.intp)
    if not len(ends):
        return ends
    return np.arange(ends[-1]) + np.repeat(first - (ends - lengths), lengths)


def blocks(sizes: Array, most: int) -> Iterator[tuple[int, int]]:
    """Ranges of neighbours that have at most so much in all, or are one."""
    ends = np.cumsum(sizes)
    start, reached = 0, 0
    while start < len(sizes):
        stop = max(start + 1, int(np.searchsorted(ends, reached + most, side="right")))
        yield start, stop
        start, reached = stop, int(ends[stop - 1])
