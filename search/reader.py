"""Searching the current version of an index, whichever that is at the moment."""

import logging
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Self, TypeVar

from search import opening, versions
from search.documents import Results, Suggestion
from search.edition import Edition
from search.errors import DamagedIndex, NoIndex, SearchError
from search.semantic import Embedder
from search.versions import Version

Answer = TypeVar("Answer")

logger = logging.getLogger(__name__)


class Reader:
    """Searches the current version; any number of threads may share one.

    A version is opened at the first search and exchanged when `CURRENT` has changed; searches
    under way finish in the version in which they began; its pages go with the last of them.
    When the new version is unusable, the one that is open stays.

    Only the named shelves are opened, as one index: what lies on another can be neither found
    nor felt in a score. With an `embedder`, meaning counts beside words in versions that hold
    vectors of its model.
    """

    def __init__(
        self,
        root: Path,
        *,
        key: bytes,
        shelves: Sequence[str] = ("public",),
        embedder: Embedder | None = None,
    ) -> None:
        self._root = root
        self._embedder = embedder
        self._pointer = str(root / "CURRENT")
        self._key = key
        self._shelves = tuple(shelves)
        self._edition: Edition | None = None
        self._stamp: tuple[int, int] | None = None
        self._opening = threading.Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def version(self) -> Version:
        """The version that the next search uses. Raises `NoIndex`."""
        return self._current().version

    @property
    def build(self) -> str:
        return self.version.build

    def search(
        self,
        words: str,
        *,
        lang: str | None = None,
        tag: str | None = None,
        limit: int = 10,
        offset: int = 0,
    ) -> Results:
        """The articles that match any of a reader's words, those that match more of them first.

        `lang` narrows to a language and its regions, `tag` to articles with that tag. No text
        is an error: what holds no words, or an unknown language, finds nothing.
        Raises `NoIndex`.
        """
        return self._answer(
            lambda edition: edition.search(words, lang=lang, tag=tag, limit=limit, offset=offset)
        )

    def suggest(
        self, words: str, *, lang: str | None = None, limit: int = 8
    ) -> tuple[Suggestion, ...]:
        """Titles and learned phrases for what a reader has typed so far, best first.

        The beginning of any word is enough, with a typing error in it, too. Raises `NoIndex`.
        """
        return self._answer(lambda edition: edition.suggest(words, lang=lang, limit=limit))

    def close(self) -> None:
        """Release the files; searches under way may finish, later ones open them again."""
        self._edition = None

    def _answer(self, question: Callable[[Edition], Answer]) -> Answer:
        edition = self._current()
        try:
            return question(edition)
        except Exception:
            # A file that changed under its arrays may show in any way. Where the files are as
            # published it is a bug, and shows itself; where no version is, there is `NoIndex`.
            if not self._replace_damaged(edition):
                raise
        return question(self._current())

    def _current(self) -> Edition:
        self._refresh()
        edition = self._edition
        if edition is None:
            raise NoIndex(f"{self._root}: the reader was closed while a search began.")
        return edition

    def _refresh(self) -> None:
        stamp = versions.stamp(self._pointer)
        if self._edition is not None and stamp in (None, self._stamp):
            return
        # Whoever has something to search in need not wait for the one that opens the new one.
        if self._opening.acquire(blocking=self._edition is None):
            try:
                if self._edition is None or stamp != self._stamp:
                    self._open_current(stamp)
            finally:
                self._opening.release()

    def _open_current(self, stamp: tuple[int, int] | None) -> None:
        try:
            edition = self._open()
        except SearchError as error:
            if self._edition is None:
                raise
            logger.warning("Searching on in build %s. %s", self._edition.version.build, error)
        else:
            self._edition = edition
        self._stamp = stamp

    def _open(self) -> Edition:
        try:
            return self._opened(opening.current(self._root, key=self._key))
        except DamagedIndex:
            # It was deleted after it had been verified: a newer one has been published since.
            return self._opened(opening.current(self._root, key=self._key))

    def _opened(self, version: Version) -> Edition:
        return Edition(version, self._shelves, self._embedder)

    def _replace_damaged(self, edition: Edition) -> bool:
        with self._opening:
            if self._edition is not edition:
                return True
            stamp = versions.stamp(self._pointer)
            other = self._open()
            self._edition = other
            self._stamp = stamp
        logger.warning("Build %s was damaged while it was in use.", edition.version.build)
        return other.version.path != edition.version.path
