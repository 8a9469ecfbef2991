"""Pages that need no rendering, because the version before holds the same.

A page is what its template makes of what it is told. Where the templates are this program's and
Material's alone, all that they are told has a name (`fingerprints`), and a page of the same name
as one of the version before *is* that page: it gets a second name on the disk and is neither
rendered nor written. Other templates, hooks and plugins may look at anything, so with them each
page is rendered.
"""

import hashlib
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import jinja2
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.pages import Page

from answerloop import sharing
from answerloop.cache import Cache, digest
from answerloop.site import fingerprints

# What MkDocs tells every template. Of these `page` and `config` are named part by part, and the
# others say nothing about a page beside the settings, unless a feature prints the navigation.
_OF_MKDOCS = frozenset(
    {"nav", "pages", "base_url", "extra_css", "extra_javascript", "mkdocs_version"}
    | {"build_date_utc", "config", "page"}
)
_WITHOUT_NAVIGATION = frozenset({"navigation.top"})


class Press:
    """Prints the pages of one build; knows those of the version before."""

    def __init__(self, config: MkDocsConfig, cache: Cache, before: Path | None) -> None:
        self._config = config
        self._cache = cache
        self._before = before
        self._site = Path(config.site_dir)
        self._named: bytes | None = None
        self._listed: str | None = None
        self._pending: dict[str, bytes] = {}
        self._glanced: dict[str, bytes] = {}
        if _has_only_known_templates(config):
            try:
                self._named = fingerprints.of_config(config)
            except fingerprints.Unnamed:
                return

    @property
    def named(self) -> bytes | None:
        """The name of all settings; None where pages have to be rendered each time."""
        return self._named

    @property
    def theme(self) -> Mapping[str, Any]:
        """The settings of the theme."""
        return {name: self._config.theme[name] for name in self._config.theme}

    def glance(self, page: Page, key: bytes) -> bool:
        """Put the page of the version before into its place, if it was made of what `key` names."""
        kept = self._cache.get("glance", key)
        if kept is not None and self._take(page.file.dest_uri, kept["printed"]):
            self._cache.hold("page", bytes.fromhex(kept["page"]))
            return True
        return False

    def expect(self, page: Page, key: bytes) -> None:
        """Remember what the page becomes under the name of what it is made of."""
        self._glanced[page.file.dest_uri] = key

    def set_up(self, env: jinja2.Environment) -> None:
        """Have the pages of this environment printed here."""
        press = self

        class Template(env.template_class):  # type: ignore[misc,name-defined]  # whichever it has
            def render(self, *arguments: Any, **values: Any) -> str:
                context = arguments[0] if arguments else {}
                if press.reprint(context):
                    return ""  # what is empty MkDocs does not write
                return str(super().render(*arguments, **values))

        env.template_class = Template

    def reprint(self, context: Mapping[str, Any]) -> bool:
        """Put the page of the version before into its place, if it is the same."""
        page = context.get("page")
        if self._named is None or page is None:
            return False
        try:
            key = digest(self._named, *self._told(page, context))
        except fingerprints.Unnamed:
            return False
        self._pending[page.file.dest_uri] = key
        printed = self._cache.get("page", key)
        if printed is None or not self._take(page.file.dest_uri, printed):
            return False
        self._note_glance(page, key, printed)
        return True

    def note(self, page: Page, output: str) -> None:
        """Remember what a page became in the end."""
        key = self._pending.pop(page.file.dest_uri, None)
        if key is not None and output:
            written = output.encode("utf-8", errors="xmlcharrefreplace")
            printed = hashlib.sha256(written).hexdigest()
            self._cache.put("page", key, printed)
            self._note_glance(page, key, printed)

    def _note_glance(self, page: Page, key: bytes, printed: str) -> None:
        """`key` is what a build asks for that looks closer, and is not to be forgotten."""
        glanced = self._glanced.pop(page.file.dest_uri, None)
        if glanced is not None:
            self._cache.put("glance", glanced, {"printed": printed, "page": key.hex()})

    def _take(self, name: str, printed: str) -> bool:
        """Give the page of the version before a second name, if it holds what is expected."""
        if self._before is None:
            return False
        there, here = f"{self._before}/{name}", f"{self._site}/{name}"
        try:
            with open(there, "rb") as file:  # noqa: PTH123  a path object for each page takes longer
                if hashlib.sha256(file.read()).hexdigest() != printed:
                    return False
            os.makedirs(os.path.dirname(here), exist_ok=True)  # noqa: PTH103, PTH120  the same
            sharing.link(there, here)
        except OSError:
            return False
        return True

    def _told(self, page: Page, context: Mapping[str, Any]) -> list[str]:
        """All that the templates are told of a page. Raises fingerprints.Unnamed."""
        nav = str(context.get("kb_nav", ""))
        ours = {name: context[name] for name in context if name not in (*_OF_MKDOCS, "kb_nav")}
        about = [
            [page.file.src_uri, page.file.dest_uri, page.title, page.meta, page.is_homepage],
            [page.canonical_url, page.edit_url, page.update_date],
            [_neighbour(page.previous_page), _neighbour(page.next_page)],
            [[above.title for above in page.ancestors], _entries(page.toc)],
            [self.theme, self._config.extra],
            [context.get("base_url"), context.get("extra_css"), context.get("extra_javascript")],
        ]
        return [
            fingerprints.of(ours),
            fingerprints.of(about),
            nav,
            page.content or "",
            self._nav(context),
        ]

    def _nav(self, context: Mapping[str, Any]) -> str:
        """The whole navigation of MkDocs, where Material may print some of it."""
        features = self._config.theme["features"]
        if not any(_prints_navigation(feature) for feature in features):
            return ""
        if self._listed is None:
            pages = context["nav"].pages
            self._listed = fingerprints.of([[page.title, page.url] for page in pages])
        return self._listed


def _prints_navigation(feature: str) -> bool:
    return feature.startswith("navigation.") and feature not in _WITHOUT_NAVIGATION


def _has_only_known_templates(config: MkDocsConfig) -> bool:
    return (
        not config.theme.custom_dir and not config.hooks and set(config.plugins) == {"answerloop"}
    )


def _neighbour(page: Page | None) -> list[str]:
    return [str(page.title), page.url] if page else []


def _entries(entries: Any) -> list[Any]:
    return [[each.title, each.id, each.level, _entries(each.children)] for each in entries]
