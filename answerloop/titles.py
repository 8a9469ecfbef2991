"""The titles of the public articles, as a file that a browser searches while the service is away.

It is made of the very documents that go onto the public shelf of the index, so that nothing can
stand in it which a reader could not find by searching.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from search.documents import Document

FILE_NAME = "titles.json"
_FORMAT = 1

# url, title, number of the trail, asked_as, headings as (anchor, words)
_Row = tuple[str, str, int, tuple[str, ...], list[tuple[str, str]]]


class Titles:
    """Notes the documents that pass by; of their text only the headings."""

    def __init__(self) -> None:
        self._rows: dict[str, list[_Row]] = defaultdict(list)
        self._trails: dict[str, dict[tuple[str, ...], int]] = defaultdict(dict)

    def noting(self, documents: Iterable[Document]) -> Iterator[Document]:
        """The same documents one by one; those that have a page are noted."""
        for document in documents:
            if document.url:
                self._rows[document.lang].append(self._row(document))
            yield document

    def _row(self, document: Document) -> _Row:
        trails = self._trails[document.lang]
        return (
            document.url.lstrip("/"),
            document.title,
            trails.setdefault(document.breadcrumbs, len(trails)),
            document.asked_as,
            [(each.anchor, each.heading) for each in document.sections if each.heading],
        )

    def write(self, site: Path, shells: Mapping[str, str]) -> None:
        """Write one file a language, beside its results page (`shells`: their addresses)."""
        for lang, shell in shells.items():
            written = {
                "format": _FORMAT,
                "trails": list(self._trails[lang]),
                "articles": self._rows[lang],
            }
            text = json.dumps(written, ensure_ascii=False, separators=(",", ":"))
            (site / shell.strip("/") / FILE_NAME).write_text(text, encoding="utf-8")
