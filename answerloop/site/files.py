"""The files that MkDocs makes a site of."""

from collections.abc import Callable, Collection, Iterable, Sequence

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files, InclusionLevel

from answerloop.site.pages import Subject

# Of Material's files those for its own search, which `search.js` replaces, and for its developers.
_UNUSED = "assets/javascripts/lunr/"


class SiteFiles(Files):
    """All of them, of which MkDocs is not shown those pages that are `spared`."""

    def __init__(self, files: Iterable[File]) -> None:
        super().__init__(list(files))
        self.spared: dict[str, File] = {}

    def documentation_pages(
        self, *, inclusion: Callable[[InclusionLevel], bool] = InclusionLevel.is_included
    ) -> Sequence[File]:
        pages = super().documentation_pages(inclusion=inclusion)
        return [file for file in pages if file.src_uri not in self.spared]


def of(
    found: Files, subjects: Iterable[Subject], attachments: Collection[str], config: MkDocsConfig
) -> SiteFiles:
    """The pages, the theme's files that they use, and of the content folder the `attachments`.

    Nothing else of that folder: MkDocs would copy `Secret.MD`.
    """
    kept = [file for file in found if _is_kept(file, attachments, config)]
    return SiteFiles([*kept, *(_page(subject, config) for subject in subjects)])


def _is_kept(file: File, attachments: Collection[str], config: MkDocsConfig) -> bool:
    if file.src_dir == config.docs_dir:
        return file.src_uri in attachments
    # The sitemap is the theme's template, which is no file by itself.
    is_unused = file.src_uri.startswith(_UNUSED) or file.src_uri.endswith(".map")
    return not is_unused and file.src_uri != "sitemap.xml"


def _page(subject: Subject, config: MkDocsConfig) -> File:
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
