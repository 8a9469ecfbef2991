"""Pages that MkDocs is spared: at a glance they are those of the version before.

What a template is told of a page follows from the page's own text, from a little that is known of
it besides (`skeleton.part`) and from the skeleton of the site. Where all three are the same, so is
the page, and neither MkDocs nor a template needs to look at it.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import Files
from mkdocs.structure.pages import Page
from mkdocs.structure.toc import TableOfContents

from answerloop.cache import digest
from answerloop.highlights import Highlights
from answerloop.machines.public import Public
from answerloop.settings import Settings
from answerloop.site import fingerprints, printable, skeleton
from answerloop.site.markup import Converter
from answerloop.site.pages import Subject
from answerloop.site.printing import Press


@dataclass(frozen=True, slots=True)
class Glance:
    """Knows a page of the version before without telling a template anything."""

    converter: Converter
    press: Press
    public: Public
    bones: bytes

    def spares(self, subject: Subject, page: Page, config: MkDocsConfig, files: Files) -> bool:
        """Whether the page of the version before is in its place now.

        Then `page.content` is the HTML before the theme, as if MkDocs had made the page.
        """
        page.markdown, page.meta = subject.body, printable.meta(subject)
        if not self.converter.recall(page, config, files):
            return False
        name = self._name(subject, page)
        return name is not None and self.press.glance(page, name)

    def remember(self, subject: Subject, page: Page) -> None:
        """Have the page that is rendered now known by the next build."""
        name = self._name(subject, page)
        if name is not None:
            self.press.expect(page, name)

    def _name(self, subject: Subject, page: Page) -> bytes | None:
        if self.converter.made_of is None:
            return None
        part = skeleton.part(subject, self.public)
        return digest(self.bones, page.file.src_uri, self.converter.made_of, page.update_date, part)


def glance(
    converter: Converter | None,
    press: Press,
    public: Public,
    *,
    known: Settings,
    shown: Mapping[str, Highlights],
) -> Glance | None:
    """None where each page has to be looked at."""
    if converter is None or press.named is None:
        return None
    try:
        bones = skeleton.of(public, known, shown, press.theme, named=press.named)
    except fingerprints.Unnamed:
        return None
    return Glance(converter, press, public, bones)


def let_go(page: Page) -> None:
    """Forget what was needed to make a page."""
    page.content, page.markdown, page.toc = None, None, TableOfContents([])
