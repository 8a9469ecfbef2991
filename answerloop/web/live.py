"""The version that is served at this moment: its pages and its catalog."""

import re
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from pathlib import Path

from answerloop import handouts, published
from answerloop.errors import ServiceError
from answerloop.handouts import Handout
from answerloop.inspection import policy
from answerloop.inspection.policy import Policy
from answerloop.published import PublishedCatalog
from feedback.model import ArticleKey
from search.errors import NoIndex
from search.reader import Reader

_FILLED = re.compile(r"<!--kb:service-->.*?<!--/kb:service-->", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Version:
    """What one version shows."""

    site: Path
    catalog: PublishedCatalog
    policy: Policy

    def filled(self, lang: str, fragment: str, title: str = "") -> str:
        """The page that the service fills, with `fragment` in it and `title` before its own.

        Its links are relative to the page's own address, so it is only ever answered there.
        Raises ServiceError when the page cannot be read.
        """
        file = self.site / self.catalog.shells[lang].strip("/") / "index.html"
        try:
            text = file.read_text(encoding="utf-8")
        except OSError as problem:
            raise ServiceError(f"{file}: {problem.strerror}. Run `kb build`.") from None
        if title:
            text = text.replace("<title>", f"<title>{escape(title)} - ", 1)
        return _FILLED.sub(lambda _: fragment, text, count=1)

    def handouts(self, keys: Iterable[ArticleKey]) -> dict[ArticleKey, Handout]:
        """What agents may send and read of these articles."""
        return handouts.read(self.site.parent, keys)

    def look(self) -> None:
        """Raise ServiceError when the pages have gone from the disk."""
        if not self.site.is_dir():
            raise ServiceError(f"{self.site}: is not there any more. Run `kb build`.")


class Live:
    """Follows the search reader: pages, catalog and index always belong to one version."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._lock = threading.Lock()
        self._path: Path | None = None
        self._version: Version | None = None

    def version(self) -> Version:
        """The current version. Raises ServiceError when nothing was ever built here."""
        try:
            path = self._reader.version.path
        except NoIndex as problem:
            if self._version is None:
                raise ServiceError(str(problem)) from None
            return self._version  # the pages go on without their index
        if path != self._path or self._version is None:
            with self._lock:
                if path != self._path or self._version is None:
                    self._version = Version(path / "site", published.read(path), policy.read(path))
                    self._path = path
        return self._version
