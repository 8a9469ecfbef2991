"""What was found out about articles, kept from one look at the queue to the next.

Whoever keeps something here keeps with it all that it follows from, and compares that again: so
nothing has to be forgotten when something changes, in this process or in another.
"""

import threading
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from typing import Generic, TypeVar

from feedback.model import ArticleKey

Kept = TypeVar("Kept")


class Memory(Generic[Kept]):
    """Of at most so many articles, those looked at last. Any number of threads may share one."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: OrderedDict[ArticleKey, Kept] = OrderedDict()
        self._lock = threading.Lock()

    def recall(self, keys: Iterable[ArticleKey]) -> dict[ArticleKey, Kept]:
        """What is kept of these articles."""
        with self._lock:
            return {key: self._kept[key] for key in keys if key in self._kept}

    def keep(self, found: Mapping[ArticleKey, Kept]) -> None:
        """In the place of what was kept of them before."""
        with self._lock:
            for key, one in found.items():
                self._kept[key] = one
                self._kept.move_to_end(key)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
