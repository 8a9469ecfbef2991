"""Articles in a file, as every engine takes them."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from search.documents import Document, Section


def text(article: Document) -> str:
    """The article below its title as one text, headings included."""
    return "\n\n".join(
        piece for each in article.sections for piece in (each.heading, each.text) if piece
    )


def write(articles: Sequence[Document], path: Path) -> None:
    """One JSON object a line; `text` is for those who know no sections."""
    with path.open("w", encoding="utf-8") as file:
        for article in articles:
            file.write(json.dumps(asdict(article) | {"text": text(article)}) + "\n")


def read(path: Path) -> list[Document]:
    with path.open(encoding="utf-8") as file:
        return [_document(json.loads(line)) for line in file]


def _document(values: dict[str, object]) -> Document:
    sections = values["sections"]
    assert isinstance(sections, list)
    return Document(
        id=str(values["id"]),
        lang=str(values["lang"]),
        title=str(values["title"]),
        sections=tuple(Section(**section) for section in sections),
    )
