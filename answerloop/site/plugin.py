"""The MkDocs plugin: a thin adapter from the catalog to MkDocs' pages.

Runs inside `kb build`, which hands it the articles already read; under plain `mkdocs serve` it
reads them itself, so that an author's preview shows the same pages.
"""

import os
import re
from collections.abc import Mapping
from datetime import date
from html import escape
from pathlib import Path, PurePosixPath
from types import MethodType
from typing import Any

from jinja2 import Environment
from mkdocs.config import base
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import BasePlugin, event_priority
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.nav import Navigation as MkDocsNavigation
from mkdocs.structure.pages import Page
from mkdocs.utils.templates import TemplateContext

from answerloop import cache as caches
from answerloop import catalog as catalogs
from answerloop import history, settings
from answerloop.cache import Cache
from answerloop.catalog import Catalog
from answerloop.history import Change
from answerloop.settings import Settings
from answerloop.site import context, markup, navigation, theming
from answerloop.site.pages import Subject, not_found
from answerloop.site.printing import Press

_HREF = re.compile(r'(?P<head><a\b[^>]*?\bhref=")(?P<url>/[^"#?]*)(?P<rest>[^"]*")')


# Of Material's files those for its own search, which `search.js` replaces, and for its developers.
_UNUSED = "assets/javascripts/lunr/"

_HARMLESS = (int, float, date, type(None))


