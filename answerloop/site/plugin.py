"""The MkDocs plugin: a thin adapter from the catalog to MkDocs' pages.

Runs inside `kb build`, which hands it the articles already read; under plain `mkdocs serve` it
reads them itself, so that an author's preview shows the same pages.
"""

import logging
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from html import escape
from pathlib import Path, PurePosixPath
from types import MethodType
from typing import Any

from jinja2 import Environment
from mkdocs.config import base
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import BasePlugin
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.nav import Navigation as MkDocsNavigation
from mkdocs.structure.pages import Page
from mkdocs.structure.toc import AnchorLink
from mkdocs.utils.templates import TemplateContext

from answerloop import catalog as catalogs
from answerloop import cleaning, history, settings, wording
from answerloop.catalog import Catalog
from answerloop.highlights import Highlights
from answerloop.history import Change
from answerloop.machines.public import Public
from answerloop.settings import Settings
from answerloop.site import anchors, context, heads, navigation, related, theming
from answerloop.site.pages import Subject, not_found, shells, unlisted

_HREF = re.compile(r'(?P<head><a\b[^>]*?\bhref=")(?P<url>/[^"#?]*)(?P<rest>[^"]*")')


_ABOUT = "<!--kb:about-->"
"""Where the article's template says how old the text is."""
_FEWEST_HEADINGS = 3

_LOG = logging.getLogger("mkdocs.plugins.answerloop")
_HARMLESS = (int, float, date, type(None))


