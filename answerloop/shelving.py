"""The index of a build: its articles as documents, and the shelves that they go on."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache, partial
from pathlib import PurePosixPath
from typing import Self

from answerloop import cache as caches
from answerloop import dissection, embedding, highlights, indexing, installation, priors, publish
from answerloop.articles import Article
from answerloop.cache import Cache
from answerloop.catalog import Catalog
from answerloop.errors import BuildError, Finding
from answerloop.highlights import Highlights
from answerloop.history import Change
from answerloop.lineage import Lineage
from answerloop.priors import Priors
from answerloop.publish import Known
from answerloop.rendering import Renderer
from answerloop.settings import Settings
from answerloop.site import builder
from answerloop.titles import Titles
from feedback.model import ArticleKey
from search import index
from search.documents import Document
from search.synonyms import Synonym
from search.versions import Version


@dataclass(frozen=True, slots=True)
class Content:
    """What was read, once, for the site and the index alike; `unread` are bad synonyms."""

    catalog: Catalog
    git: Known
    synonyms: tuple[Synonym, ...]
    unread: tuple[Finding, ...]
    fingerprint: str
    lineage: Lineage = field(default_factory=Lineage)
    priors: Priors = field(default_factory=dict)
    highlights: Mapping[str, Highlights] = field(default_factory=dict)

    def weighed(self, settings: Settings) -> Self:
        """The same with what moves its articles in a ranking."""
        return replace(self, priors=priors.of(self.catalog, self.changes, settings))

    def heard(self, settings: Settings) -> Self:
        """The same with what home pages show of what readers said."""
        heard = highlights.hear(settings, publish.articles(self.catalog, self.changes))
        return replace(self, highlights=highlights.of(self.catalog, self.changes, heard))

    @property
    def changes(self) -> Mapping[PurePosixPath, Change]:
        return self.git.changes


def write(
    draft: index.Draft,
    settings: Settings,
    content: Content,
    html: Mapping[PurePosixPath, str],
    *,
    kept: tuple[Cache, Version | None],
) -> Titles:
    """Both shelves; or those of the version before, if they are of the same documents.

    `kept` is the cache, and the version that is published now. Gives the titles of what is on the
    public shelf.
    """
    cache, before = kept
    titles = Titles()
    public, internal = _documents(content, settings, html, cache)
    public = list(titles.noting(public))
    model = embedding.model(settings.search.semantic)
    key = caches.digest(
        caches.program(),
        repr((content.synonyms, model, len(public))),
        *(caches.digest(repr(each)) for each in (*public, *internal)),
    )
    is_known = before is not None and cache.get("index", key) == _files_of(before)
    if before is not None and is_known and draft.adopt(before):
        cache.spare("words")
        return titles
    analyse = dissection.analyser(cache)
    draft.write_shelf(installation.PUBLIC, public, analyse)
    draft.write_shelf(installation.INTERNAL, internal, analyse)
    cache.put("index", key, _files_of(draft.complete()))
    return titles


def _files_of(version: Version) -> str:
    return caches.digest(repr(sorted(version.manifest.files.items()))).hex()


def _documents(
    content: Content, settings: Settings, html: Mapping[PurePosixPath, str], cache: Cache
) -> tuple[list[Document], list[Document]]:
    """The public and the internal ones, each from the HTML at hand or from its own Markdown."""
    catalog = content.catalog
    renderer = lru_cache(partial(builder.renderer, settings))
    trails = indexing.breadcrumbs(catalog)

    def documents(listed: Iterable[Article]) -> Iterator[Document]:
        for article in listed:
            if article.is_index and article.category == PurePosixPath():
                continue  # the home page answers nothing
            change = content.changes.get(article.path)
            updated = change.at.date().isoformat() if change else None
            rendered = html.get(article.path) or _rendered(renderer(), article)
            prior = content.priors.get(ArticleKey(article.id, article.lang), 0.0)
            parts = dissection.sections(cache, rendered, article.title)
            yield indexing.document(article, parts, trails, updated, prior=prior)

    return [*documents(catalog.published)], [*documents(catalog.internal)]


def _rendered(renderer: Renderer, article: Article) -> str:
    try:
        return renderer.html(article.body)
    except Exception as problem:
        # What the Markdown extensions that the author chose raise may be anything.
        raise BuildError(f"{article.path}: cannot be rendered: {problem}.") from problem
