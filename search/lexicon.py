"""The engine's dictionary of words, written many words at a time.

The engine asks its file where it is at each word, and writes each slot of its tables by itself;
what comes out is the same.
"""

import struct
from array import array
from collections.abc import Sequence
from itertools import accumulate
from typing import Any

import numpy as np

from search.arrays import Array

# As the engine packs them: the lengths of a key and of a value; a slot of a table.
_LENGTHS = struct.Struct("!ii")
_SLOT = np.dtype([("hash", ">u4"), ("place", ">i8")])

_TABLES = 256


class Lexicon:
    """Stands before the engine's `OrderedHashWriter`, which has to be new."""

    def __init__(self, engine: Any) -> None:
        self._engine = engine
        self._place = engine.tell()
        self._places = array("q")
        self._hashes = array("q")
        # It closes its file itself, and asks for the tables then.
        engine._write_hashes = self._write_tables  # noqa: SLF001  # no other way in

    def add(self, keys: Sequence[bytes], values: Sequence[bytes]) -> None:
        """What the engine's own does for each; keys must come in order."""
        rows = [
            _LENGTHS.pack(len(key), len(value)) + key + value
            for key, value in zip(keys, values, strict=True)
        ]
        *places, self._place = accumulate(map(len, rows), initial=self._place)
        self._places.extend(places)
        self._hashes.extend(map(self._engine.hashfn, keys))
        self._engine.dbfile.write(b"".join(rows))

    def _write_tables(self) -> None:
        """Each word's hash and place, in tables by the end of its hash, twice as long as needed."""
        engine, hashes, places = self._engine, np.array(self._hashes), np.array(self._places)
        engine.index.extend(self._places)
        order = np.argsort(hashes % _TABLES, kind="stable")
        edges = np.cumsum(np.bincount(hashes % _TABLES, minlength=_TABLES))[:-1]
        start = self._place
        for ours in np.split(order, edges):
            table = _table(hashes[ours], places[ours])
            engine.directory.append((start, len(table)))
            engine.dbfile.write(table.tobytes())
            start += table.nbytes


def _table(hashes: Array, places: Array) -> Array:
    """Each in the slot that its hash names, or in the next free one."""
    slots = 2 * len(hashes)
    taken: dict[int, int] = {}
    for number, wanted in enumerate((hashes // _TABLES % max(1, slots)).tolist()):
        slot = wanted
        while slot in taken:
            slot = (slot + 1) % slots
        taken[slot] = number
    table = np.zeros(slots, _SLOT)
    filled, numbers = list(taken), list(taken.values())
    table["hash"][filled] = hashes[numbers]
    table["place"][filled] = places[numbers]
    return table
