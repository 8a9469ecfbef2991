"""Articles as other machines are told of them: title, permalink, file, way to edit."""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote

from answerloop.errors import AnswerloopError
from answerloop.published import PublishedCatalog
from answerloop.settings import Settings
from answerloop.visibility import Audience
from feedback.model import ArticleKey

Catalog = Callable[[], PublishedCatalog]
"""What is published at this moment. Raises AnswerloopError where nothing was ever built."""


@dataclass(frozen=True, slots=True)
class Subject:
    """An article by its key; empty where there is nothing to tell."""

    title: str
    permalink: str
    path: str = ""
    edit_url: str = ""


@dataclass(frozen=True, slots=True)
class Subjects:
    settings: Settings
    catalog: Catalog

    def of(self, key: ArticleKey) -> Subject:
        """An article that is gone from the site goes by its id, and so does an internal one.

        Its title is for the team alone, and who reads a tracker is not known here.
        """
        permalink = self.link(f"/a/{quote(key.article, safe='')}")
        try:
            entry = self.catalog().by_id.get(key.article, {}).get(key.lang)
        except AnswerloopError:
            entry = None
        if entry is None:
            return Subject(key.article, permalink)
        pattern = self.settings.site.edit_url
        edit_url = pattern.replace("{path}", quote(entry.path)) if pattern else ""
        title = entry.title if entry.audience == Audience.PUBLIC else key.article
        return Subject(title, permalink, entry.path, edit_url)

    def link(self, path: str) -> str:
        """An address of the site; empty where the settings do not say where it is."""
        site = self.settings.site.url.rstrip("/")
        return f"{site}{path}" if site else ""
