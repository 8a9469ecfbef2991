"""From an article and its HTML to the document that the search indexes."""

from collections.abc import Mapping
from html.parser import HTMLParser

from answerloop.articles import Article
from answerloop.catalog import Catalog, Category
from search.documents import Document, Section

_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_UNREAD = frozenset({"script", "style", "template", "svg"})
_CELLS = frozenset({"td", "th", "dt"})
_INLINE = frozenset(
    {"a", "abbr", "b", "bdi", "cite", "code", "del", "em", "i", "ins", "kbd", "mark", "q", "s"}
    | {"samp", "small", "span", "strong", "sub", "sup", "time", "u", "var", "wbr"}
)


class _Extractor(HTMLParser):
    """Collects the text of each section; a section begins at a heading with an id."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.sections: list[tuple[str, str, list[str]]] = [("", "", [])]
        self._heading: list[str] | None = None
        self._anchor = ""
        self._unread = 0
        self._permalink = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _UNREAD:
            self._unread += 1
            return
        attributes = dict(attrs)
        if tag in _HEADINGS:
            self._end_heading()
            self._heading, self._anchor = [], attributes.get("id") or ""
        elif tag == "a" and "headerlink" in (attributes.get("class") or ""):
            self._permalink = True
        elif tag == "img":
            self.handle_data(f" {attributes.get('alt') or ''} ")
        elif tag not in _INLINE:
            self._text().append(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag in _UNREAD:
            self._unread = max(0, self._unread - 1)
        elif tag in _HEADINGS:
            self._end_heading()
        elif tag == "a":
            self._permalink = False
        elif tag in _CELLS:
            self._text().append(" · ")  # else the cells of a row read as one sentence
        elif tag not in _INLINE:
            self._text().append(" ")

    def close(self) -> None:
        super().close()
        self._end_heading()

    def _end_heading(self) -> None:
        if self._heading is not None:
            self.sections.append((_squeezed(self._heading), self._anchor, []))
            self._heading = None

    def handle_data(self, data: str) -> None:
        if not self._unread and not self._permalink:
            self._text().append(data)

    def _text(self) -> list[str]:
        return self.sections[-1][2] if self._heading is None else self._heading


def _squeezed(parts: list[str]) -> str:
    return " ".join("".join(parts).split()).strip(" ·")


def sections(html: str, title: str) -> tuple[Section, ...]:
    """The text of a rendered article, section by section.

    A first heading that repeats the title opens no section of its own.
    """
    extractor = _Extractor()
    extractor.feed(html)
    extractor.close()
    found = []
    for number, (heading, anchor, parts) in enumerate(extractor.sections):
        text = _squeezed(parts)
        if number == 1 and heading.casefold() == title.casefold():
            found.append(Section("", "", text))
        elif heading or text:
            found.append(Section(heading, anchor, text))
    return tuple(found)


def document(
    article: Article,
    parts: tuple[Section, ...],
    breadcrumbs: Mapping[str, tuple[str, ...]],
    updated: str | None,
    *,
    prior: float = 0.0,
) -> Document:
    """What the search knows of an article in these parts; one without a page has no `url`."""
    return Document(
        id=article.id,
        lang=article.lang,
        title=article.title,
        url=article.url if article.is_published else "",
        asked_as=article.asked_as,
        tags=article.tags,
        breadcrumbs=breadcrumbs.get(article.url, ()),
        sections=parts,
        kind=article.kind,
        updated=updated,
        prior=prior,
    )


def breadcrumbs(catalog: Catalog) -> Mapping[str, tuple[str, ...]]:
    """The titles of the categories above each published page, outermost first."""
    trails: dict[str, tuple[str, ...]] = {}

    def walk(category: Category, trail: tuple[str, ...]) -> None:
        for article in category.articles:
            trails.setdefault(article.url, trail)
        for child in category.children:
            trails[child.url] = trail
            walk(child, (*trail, child.title))

    for lang in catalog.langs:
        walk(catalog.home(lang), ())
    return trails
