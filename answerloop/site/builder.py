"""Builds the site with MkDocs, in this process."""

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from mkdocs.commands.build import build as build_with_mkdocs
from mkdocs.config import load_config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import MkDocsException
from mkdocs.utils.yaml import yaml_load

from answerloop import cache as caches
from answerloop.articles import Article
from answerloop.cache import Cache
from answerloop.catalog import Catalog
from answerloop.errors import BuildError
from answerloop.rendering import Renderer
from answerloop.settings import Settings
from answerloop.site import plugin
from answerloop.site.past import Past

# The search plugins fetch and build a whole index in every reader's browser.
_REPLACED_PLUGINS = frozenset({"search", "material/search", "answerloop"})


@dataclass(frozen=True, slots=True)
class Site:
    """A built site: the HTML of each public article before the theme, and MkDocs' complaints.

    `url` is its public address with the last slash, empty when it is not known.
    """

    html: Mapping[PurePosixPath, str]
    warnings: tuple[str, ...]
    name: str
    url: str

    def page_of(self, article: Article) -> str:
        """The HTML of an article before the theme, empty when it has no page."""
        return self.html.get(article.path, "")


@dataclass(frozen=True, slots=True)
class Kept:
    """What earlier builds left: their results, and the site that is published now, if any.

    `key` signs those results that a build would run.
    """

    cache: Cache
    site: Path | None
    key: bytes = b""


NOTHING_KEPT = Kept(caches.NONE, None)


def build(
    catalog: Catalog,
    settings: Settings,
    site_dir: Path,
    past: Past,
    *,
    kept: Kept = NOTHING_KEPT,
) -> Site:
    """Write the public site into `site_dir`, sparing what is the same as before.

    Raises BuildError when MkDocs refuses its configuration or a page.
    """
    with _mkdocs_log() as warnings:
        try:
            config = _config(settings, site_dir)
            adapter = _adapter(config)
            adapter.prepare(catalog, settings, past)
            adapter.remember(kept.cache, kept.site, kept.key)
            build_with_mkdocs(config)
        except (MkDocsException, SystemExit) as problem:
            raise BuildError(_reason(problem, warnings, settings)) from None
        except Exception:
            # What the Markdown extensions that the author chose raise may be anything.
            if not (warnings and warnings[-1].startswith("Error reading page")):
                raise
            raise BuildError(_reason(None, warnings, settings)) from None
    html = adapter.html
    vars(adapter).clear()  # MkDocs holds on to it, and it to every page
    return Site(html, tuple(warnings), config.site_name, config.site_url or "")


def renderer(settings: Settings) -> Renderer:
    """Markdown with the extensions that the site uses."""
    with _mkdocs_log() as warnings:
        try:
            config = _config(settings, settings.root / "site")
        except MkDocsException as problem:
            raise BuildError(_reason(problem, warnings, settings)) from None
    return Renderer(config.markdown_extensions, config.mdx_configs)


def _config(settings: Settings, site_dir: Path) -> MkDocsConfig:
    config = load_config(
        config_file=str(settings.mkdocs_yml),
        site_dir=str(site_dir),
        plugins=_plugins(settings),
        **_defaults(settings),
    )
    assert isinstance(config, MkDocsConfig)  # noqa: S101  what load_config says it gives
    return config


def _adapter(config: MkDocsConfig) -> plugin.SitePlugin:
    adapter = config.plugins["answerloop"]
    if not isinstance(adapter, plugin.SitePlugin):
        raise BuildError("Another MkDocs plugin is called `answerloop`; remove it.")
    return adapter


def _defaults(settings: Settings) -> dict[str, Any]:
    """What a plain mkdocs.yml leaves open."""
    site = _read(settings)
    chosen: dict[str, Any] = {"site_name": settings.site_name}
    theme = site.get("theme")
    if theme is None or theme in ("mkdocs", "readthedocs"):
        chosen["theme"] = {"name": "material"}
    elif isinstance(theme, dict) and "name" not in theme:
        chosen["theme"] = {"name": "material", **theme}
    if settings.site.url:
        chosen["site_url"] = settings.site.url
    return chosen


def _plugins(settings: Settings) -> list[Any]:
    """The author's plugins, with ours first and without the searches it replaces."""
    named = _read(settings).get("plugins") or []
    if isinstance(named, dict):
        named = [{name: options} for name, options in named.items()]
    listed = [named] if isinstance(named, str) else named
    kept = [
        item
        for item in listed
        if (next(iter(item)) if isinstance(item, dict) else item) not in _REPLACED_PLUGINS
    ]
    return ["answerloop", *kept]


def _read(settings: Settings) -> dict[str, Any]:
    with settings.mkdocs_yml.open("rb") as stream:
        return yaml_load(stream)


def _reason(problem: BaseException | None, warnings: list[str], settings: Settings) -> str:
    said = [str(problem)] if problem and str(problem) else []
    return f"{settings.mkdocs_yml}: MkDocs stopped: " + " ".join(map(_brief, said + warnings[-3:]))


def _brief(message: str) -> str:
    """The message on one line, and of a traceback in it only its end."""
    rows = message.strip().split("\n")
    return " ".join([rows[0], *(row for row in rows[1:] if not row.startswith(" "))])


@contextmanager
def _mkdocs_log() -> Iterator[list[str]]:
    """Collect MkDocs' warnings instead of printing them."""
    said: list[str] = []

    class Collector(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            message = record.getMessage()
            if message not in said:  # links may be followed twice
                said.append(message)

    handler = Collector(level=logging.WARNING)
    logger = logging.getLogger("mkdocs")
    propagated, logger.propagate = logger.propagate, False
    logger.addHandler(handler)
    try:
        yield said
    finally:
        logger.removeHandler(handler)
        logger.propagate = propagated
