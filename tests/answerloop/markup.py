"""HTML read for tests: which elements a page has, with which attributes."""

from dataclasses import dataclass, field
from html.parser import HTMLParser


@dataclass(frozen=True, slots=True)
class Element:
    """An element with its attributes, values unescaped; `text` is all that stands inside."""

    tag: str
    attributes: dict[str, str]
    text: list[str] = field(default_factory=list)

    def __getitem__(self, name: str) -> str:
        return self.attributes.get(name, "")


_EMPTY = {
    "area",
    "base",
    "br",
    "col",
    "embed",
    "hr",
    "img",
    "input",
    "link",
    "meta",
    "source",
    "wbr",
}


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[Element] = []
        self._open: list[Element] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.elements.append(element)
        if tag not in _EMPTY:
            self._open.append(element)

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop().tag != tag:
            pass

    def handle_data(self, data: str) -> None:
        for element in self._open:
            element.text.append(data)


def elements(html: str, *tags: str) -> list[Element]:
    """The elements of a page with one of these names, in order; all without names."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return [element for element in reader.elements if not tags or element.tag in tags]


def words(html: str, tag: str) -> list[str]:
    return ["".join(element.text).strip() for element in elements(html, tag)]