class SitePlugin(BasePlugin[base.LegacyConfig]):  # type: ignore[no-untyped-call]  # MkDocs types no __init_subclass__
    """Leaves unpublished articles out, adds homes and categories, and dresses each page."""

    def __init__(self) -> None:
        self.html: dict[PurePosixPath, str] = {}
        self._catalog: Catalog | None = None
        self._settings: Settings | None = None
        self._changes: Mapping[PurePosixPath, Change] = {}
        self._shown: Mapping[str, Highlights] = {}
        self._related: related.Relations = {}
        self._env: Environment | None = None
        self._born: Mapping[PurePosixPath, datetime] = {}
        self._public: Public | None = None
        self._subjects: dict[str, Subject] = {}
        self._navigations: Mapping[str, navigation.Navigation] = {}
        self._is_prepared = False

    def prepare(
        self,
        catalog: Catalog,
        known: Settings,
        changes: Mapping[PurePosixPath, Change],
        *,
        shown: Mapping[str, Highlights],
        born: Mapping[PurePosixPath, datetime],
    ) -> None:
        """Take over what `kb build` has read already."""
        self._catalog, self._settings, self._changes = catalog, known, changes
        self._shown, self._born = shown, born
        self._is_prepared = True

    @property
    def catalog(self) -> Catalog:
        assert self._catalog is not None  # noqa: S101  on_config has run
        return self._catalog

    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        if not self._is_prepared:
            self._settings = settings.load(Path(config.config_file_path).parent, os.environ)
            self._catalog = catalogs.load(self._settings)
            self._changes = history.last_changes(self._settings.content_dir)
        wording.use(self._known.root)
        self._navigations = navigation.of_all(
            {lang: self.catalog.home(lang) for lang in self.catalog.langs}
        )
        self._related = related.of(self.catalog)
        theming.dress(config)
        self._marks = theming.Marks(config)
        self._public = Public(
            self.catalog,
            config.site_name,
            config.site_url or "",
            changes=self._changes,
            born=self._born,
            shells=shells(self.catalog),
        )
        return config

    def on_files(self, files: Files, config: MkDocsConfig) -> Files:
        self._subjects = Subject.all_of(self.catalog)
        attachments = {str(path) for path in self.catalog.public_attachments}
        for file in list(files):
            # Of the content folder only what the catalog knows: MkDocs would copy `Secret.MD`.
            if file.src_dir == config.docs_dir and file.src_uri not in attachments:
                files.remove(file)
            elif file.src_uri == "sitemap.xml" and file.src_dir != config.docs_dir:
                files.remove(file)  # the theme's template, which is no file by itself
        for subject in self._subjects.values():
            files.append(_file(subject, config))
        return files

    def on_pre_page(self, page: Page, config: MkDocsConfig, files: Files) -> Page:  # noqa: ARG002  MkDocs names them
        subject = self._subjects[page.file.src_uri]

        def read_source(page: Page, _config: MkDocsConfig) -> None:
            page.markdown = subject.body
            page.meta = _safe_meta(subject)

        page.read_source = MethodType(read_source, page)  # type: ignore[method-assign]  # this page only: the article is parsed already
        return page

    def on_page_content(self, html: str, page: Page, config: MkDocsConfig, files: Files) -> str:  # noqa: ARG002  MkDocs names them
        subject = self._subjects[page.file.src_uri]
        if not self._known.site.trusted:
            html = _cleaned(html, subject)
        if subject.article:
            self.html[subject.article.path] = html
        linked = self._with_known_addresses(html, page)
        if not subject.is_article:
            return linked
        marked = linked.replace("</h1>", f"</h1>{_ABOUT}", 1)
        return anchors.linked(marked, wording.wording(subject.lang))

    def on_post_page(self, output: str, page: Page, config: MkDocsConfig) -> str:  # noqa: ARG002  MkDocs names them
        return self._marks.on(output)

    def on_post_template(
        self,
        output_content: str,
        template_name: str,  # noqa: ARG002  MkDocs names it
        config: MkDocsConfig,  # noqa: ARG002  MkDocs names it
    ) -> str:
        return self._marks.on(output_content)

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
        context_["kb_contents"] = _contents(page) if subject.is_article else []  # type: ignore[typeddict-unknown-key]  # the theme's own name
        told = self._told(subject, config, _to_root(page.file.dest_uri))
        assert self._public is not None  # noqa: S101  on_config has run
        told["kb_machines"] = heads.of(
            subject,
            self._public,
            page.content or "",
            breadcrumbs=told["kb"]["breadcrumbs"],
            logo=config.theme.get("logo"),
        )
        context_.update(told)  # type: ignore[typeddict-item]  # the theme's own names
        return context_

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
            file.write_text(rendered, encoding="utf-8")

    def _told(self, subject: Subject, config: MkDocsConfig, to_root: str) -> dict[str, Any]:
        theming.speak(config, subject, self.catalog)
        listed = self._navigations.get(subject.lang)
        return {
            **context.of(subject, self.catalog, self._changes, self._known),
            **context.beside(subject, self._shown, self._related, self.catalog),
            "kb_nav": listed.html(subject.url, to_root) if listed else "",
        }

    @property
    def _known(self) -> Settings:
        assert self._settings is not None  # noqa: S101  on_config has run
        return self._settings

    def _with_known_addresses(self, html: str, page: Page) -> str:
        """Links to an address that an article once had lead to where it is now."""
        found = {**self.catalog.redirects, **self.catalog.by_url}
        to_root = _to_root(page.file.dest_uri)

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
        dest_uri=subject.file,
        inclusion=InclusionLevel.INCLUDED,
    )
    if subject.article is None:
        file.generated_by = "answerloop"
        file.content_string = subject.body
    return file


def _contents(page: Page) -> list[dict[str, Any]]:
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


def _cleaned(html: str, subject: Subject) -> str:
    """What was rendered without what could run in a page; its author is told."""
    cleaned = cleaning.clean(html)
    if cleaned.removed:
        shown = " ".join(cleaned.removed[:3])
        _LOG.warning(
            f"{subject.src_uri}: HTML that articles may not hold was taken out or made a link: "
            f"{shown[:300]} Write it as Markdown, or see `site.trusted` in the manual."
        )
    return cleaned.html


def _to_root(file: str) -> str:
    """The way from a page's file to the root of the site."""
    depth = file.count("/")
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
