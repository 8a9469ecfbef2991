"""Markdown to HTML outside the site: for articles that have no page, and for the index alone."""

from collections.abc import Mapping, Sequence
from typing import Any

from markdown import Markdown


class Renderer:
    """One Markdown converter, used for article after article.

    `extensions` and `configs` are those of the site, so that anchors are the same on the page
    and in the index. Not safe for use by several threads at once.
    """

    def __init__(self, extensions: Sequence[str], configs: Mapping[str, Mapping[str, Any]]) -> None:
        self._markdown = Markdown(
            extensions=list(extensions),
            extension_configs={name: dict(config) for name, config in configs.items()},
        )

    def html(self, body: str) -> str:
        self._markdown.reset()
        return self._markdown.convert(body)
