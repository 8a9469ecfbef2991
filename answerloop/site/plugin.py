"""The MkDocs plugin: a thin adapter from the catalog to MkDocs' pages.

Runs inside `kb build`, which hands it the articles already read; under plain `mkdocs serve` it
reads them itself, so that an author's preview shows the same pages.
"""

import logging
import os
from pathlib import Path, PurePosixPath
from types import MethodType
from typing import TYPE_CHECKING, Any

from jinja2 import Environment
from mkdocs.config import base
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import BasePlugin, event_priority
from mkdocs.structure.files import Files
from mkdocs.structure.nav import Navigation as MkDocsNavigation
from mkdocs.structure.pages import Page
from mkdocs.utils.templates import TemplateContext

from answerloop import cache as caches
from answerloop import catalog as catalogs
from answerloop import cleaning, history, settings, wording
from answerloop.cache import Cache
from answerloop.catalog import Catalog
from answerloop.machines.head import Said
from answerloop.machines.public import Public
from answerloop.settings import Settings
from answerloop.site import (
    anchors,
    context,
    heads,
    markup,
    navigation,
    printable,
    related,
    sparing,
    templates,
    theming,
)
from answerloop.site import (
    files as files_of_site,
)
from answerloop.site.addresses import Addresses
from answerloop.site.pages import Subject, not_found, shells, unlisted
from answerloop.site.past import Past
from answerloop.site.printing import Press

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_ABOUT = "<!--kb:about-->"
"""Where the article's template says how old the text is."""

_LOG = logging.getLogger("mkdocs.plugins.answerloop")


