"""Markdown to the HTML of a page, once for each text: one converter, and what was converted before.

Only extensions that are known to depend on nothing but the text and their settings are trusted
so far; with any other MkDocs converts each page by itself, each time. What depends on other pages
(whether a link leads somewhere, and to which address) is found anew for each page, and a page for
which that has changed is converted again.
"""

from typing import TYPE_CHECKING, Any

from markdown import Markdown
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure import pages
from mkdocs.structure.files import Files
from mkdocs.structure.pages import Page
from mkdocs.structure.toc import get_toc

from answerloop import cleaning
from answerloop.cache import Cache, digest, program
from answerloop.site import fingerprints

if TYPE_CHECKING:
    from collections.abc import Sequence

_PLAIN = frozenset(
    {"abbr", "admonition", "attr_list", "codehilite", "def_list", "extra", "fenced_code"}
    | {"footnotes", "md_in_html", "meta", "nl2br", "sane_lists", "smarty", "tables", "toc"}
)
_PYMDOWN = frozenset(
    {"arithmatex", "betterem", "caret", "critic", "details", "emoji", "escapeall", "extra"}
    | {"highlight", "inlinehilite", "keys", "magiclink", "mark", "progressbar", "quotes"}
    | {"saneheaders", "smartsymbols", "snippets", "striphtml", "superfences", "tabbed"}
    | {"tasklist", "tilde"}
)
_TRUSTED = (
    _PLAIN
    | {f"markdown.extensions.{name}" for name in _PLAIN}
    | {f"pymdownx.{name}" for name in _PYMDOWN}
)
# What pulls in files of the author: settings of extensions, and the mark of a snippet.
_READS_FILES = ("auto_append", "custom_icons")
_SNIPPET = "8<"


def converter(config: MkDocsConfig, cache: Cache, *, trusted: bool) -> "Converter | None":
    """One for the pages of a site, None where its extensions are not known well enough.

    Unless the authors are `trusted`, what could run in a page is taken out of it.
    """
    configs = config.mdx_configs or {}
    try:
        named = fingerprints.of([config.markdown_extensions, configs])
    except fingerprints.Unnamed:
        return None
    if not _TRUSTED.issuperset(config.markdown_extensions):
        return None
    if any(setting in named for setting in _READS_FILES):
        return None
    return Converter(config, cache, f"{trusted} {named}", trusted=trusted)


class Converter:
    """Of the page that was rendered last `removed` is what was taken out of it.

    `made_of` names its text and its HTML; None where they may be others each time.
    """

    def __init__(self, config: MkDocsConfig, cache: Cache, named: str, *, trusted: bool) -> None:
        self._cache = cache
        self._named = named
        self._trusted = trusted
        self.removed: Sequence[str] = ()
        self.made_of: bytes | None = None
        self._recalled: dict[str, tuple[Sequence[str], bytes | None]] = {}
        self._markdown = Markdown(
            extensions=list(config.markdown_extensions),
            extension_configs=dict(config.mdx_configs or {}),
        )

    def render(self, page: Page, config: MkDocsConfig, files: Files) -> None:
        """What `Page.render` does."""
        if page.file.src_uri in self._recalled:
            self.removed, self.made_of = self._recalled.pop(page.file.src_uri)
        elif not self.recall(page, config, files):
            made = self._convert(page, config, files)
            self.removed, self.made_of = made["removed"], None
            if _SNIPPET not in (page.markdown or ""):
                key = self._key(page)
                self._cache.put("markup", key, made)
                self.made_of = digest(key, made["html"])

    def recall(self, page: Page, config: MkDocsConfig, files: Files) -> bool:
        """Take over what was converted before, unless a link leads elsewhere now.

        Links are followed as ever, so that MkDocs warns of those that lead nowhere.
        """
        if _SNIPPET in (page.markdown or ""):
            return False
        key = self._key(page)
        kept = self._cache.get("markup", key)
        links = _Links(page.file, files, config)
        if kept is None or any(links.path_to_url(url) != led for url, led in kept["links"]):
            return False
        _fill(page, kept, links)
        self.removed, self.made_of = kept["removed"], digest(key, kept["html"])
        self._recalled[page.file.src_uri] = self.removed, self.made_of
        return True

    def _key(self, page: Page) -> bytes:
        return digest(program(), self._named, page.file.src_uri, page.markdown or "")

    def _convert(self, page: Page, config: MkDocsConfig, files: Files) -> dict[str, Any]:
        raw = pages._RawHTMLPreprocessor()  # noqa: SLF001  what Page.render does, step by step
        anchors = pages._ExtractAnchorsTreeprocessor(page.file, files, config)  # noqa: SLF001  the same
        title = pages._ExtractTitleTreeprocessor()  # noqa: SLF001  the same
        links = _Links(page.file, files, config)
        self._markdown.reset()
        for part in (raw, anchors, links, title):
            part._register(self._markdown)  # noqa: SLF001  the same
        html = self._markdown.convert(page.markdown or "")
        clean = cleaning.Clean(html) if self._trusted else cleaning.clean(html)
        made = {
            "html": clean.html,
            "removed": clean.removed,
            "toc": getattr(self._markdown, "toc_tokens", []),
            "title": title.title,
            "anchors": sorted(anchors.present_anchor_ids | raw.present_anchor_ids),
            "links": links.found,
        }
        _fill(page, made, links)
        return made


class _Links(pages._RelativePathTreeprocessor):  # noqa: SLF001  what Page.render uses
    """Remembers where each link led."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.found: list[tuple[str, str]] = []

    def path_to_url(self, url: str) -> str:
        led = super().path_to_url(url)
        self.found.append((url, led))
        return led


def _fill(page: Page, made: dict[str, Any], links: _Links) -> None:
    page.content = made["html"]
    page.toc = get_toc(made["toc"])
    page._title_from_render = made["title"]  # noqa: SLF001  what Page.render does
    page.present_anchor_ids = set(made["anchors"])
    page.links_to_anchors = links.links_to_anchors
