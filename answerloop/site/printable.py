"""What pages tell of themselves, as templates may print it: MkDocs' templates do not escape."""

from collections.abc import Iterable, Iterator
from datetime import date
from html import escape
from typing import Any

from mkdocs.structure.pages import Page
from mkdocs.structure.toc import AnchorLink

from answerloop.site.pages import Subject

_FEWEST_HEADINGS = 3
_HARMLESS = (int, float, date, type(None))


def contents(page: Page) -> list[dict[str, Any]]:
    """The headings of a page that has enough of them for a table of contents.

    Their titles are HTML already, as MkDocs gives them.
    """
    hidden = page.meta.get("hide") or []
    if "toc" in hidden:
        return []
    found = [
        {"title": item.title, "url": item.url, "level": item.level}
        for item in _walk(page.toc)
        if item.level > 1
    ]
    return found if len(found) >= _FEWEST_HEADINGS else []


def _walk(items: Iterable[AnchorLink]) -> Iterator[AnchorLink]:
    for item in items:
        yield item
        yield from _walk(item.children)


def meta(subject: Subject) -> dict[str, Any]:
    """Front matter as the theme may print it: MkDocs' templates do not escape."""
    found = {key: _escaped(value) for key, value in subject.other.items() if key != "template"}
    if not isinstance(found.get("hide"), list):
        found.pop("hide", None)  # the theme looks for words in it
    found["title"] = escape(subject.title)
    if subject.description:
        found["description"] = escape(subject.description)
    found["template"] = subject.template
    return found


def _escaped(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return [_escaped(item) for item in value]
    if isinstance(value, dict):
        return {escape(str(key)): _escaped(item) for key, item in value.items()}
    return value if isinstance(value, _HARMLESS) else escape(str(value))
