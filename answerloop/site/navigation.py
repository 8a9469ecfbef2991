"""The navigation beside a page: all categories, and the articles of the one the page is in.

Built once for a category and then only marked and made relative for each page: a navigation that
lists every article on every page grows with the square of their number.
"""

from collections.abc import Mapping
from html import escape

from answerloop.catalog import Category

# Stands for the way to the root of the site until the page is known.
_ROOT = "\0"


class Navigation:
    """The navigation of one language."""

    def __init__(self, home: Category) -> None:
        self._home = home
        self._branches: dict[str, Category] = {}
        for branch in home.children:
            for category in branch.walk():
                for url in (category.url, *(article.url for article in category.articles)):
                    self._branches.setdefault(url, branch)
        self._cache: dict[str, str] = {}

    def html(self, url: str, to_root: str) -> str:
        """The list for the page at `url`; `to_root` leads from it to the root (`../..`)."""
        branch = self._branches.get(url)
        key = branch.url if branch else ""
        if key not in self._cache:
            self._cache[key] = self._build(branch)
        here = f'href="{_ROOT}{escape(url)}"'
        marked = self._cache[key].replace(here, f'{here} aria-current="page"')
        if branch and url.startswith(branch.url):
            # From within a category the way to its articles is short, and there are many of them.
            near = "../" * url.count("/", len(branch.url)) or "./"
            marked = marked.replace(f"{_ROOT}{escape(branch.url)}", near)
        return marked.replace(_ROOT, to_root)

    def _build(self, open_branch: Category | None) -> str:
        items = [_link(article.url, article.title) + "</li>" for article in self._home.articles]
        for branch in self._home.children:
            items.append(_link(branch.url, branch.title))
            if branch is open_branch:
                items.append(_sublist(branch))
            items.append("</li>")
        return "".join(items)


def _sublist(category: Category) -> str:
    items = [f"<li>{_anchor(article.url, article.title)}</li>" for article in category.articles]
    items += [
        f"<li>{_anchor(child.url, child.title)}{_sublist(child)}</li>"
        for child in category.children
    ]
    return f'<ul class="kb-nav__list">{"".join(items)}</ul>' if items else ""


def _link(url: str, title: str) -> str:
    return f'<li class="md-nav__item">{_anchor(url, title)}'


def _anchor(url: str, title: str) -> str:
    return f'<a class="md-nav__link" href="{_ROOT}{escape(url)}">{escape(title)}</a>'


def of_all(homes: Mapping[str, Category]) -> Mapping[str, Navigation]:
    """A navigation for each language."""
    return {lang: Navigation(home) for lang, home in homes.items()}
