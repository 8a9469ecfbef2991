"""The navigation beside a page: all categories, and what lies near the page in its own.

A short category is listed whole. In a long one only the way to the page is open, and of its
articles those around the page are listed, with a link to all: a navigation that lists every article
on every page grows with the square of their number, for its readers as for the disk.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from html import escape

from answerloop.articles import Article
from answerloop.catalog import Category
from answerloop.wording import wording

_WHOLE = 20
"""As many articles are listed whole."""
_NEAR = 4
"""Of more than these so many before the page, and so many after it."""

# Stands for the way to the root of the site until the page is known.
_ROOT = "\0"


class Navigation:
    """The navigation of one language."""

    def __init__(self, home: Category) -> None:
        self._home = home
        self._trails: dict[str, tuple[Category, ...]] = {}
        for trail in _trails(home, ()):
            for url in (trail[-1].url, *(article.url for article in trail[-1].articles)):
                self._trails.setdefault(url, trail)
        self._short = {branch.url for branch in home.children if _count(branch) <= _WHOLE}

    def html(self, url: str, to_root: str) -> str:
        """The list for the page at `url`; `to_root` leads from it to the root (`../..`)."""
        trail = self._trails.get(url, ())[1:]
        listed = "".join(self._items(url, trail))
        here = f'href="{_ROOT}{escape(url)}"'
        marked = listed.replace(here, f'{here} aria-current="page"')
        if trail and url.startswith(trail[0].url):
            # From within a category the way to its articles is short, and there are many of them.
            near = "../" * url.count("/", len(trail[0].url)) or "./"
            marked = marked.replace(f"{_ROOT}{escape(trail[0].url)}", near)
        return marked.replace(_ROOT, to_root)

    def _items(self, url: str, trail: Sequence[Category]) -> Iterator[str]:
        """The uppermost list: articles in no category, and the categories."""
        for row in _rows(self._home, url):
            yield f'<li class="md-nav__item">{row}</li>'
        for branch in self._home.children:
            if not (branch.has_something or branch in trail[:1]):
                continue
            yield f'<li class="md-nav__item">{_anchor(branch.url, branch.title)}'
            if branch in trail[:1]:
                yield _sublist(branch, url, None if branch.url in self._short else trail[1:])
            yield "</li>"


def _trails(category: Category, above: tuple[Category, ...]) -> Iterator[tuple[Category, ...]]:
    """Each category below its own way from the home."""
    trail = (*above, category)
    yield trail
    for child in category.children:
        yield from _trails(child, trail)


def _count(category: Category) -> int:
    return sum(len(part.articles) for part in category.walk())


def _sublist(category: Category, url: str, trail: Sequence[Category] | None) -> str:
    """What a category holds; of its sub-categories the next of the trail is open, or all."""
    items = [f"<li>{row}</li>" for row in _rows(category, url)]
    for child in (child for child in category.children if child.has_something):
        items.append(f"<li>{_anchor(child.url, child.title)}")
        if trail is None or child in trail[:1]:
            items.append(_sublist(child, url, None if trail is None else trail[1:]))
        items.append("</li>")
    return f'<ul class="kb-nav__list">{"".join(items)}</ul>' if items else ""


def _rows(category: Category, url: str) -> Iterator[str]:
    """The articles of a category; of many those around the page, if it is one, and all others."""
    articles = category.articles
    if len(articles) > _WHOLE:
        articles = _around(articles, url)
    for article in articles:
        yield _anchor(article.url, article.title)
    if len(articles) < len(category.articles) and category.url != url:
        told = wording(category.lang).many(
            "Show the article", "Show all %(count)s articles", count=len(category.articles)
        )
        link = f'href="{_ROOT}{escape(category.url)}"'
        yield f'<a class="md-nav__link kb-nav__all" {link}>{escape(told)}</a>'


def _around(articles: tuple[Article, ...], url: str) -> tuple[Article, ...]:
    places = [place for place, article in enumerate(articles) if article.url == url]
    if not places:
        return ()
    first = max(0, min(places[0] - _NEAR, len(articles) - 2 * _NEAR - 1))
    return articles[first : first + 2 * _NEAR + 1]


@lru_cache(maxsize=4096)
def _anchor(url: str, title: str) -> str:
    return f'<a class="md-nav__link" href="{_ROOT}{escape(url)}">{escape(title)}</a>'


def of_all(homes: Mapping[str, Category]) -> Mapping[str, Navigation]:
    """A navigation for each language."""
    return {lang: Navigation(home) for lang, home in homes.items()}
