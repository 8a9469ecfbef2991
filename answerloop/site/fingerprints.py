"""Names for what decides how a page looks: settings, values and the values within them.

Only what can be named in full gets a name. A value whose meaning could change while its name
stays (a function of the author's own) has none, and what depends on it is made each time.
"""

import json
from collections.abc import Callable, Mapping
from datetime import date
from enum import Enum
from functools import partial
from pathlib import PurePath
from typing import Any

from babel import Locale
from mkdocs.config.defaults import MkDocsConfig

from answerloop import cache, wording
from answerloop.wording import Wording

# Whose functions change only with their version, which `cache.program` names.
_KNOWN = frozenset({"answerloop", "markdown", "material", "mkdocs", "pymdownx"})
# Where MkDocs reads and writes, and which files, decides nothing about the page of one of them;
# the theme's settings change from page to page.
_BESIDE = frozenset(
    {"config_file_path", "docs_dir", "site_dir", "watch", "hooks", "plugins", "theme"}
    | {"exclude_docs", "draft_docs", "not_in_nav"}
)


class Unnamed(Exception):  # noqa: N818  no error: such a page is made each time
    """A value that has no name."""


def of(value: Any) -> str:
    """The name of a value. Raises Unnamed."""
    try:
        return json.dumps(value, sort_keys=True, default=_named)
    except (TypeError, ValueError) as problem:
        raise Unnamed(str(problem)) from None


def of_config(config: MkDocsConfig) -> bytes:
    """The name of all settings of a site with this program. Raises Unnamed."""
    settings = {key: config[key] for key in config if key not in _BESIDE}
    return cache.digest(cache.program(), of(settings), *wording.sources())


def _named(value: Any) -> Any:
    if isinstance(value, partial):
        return ["partial", _named(value.func), list(value.args), dict(value.keywords)]
    if isinstance(value, Enum):
        return [type(value).__name__, value.name]
    if isinstance(value, date | PurePath | Locale):
        return str(value)
    if isinstance(value, set | frozenset):
        return sorted(value)
    if isinstance(value, Mapping):
        return dict(value)
    if callable(value):
        return _function(value)
    raise Unnamed(f"{type(value).__name__}: has no name")


def _function(value: Callable[..., Any]) -> str:
    """A function without a memory of its own, or the words of the page's language."""
    if isinstance(value, Wording):
        return "wording"  # the language is named beside it; `of_config` names what is said in it
    module = getattr(value, "__module__", None) or ""
    name = getattr(value, "__qualname__", None)
    remembers = getattr(value, "__closure__", None) or getattr(value, "__self__", None) is not None
    if name is None or remembers:
        raise Unnamed(f"{value}: no plain function")
    if module.partition(".")[0] not in _KNOWN:
        raise Unnamed(f"{value}: not a function of a known library")
    return f"{module}.{name}"
