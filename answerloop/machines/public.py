"""The public site as programs are told of it: its articles, their dates, whole addresses."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from pathlib import PurePosixPath
from urllib.parse import quote

from answerloop.articles import Article
from answerloop.catalog import Catalog, Category
from answerloop.history import Change
from answerloop.machines import prose
from answerloop.visibility import State


@dataclass(frozen=True)
class Public:
    """What may be told to anybody.

    `base` is the public address of the site with its last slash, empty when it is not known.
    `html` is each article before the theme; `born` when it was first committed; `framers` the
    origins whose pages may show the site in a frame.
    """

    catalog: Catalog
    name: str
    base: str = ""
    html: Mapping[PurePosixPath, str] = field(default_factory=dict)
    changes: Mapping[PurePosixPath, Change] = field(default_factory=dict)
    born: Mapping[PurePosixPath, datetime] = field(default_factory=dict)
    shells: Mapping[str, str] = field(default_factory=dict)
    framers: tuple[str, ...] = ()

    @cached_property
    def articles(self) -> tuple[Article, ...]:
        """All that readers may see and may rely on, ordered by path."""
        return tuple(
            article
            for article in self.catalog.published
            if article.is_published and article.state is not State.ARCHIVED
        )

    @property
    def langs(self) -> tuple[str, ...]:
        return self.catalog.langs

    def absolute(self, url: str) -> str:
        """The whole address of `url`, a path from the root of the site; relative without a base."""
        return self.base + quote(url.lstrip("/"), safe="/%")

    def summary(self, article: Article) -> str:
        """One line of what the article says: its description, else its first sentences."""
        return article.description or prose.beginning(self.html.get(article.path, ""))

    def updated(self, article: Article) -> datetime | None:
        change = self.changes.get(article.path)
        return change.at if change else None

    @cached_property
    def latest(self) -> Mapping[str, tuple[tuple[datetime, Article], ...]]:
        """Of each language the articles whose last change is known, the latest first."""
        found: dict[str, list[tuple[datetime, Article]]] = {lang: [] for lang in self.langs}
        for article in self.articles:
            if (at := self.updated(article)) and self.is_listed(article):
                found[article.lang].append((at, article))
        return {
            lang: tuple(sorted(rows, key=lambda row: (-row[0].timestamp(), row[1].id)))
            for lang, rows in found.items()
        }

    def is_listed(self, article: Article) -> bool:
        """Whether it is an article to be read, not the words above a list of articles."""
        return not article.is_index

    def categories(self, lang: str) -> tuple[Category, ...]:
        return tuple(self.catalog.home(lang).walk())
