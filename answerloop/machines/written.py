"""Writes what programs read into the folder of a built site."""

import errno
import os
from collections.abc import Iterator
from pathlib import Path

from answerloop import sharing
from answerloop.machines import embed, feed, llms, opensearch, robots, signposts, sitemap, twins
from answerloop.machines.public import Public

_NO_NAME = (errno.ENAMETOOLONG, errno.EINVAL, errno.EILSEQ)


def write(public: Public, site: Path, before: Path | None = None) -> tuple[str, ...]:
    """Write every file for programs into `site`; return what could not be named.

    A file that is there already, the author's own `robots.txt` or a page, stays as it is. One that
    is the same in the site `before` is that file under a second name.
    """
    refused = []
    made: set[str] = set()
    for name, text in files(public):
        file, same = f"{site}/{name}", f"{before}/{name}" if before else None
        folder = file.rpartition("/")[0]
        try:
            if folder not in made:
                os.makedirs(folder, exist_ok=True)  # noqa: PTH103  a path object takes longer
                made.add(folder)
            sharing.write(file, text.encode(), same)
        except (FileExistsError, NotADirectoryError):
            continue  # a page or a file of the author has the place
        except OSError as problem:
            if problem.errno not in _NO_NAME:
                raise
            refused.append(f"/{name}: {problem.strerror}; no page leads on from there.")
    return tuple(refused)


def files(public: Public) -> Iterator[tuple[str, str]]:
    """Every file for programs, by its path in the site; none of them is empty."""
    for article in public.articles:
        yield f"{article.url.strip('/')}/{twins.FILE_NAME}".lstrip("/"), twins.text(public, article)
    for lang in public.langs:
        yield from _told(feed.address(public, lang), feed.text(public, lang))
        yield from _told(opensearch.address(public, lang), opensearch.text(public, lang))
    yield from sitemap.files(public)
    yield llms.FILE_NAME, llms.text(public)
    yield robots.FILE_NAME, robots.text(public)
    yield from _told(embed.FILE_NAME, embed.text(public))
    yield from signposts.files(public)


def _told(address: str, text: str) -> Iterator[tuple[str, str]]:
    if text:
        yield address.lstrip("/"), text
