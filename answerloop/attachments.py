"""Which of the files beside the articles readers may have."""

import posixpath
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import PurePosixPath
from urllib.parse import unquote

from answerloop.articles import Article
from answerloop.prose import Link

_RAW_SOURCE = re.compile(
    r"<[a-z][^<>]*?\s(?:src|href|poster)\s*=\s*[\"'](?P<target>[^\"'<>]+)", re.IGNORECASE
)


def public(
    attachments: Iterable[PurePosixPath],
    articles: Collection[Article],
    links: Mapping[PurePosixPath, Iterable[Link]],
    used_by_site: Collection[PurePosixPath],
) -> frozenset[PurePosixPath]:
    """The attachments that are as public as the articles they belong to.

    One belongs to the nearest folder above it that holds articles: a picture beside agents'
    articles only is left out. So is one that lies beside public articles and is named by others
    alone, unless the site itself uses it (`used_by_site`: a logo, a style sheet). `links` are those
    in each article's Markdown.
    """
    folders: dict[PurePosixPath, bool] = defaultdict(bool)
    named: dict[PurePosixPath, bool] = defaultdict(bool)
    for article in articles:
        folders[article.path.parent] |= article.is_published
        for path in _named_by(article, links[article.path]):
            named[path] |= article.is_published

    def is_public(attachment: PurePosixPath) -> bool:
        if not named.get(attachment, True) and attachment not in used_by_site:
            return False
        return next((folders[above] for above in attachment.parents if above in folders), True)

    return frozenset(filter(is_public, attachments))


def _named_by(article: Article, links: Iterable[Link]) -> Iterator[PurePosixPath]:
    """The files beside the articles that one of them links to or shows."""
    targets = [link.target for link in links]
    targets += [match["target"] for match in _RAW_SOURCE.finditer(article.body)]
    for target in targets:
        path = unquote(target.partition("#")[0].partition("?")[0])
        if path and not path.startswith("/") and ":" not in path:
            yield PurePosixPath(posixpath.normpath(article.path.parent / path))