class SitePlugin(BasePlugin[base.LegacyConfig]):  # type: ignore[no-untyped-call]  # MkDocs types no __init_subclass__
    """Leaves unpublished articles out, adds homes and categories, and dresses each page."""

    def __init__(self) -> None:
        self.html: dict[PurePosixPath, str] = {}
        self._catalog: Catalog | None = None
        self._settings: Settings | None = None
        self._changes: Mapping[PurePosixPath, Change] = {}
        self._subjects: dict[str, Subject] = {}
        self._navigations: Mapping[str, navigation.Navigation] = {}
        self._is_prepared = False
        self._cache = caches.NONE
        self._before: Path | None = None
        self._converter: markup.Converter | None = None
        self._press: Press | None = None
        self._days: dict[str, str] = {}

    def prepare(
        self, catalog: Catalog, known: Settings, changes: Mapping[PurePosixPath, Change]
    ) -> None:
        """Take over what `kb build` has read already."""
        self._catalog, self._settings, self._changes = catalog, known, changes
        self._is_prepared = True

    def remember(self, cache: Cache, before: Path | None) -> None:
        """Spare what is the same as in an earlier build; `before` is the site published now."""
        self._cache, self._before = cache, before

    @property
    def catalog(self) -> Catalog:
        assert self._catalog is not None  # noqa: S101  on_config has run
        return self._catalog

    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        if not self._is_prepared:
            self._settings = settings.load(Path(config.config_file_path).parent, os.environ)
            self._catalog = catalogs.load(self._settings)
            self._changes = history.last_changes(self._settings.content_dir)
        self._navigations = navigation.of_all(
            {lang: self.catalog.home(lang) for lang in self.catalog.langs}
        )
        theming.dress(config)
        self._converter = markup.converter(config, self._cache)
        self._press = Press(config, self._cache, self._before)
        return config

    def on_env(self, env: Environment, config: MkDocsConfig, files: Files) -> Environment:  # noqa: ARG002  MkDocs names them
        if self._press:
            self._press.set_up(env)
        return env

    def on_files(self, files: Files, config: MkDocsConfig) -> Files:
        self._subjects = Subject.all_of(self.catalog)
        # MkDocs' own is the day of the build, so that no two builds would be alike.
        self._days = {str(path): each.at.date().isoformat() for path, each in self._changes.items()}
        self._days[""] = max(self._days.values(), default="")
        attachments = {str(path) for path in self.catalog.public_attachments}
        for file in list(files):
            # Of the content folder only what the catalog knows: MkDocs would copy `Secret.MD`.
            is_ours = file.src_dir == config.docs_dir
            is_unused = file.src_uri.startswith(_UNUSED) or file.src_uri.endswith(".map")
            if (file.src_uri not in attachments) if is_ours else is_unused:
                files.remove(file)
        for subject in self._subjects.values():
            files.append(_file(subject, config))
        return files

    def on_pre_page(self, page: Page, config: MkDocsConfig, files: Files) -> Page:  # noqa: ARG002  MkDocs names them
        subject = self._subjects[page.file.src_uri]

        def read_source(page: Page, _config: MkDocsConfig) -> None:
            page.markdown = subject.body
            page.meta = _safe_meta(subject)

        page.read_source = MethodType(read_source, page)  # type: ignore[method-assign]  # this page only: the article is parsed already
        days = self._days.get(subject.src_uri), self._days.get("")
        page.update_date = next(filter(None, days), page.update_date)
        if self._converter:
            page.render = MethodType(self._converter.render, page)  # type: ignore[method-assign]  # the same
        return page

    def on_page_content(self, html: str, page: Page, config: MkDocsConfig, files: Files) -> str:  # noqa: ARG002  MkDocs names them
        subject = self._subjects[page.file.src_uri]
        if subject.article:
            self.html[subject.article.path] = html
        return self._with_known_addresses(html, page)

    def on_page_context(
        self,
        context_: TemplateContext,
        /,
        *,
        page: Page,
        config: MkDocsConfig,
        nav: MkDocsNavigation,  # noqa: ARG002  MkDocs names it
    ) -> TemplateContext:
        subject = self._subjects[page.file.src_uri]
        context_.update(self._told(subject, config, _to_root(page)))  # type: ignore[typeddict-item]  # the theme's own names
        return context_

    @event_priority(-100)  # last: what any other hook makes of a page is part of it
    def on_post_page(self, output: str, page: Page, config: MkDocsConfig) -> str:  # noqa: ARG002  MkDocs names them
        if self._press:
            self._press.note(page, output)
        return output

    def on_template_context(
        self, context_: TemplateContext, /, *, template_name: str, config: MkDocsConfig
    ) -> TemplateContext:
        """The page for an address that leads nowhere is a template of the theme, not a page."""
        if template_name == "404.html":
            to_root = str(context_["base_url"]).rstrip("/")
            told = self._told(not_found(self.catalog), config, to_root)
            context_.update(told)  # type: ignore[typeddict-item]  # the theme's own names
        return context_

    def _told(self, subject: Subject, config: MkDocsConfig, to_root: str) -> dict[str, Any]:
        theming.speak(config, subject, self.catalog)
        listed = self._navigations.get(subject.lang)
        return {
            **context.of(subject, self.catalog, self._changes, self._known),
            "kb_nav": listed.html(subject.url, to_root) if listed else "",
        }

    @property
    def _known(self) -> Settings:
        assert self._settings is not None  # noqa: S101  on_config has run
        return self._settings

    def _with_known_addresses(self, html: str, page: Page) -> str:
        """Links to an address that an article once had lead to where it is now."""
        found = {**self.catalog.redirects, **self.catalog.by_url}
        to_root = _to_root(page)

        def resolve(match: re.Match[str]) -> str:
            url = match["url"]
            article = next((found[at] for at in (url, f"{url}/") if at in found), None)
            return f"{match['head']}{to_root}{article.url}{match['rest']}" if article else match[0]

        return _HREF.sub(resolve, html)


def _file(subject: Subject, config: MkDocsConfig) -> File:
    file = File(
        subject.src_uri,
        src_dir=None if subject.article is None else config.docs_dir,
        dest_dir=config.site_dir,
        use_directory_urls=True,
        dest_uri=f"{subject.url.lstrip('/')}index.html",
        inclusion=InclusionLevel.INCLUDED,
    )
    if subject.article is None:
        file.generated_by = "answerloop"
        file.content_string = subject.body
    return file


def _to_root(page: Page) -> str:
    depth = page.file.dest_uri.count("/")
    return "/".join([".."] * depth) or "."


def _safe_meta(subject: Subject) -> dict[str, Any]:
    """Front matter as the theme may print it: MkDocs' templates do not escape."""
    meta = {key: _escaped(value) for key, value in subject.other.items() if key != "template"}
    if not isinstance(meta.get("hide"), list):
        meta.pop("hide", None)  # the theme looks for words in it
    meta["title"] = escape(subject.title)
    if subject.description:
        meta["description"] = escape(subject.description)
    meta["template"] = subject.template
    return meta


def _escaped(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return [_escaped(item) for item in value]
    if isinstance(value, dict):
        return {escape(str(key)): _escaped(item) for key, item in value.items()}
    return value if isinstance(value, _HARMLESS) else escape(str(value))
