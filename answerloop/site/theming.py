"""Material's settings: our overrides, no foreign host, and the language of each page."""

import hashlib
import re
from functools import lru_cache, partial
from importlib import resources
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError

from answerloop import languages
from answerloop.catalog import Catalog
from answerloop.site import templates
from answerloop.site.pages import Subject

_THEME = Path(str(resources.files("answerloop") / "theme"))
_LANGUAGE_FILES = "partials/languages"
_OWN_ASSET = re.compile(r'(?P<name>assets/answerloop/[\w.-]+\.(?:css|js|svg))(?=")')
_MARK_LENGTH = 8
_STOCK_FAVICON = "assets/images/favicon.png"
_THEMES = ("material", "materialx")


def dress(config: MkDocsConfig) -> None:
    """Put our templates before Material's and switch off what asks other hosts.

    Raises PluginError for another theme, whose templates ours would not fit.
    """
    theme = config.theme
    if theme.name not in _THEMES:
        raise PluginError(f"`theme: {theme.name}`: only `material` is supported; write it there.")
    theme.dirs.insert(1 if theme.custom_dir else 0, str(_THEME))
    theme.get_env = partial(templates.environment, theme)  # type: ignore[method-assign]  # this theme only
    theme["font"] = False
    theme["features"] = [*(theme.get("features") or []), "content.code.copy", "navigation.top"]
    if not theme.get("palette"):
        theme["palette"] = _palette()
    if theme["favicon"] == _STOCK_FAVICON and not (Path(config.docs_dir) / _STOCK_FAVICON).exists():
        theme["favicon"] = "assets/answerloop/favicon.svg"
    config.extra_css.insert(0, "assets/answerloop/answerloop.css")
    config.extra.setdefault("generator", False)
    # `answerloop.machines.sitemap` writes one that knows translations and the day of each change.
    theme.static_templates.discard("sitemap.xml")
    # Else one of Material's scripts differs from folder to folder, and each would need its hash.
    config.extra["scope"] = "/"


def _palette() -> list[dict[str, Any]]:
    """Light, dark, and what the reader's system prefers; the template translates the names."""
    toggle = "material/brightness-{}"
    return [
        {
            "media": "(prefers-color-scheme: light)",
            "scheme": "default",
            "primary": "custom",
            "accent": "custom",
            "toggle": {"icon": toggle.format(4), "name": "Switch to dark colours"},
        },
        {
            "media": "(prefers-color-scheme: dark)",
            "scheme": "slate",
            "primary": "custom",
            "accent": "custom",
            "toggle": {"icon": toggle.format(7), "name": "Switch to light colours"},
        },
    ]


class Marks:
    """Names the content of our scripts and styles in their addresses.

    So a browser may keep each for good, and fetches what a new version of us has changed. The
    files keep their names: an address without its mark works, too.
    """

    def __init__(self, config: MkDocsConfig) -> None:
        self._folders = [Path(folder) for folder in config.theme.dirs]
        self._known: dict[str, str] = {}

    def on(self, html: str) -> str:
        """The page with the marks."""
        return _OWN_ASSET.sub(lambda found: self._marked(found["name"]), html)

    def _marked(self, name: str) -> str:
        if name not in self._known:
            files = (folder / name for folder in self._folders)
            file = next((file for file in files if file.is_file()), None)
            digits = hashlib.sha256(file.read_bytes()).hexdigest() if file else ""
            self._known[name] = f"{name}?v={digits[:_MARK_LENGTH]}" if file else name
        return self._known[name]


def speak(config: MkDocsConfig, subject: Subject, catalog: Catalog) -> None:
    """Set the language of the page that is rendered next.

    Material asks for its words while a page is rendered, not before, so that one build can hold
    pages of many languages.
    """
    config.theme["language"] = _material_language(subject.lang, tuple(config.theme.dirs))
    config.theme["direction"] = languages.direction(subject.lang)
    home = catalog.home(subject.lang).url.lstrip("/") if subject.lang in catalog.langs else ""
    config.extra["homepage"] = home or "."
    # Material would print an `hreflang` for each of these, also where a page has no translation.
    config.extra.pop("alternate", None)


@lru_cache(maxsize=256)
def _material_language(lang: str, folders: tuple[str, ...]) -> str:
    for name in (lang, lang.partition("-")[0]):
        for folder in folders:
            if (Path(folder) / _LANGUAGE_FILES / f"{name}.html").exists():
                return name
    return "en"
