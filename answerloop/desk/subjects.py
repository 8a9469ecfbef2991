"""Articles as the desk names them: title, owner, page, file, way to edit."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote

from answerloop import languages
from answerloop.desk.service import Service
from answerloop.errors import AnswerloopError
from answerloop.published import Entry, PublishedCatalog
from answerloop.settings import Settings
from feedback.model import ArticleKey

_NOTHING = PublishedCatalog(
    fingerprint="", default_lang="", entries=(), redirects={}, homes={}, shells={}
)


@dataclass(frozen=True, slots=True)
class Subject:
    """What is known of an article by its key; empty where there is nothing to show.

    An article that is gone from the site goes by its id.
    """

    key: ArticleKey
    title: str
    page_url: str = ""
    path: str = ""
    edit_url: str = ""
    is_published: bool = False
    tags: tuple[str, ...] = ()

    @property
    def language(self) -> str:
        return languages.display_name(self.key.lang)

    @property
    def direction(self) -> str:
        return languages.direction(self.key.lang)


@dataclass(frozen=True, slots=True)
class Subjects:
    """The look-up, for one request: of one version of the site."""

    settings: Settings
    catalog: PublishedCatalog

    @classmethod
    def now(cls, service: Service) -> "Subjects":
        """What is published at this moment; nothing where no site was built."""
        try:
            catalog = service.live.version().catalog
        except AnswerloopError:
            return cls(service.settings, _NOTHING)
        return cls(service.settings, catalog)

    @property
    def by_id(self) -> Mapping[str, Mapping[str, Entry]]:
        return self.catalog.by_id

    def of(self, key: ArticleKey) -> Subject:
        entry = self.by_id.get(key.article, {}).get(key.lang)
        if entry is None:
            return Subject(key, title=key.article)
        pattern = self.settings.site.edit_url
        return Subject(
            key=key,
            title=entry.title,
            page_url=entry.url,
            path=entry.path,
            edit_url=pattern.replace("{path}", quote(entry.path)) if pattern else "",
            is_published=True,
            tags=entry.tags,
        )

    def commit_url(self, commit: str, path: str) -> str:
        """Where the commit is shown with what it changed; empty where nobody said."""
        pattern = self.settings.site.commit_url
        if not commit or not pattern:
            return ""
        return pattern.replace("{commit}", quote(commit)).replace("{path}", quote(path))

    def owner(self, name: str) -> str:
        """The owner's name in kb.toml, else the one that the article gives."""
        known = self.settings.owners.get(name)
        return known.name if known and known.name else name