class SitePlugin(BasePlugin[base.LegacyConfig]):  # type: ignore[no-untyped-call]  # MkDocs types no __init_subclass__
    """Leaves unpublished articles out, adds homes and categories, and dresses each page."""

    def __init__(self) -> None:
        self.html: dict[PurePosixPath, str] = {}
        self._catalog: Catalog | None = None
        self._settings: Settings | None = None
        self._past = Past()
        self._related: related.Relations = {}
        self._env: Environment | None = None
        self._public: Public | None = None
        self._subjects: dict[str, Subject] = {}
        self._navigations: Mapping[str, navigation.Navigation] = {}
        self._is_prepared = False
        self._cache = caches.NONE
        self._before: Path | None = None
        self._key = b""
        self._converter: markup.Converter | None = None
        self._press: Press | None = None
        self._glance: sparing.Glance | None = None
        self._files: files_of_site.SiteFiles | None = None
        self._days: dict[str, str] = {}

    def prepare(self, catalog: Catalog, known: Settings, past: Past) -> None:
        """Take over what `kb build` has read already."""
        self._catalog, self._settings, self._past = catalog, known, past
        self._is_prepared = True

    def remember(self, cache: Cache, before: Path | None, key: bytes) -> None:
        """Spare what is the same as in an earlier build; `before` is the site published now.

        `key` signs what only this installation may have kept; without one it is made again.
        """
        self._cache, self._before, self._key = cache, before, key

    @property
    def catalog(self) -> Catalog:
        assert self._catalog is not None  # noqa: S101  on_config has run
        return self._catalog

    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        if not self._is_prepared:
            self._settings = settings.load(Path(config.config_file_path).parent, os.environ)
            self._catalog = catalogs.load(self._settings)
            self._past = Past(history.last_changes(self._settings.content_dir))
        wording.use(self._known.root)
        self._navigations = navigation.of_all(
            {lang: self.catalog.home(lang) for lang in self.catalog.langs}
        )
        self._related = related.of(self.catalog, self._cache)
        self._addresses = Addresses(self.catalog)
        theming.dress(config)
        self._marks = theming.Marks(config)
        self._public = Public(
            self.catalog,
            config.site_name,
            config.site_url or "",
            changes=self._past.changes,
            born=self._past.born,
            shells=shells(self.catalog),
        )
        self._converter = markup.converter(config, self._cache, trusted=self._known.site.trusted)
        self._press = Press(config, self._cache, self._before)
        self._glance = sparing.glance(
            self._converter, self._press, self._public, known=self._known, shown=self._past.shown
        )
        return config

    def on_files(self, files: Files, config: MkDocsConfig) -> Files:
        self._subjects = Subject.all_of(self.catalog)
        # MkDocs' own is the day of the build, so that no two builds would be alike.
        self._days = {
            str(path): each.at.date().isoformat() for path, each in self._past.changes.items()
        }
        self._days[""] = max(self._days.values(), default="")
        attachments = {str(path) for path in self.catalog.public_attachments}
        self._files = files_of_site.of(files, self._subjects.values(), attachments, config)
        return self._files

    def on_nav(
        self, nav: MkDocsNavigation, /, *, config: MkDocsConfig, files: Files
    ) -> MkDocsNavigation:
        """All pages are known by now; spare MkDocs those that are there already."""
        if self._glance and self._files:
            for page in [file.page for file in self._files.documentation_pages() if file.page]:
                subject = self._subjects[page.file.src_uri]
                page.update_date = self._day(page)
                if self._glance.spares(subject, page, config, files):
                    self._hand_over(subject, page.content or "", self._glance.converter.removed)
                    self._files.spared[subject.src_uri] = page.file
                    sparing.let_go(page)
        return nav

    def _day(self, page: Page) -> str:
        days = self._days.get(page.file.src_uri), self._days.get("")
        return next(filter(None, days), page.update_date)

    def on_pre_page(self, page: Page, config: MkDocsConfig, files: Files) -> Page:  # noqa: ARG002  MkDocs names them
        subject = self._subjects[page.file.src_uri]

        def read_source(page: Page, _config: MkDocsConfig) -> None:
            page.markdown = subject.body
            page.meta = printable.meta(subject)

        page.read_source = MethodType(read_source, page)  # type: ignore[method-assign]  # this page only: the article is parsed already
        page.update_date = self._day(page)
        if self._converter:
            page.render = MethodType(self._converter.render, page)  # type: ignore[method-assign]  # the same
        return page

    def on_page_content(self, html: str, page: Page, config: MkDocsConfig, files: Files) -> str:  # noqa: ARG002  MkDocs names them
        subject = self._subjects[page.file.src_uri]
        removed = self._converter.removed if self._converter else ()
        if not self._converter and not self._known.site.trusted:
            clean = cleaning.clean(html)
            html, removed = clean.html, clean.removed
        self._hand_over(subject, html, removed)
        if self._glance:
            self._glance.remember(subject, page)
        linked = self._addresses.followed(html, _to_root(page.file.dest_uri))
        if not subject.is_article:
            return linked
        marked = linked.replace("</h1>", f"</h1>{_ABOUT}", 1)
        return anchors.linked(marked, wording.wording(subject.lang))

    def _hand_over(self, subject: Subject, html: str, removed: "Sequence[str]") -> None:
        """Give out an article before the theme, and tell its author what was taken out of it."""
        _tell_removed(removed, subject)
        if subject.article:
            self.html[subject.article.path] = html

    def on_post_template(
        self,
        output_content: str,
        template_name: str,  # noqa: ARG002  MkDocs names it
        config: MkDocsConfig,  # noqa: ARG002  MkDocs names it
    ) -> str:
        return self._marks.on(output_content)

    def on_post_build(self, *, config: MkDocsConfig) -> None:
        """MkDocs looks into the links of the pages that it made; the others have links, too."""
        if self._files:
            level = config.validation.links.anchors
            for file in self._files.spared.values():
                if file.page:
                    file.page.validate_anchor_links(files=self._files, log_level=level)

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
        context_["kb_contents"] = printable.contents(page) if subject.is_article else []  # type: ignore[typeddict-unknown-key]  # the theme's own name
        told = self._told(subject, config, _to_root(page.file.dest_uri))
        assert self._public is not None  # noqa: S101  on_config has run
        told["kb_machines"] = heads.of(
            subject,
            self._public,
            Said(page.content or ""),
            breadcrumbs=told["kb"]["breadcrumbs"],
            logo=config.theme.get("logo"),
        )
        context_.update(told)  # type: ignore[typeddict-item]  # the theme's own names
        return context_

    @event_priority(-100)  # last: what any other hook makes of a page is part of it
    def on_post_page(self, output: str, page: Page, config: MkDocsConfig) -> str:  # noqa: ARG002  MkDocs names them
        marked = self._marks.on(output)
        if self._press:
            self._press.note(page, marked)
        if self._glance:
            sparing.let_go(page)
        return marked

    def on_template_context(
        self, context_: TemplateContext, /, *, template_name: str, config: MkDocsConfig
    ) -> TemplateContext:
        """The page for an address that leads nowhere is a template of the theme, not a page."""
        if template_name == "404.html":
            to_root = str(context_["base_url"]).rstrip("/")
            self._write_unlisted(context_, config, to_root)
            told = self._told(not_found(self.catalog), config, to_root)
            context_.update(told)  # type: ignore[typeddict-item]  # the theme's own names
        return context_

    def on_env(self, env: Environment, /, *, config: MkDocsConfig, files: Files) -> Environment:  # noqa: ARG002  MkDocs names them
        self._env = env
        if self._key:
            env.bytecode_cache = templates.Compiled(self._cache, self._key)
        if self._press:
            self._press.set_up(env)
        return env

    def _write_unlisted(self, shared: TemplateContext, config: MkDocsConfig, to_root: str) -> None:
        """Beside MkDocs' one page for what is not there stand those that only we know of."""
        assert self._env is not None  # noqa: S101  on_env has run
        for subject in unlisted(self.catalog):
            way = _to_root(subject.file) if subject.is_at_one_address else to_root
            told = {**shared, "base_url": way or "/", **self._told(subject, config, way)}
            file = Path(config.site_dir) / subject.file
            file.parent.mkdir(parents=True, exist_ok=True)
            rendered = self._env.get_template(subject.template).render(told)
            file.write_text(self._marks.on(rendered), encoding="utf-8")

    def _told(self, subject: Subject, config: MkDocsConfig, to_root: str) -> dict[str, Any]:
        theming.speak(config, subject, self.catalog)
        listed = self._navigations.get(subject.lang)
        return {
            **context.of(subject, self.catalog, self._past.changes, self._known),
            **context.beside(subject, self._past.shown, self._related, self.catalog),
            "kb_nav": listed.html(subject.url, to_root) if listed else "",
        }

    @property
    def _known(self) -> Settings:
        assert self._settings is not None  # noqa: S101  on_config has run
        return self._settings


def _tell_removed(removed: "Sequence[str]", subject: Subject) -> None:
    """Tell the author what was taken out of a page."""
    if removed:
        shown = " ".join(removed[:3])
        _LOG.warning(
            f"{subject.src_uri}: HTML that articles may not hold was taken out or made a link: "
            f"{shown[:300]} Write it as Markdown, or see `site.trusted` in the manual."
        )


def _to_root(file: str) -> str:
    """The way from a page's file to the root of the site."""
    depth = file.count("/")
    return "/".join([".."] * depth) or "."
