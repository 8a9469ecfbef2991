"""The Markdown twin of an article, beside its page, for programs that read Markdown.

It holds what the page shows and the public keys of the front matter, nothing else: comments are
left out, and links lead to where they lead from the page.
"""

import posixpath
import re
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import quote, unquote

import yaml

from answerloop.articles import Article
from answerloop.machines.public import Public

FILE_NAME = "index.md"
_DUMPER = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
_SCHEME = re.compile(r"^(?:[a-z][a-z0-9+.-]*:|//|#|\?)", re.IGNORECASE)
_LINK = re.compile(r"(?P<head>\]\(\s*|\]:\s*)(?:(?P<bare>[^\s()<>]+)|(?P<angled><[^<>]+>))")
_COMMENT = re.compile(
    r"(?P<code>^[ \t>]*(?P<fence>`{3,}|~{3,}).*?^[ \t>]*(?P=fence)[`~]*[ \t]*$"
    r"|(?P<tick>`+)[^`]+(?P=tick))"
    r"|<!--.*?(?:-->|\Z)",
    re.DOTALL | re.MULTILINE,
)


def text(public: Public, article: Article) -> str:
    body = _with_links(public, article)
    if "<!--" in body:
        body = _COMMENT.sub(lambda found: found["code"] or "", body)
    has_heading = "<h1" in public.html.get(article.path, "")  # as the page decides
    heading = "" if has_heading else f"# {article.title}\n\n"
    front = yaml.dump(
        _front(public, article), Dumper=_DUMPER, allow_unicode=True, sort_keys=False, width=100_000
    )
    return f"---\n{front}---\n\n{heading}{body.strip()}\n"


def _front(public: Public, article: Article) -> Mapping[str, Any]:
    changed = public.updated(article)
    review = article.review if article.review and article.review.hash == article.revision else None
    known = {
        "id": str(article.id),
        "title": article.title,
        "lang": article.lang,
        "kind": str(article.kind),
        "description": article.description,
        "tags": list(article.tags),
        "url": public.absolute(article.url) if public.base else "",
        "updated": changed.date() if changed else None,
        "reviewed": review.on if review else None,
    }
    return {key: value for key, value in known.items() if value}


def _with_links(public: Public, article: Article) -> str:
    rows = article.body.split("\n")
    changed: dict[int, dict[str, str]] = {}
    for link in public.catalog.links[article.path]:
        target = _target(public, article, link.target)
        if target != link.target:
            row = link.line - article.body_line
            changed.setdefault(row, {})[link.target] = target

    for number, targets in changed.items():

        def lead(found: re.Match[str], targets: Mapping[str, str] = targets) -> str:
            written = found["bare"] or found["angled"]
            return found["head"] + targets.get(written.strip("<>"), written)

        rows[number] = _LINK.sub(lead, rows[number])
    return "\n".join(rows)


def _target(public: Public, article: Article, written: str) -> str:
    """Where a link leads from the twin; it stands in the folder of the page, not of the source."""
    if _SCHEME.match(written):
        return written
    path, mark, rest = re.match(r"([^?#]*)([?#]?)(.*)", written, re.DOTALL).groups()  # type: ignore[union-attr]  # matches everything
    if path.startswith("/"):
        there = public.catalog.by_url.get(path) or public.catalog.redirects.get(path)
        url = f"{there.url}{FILE_NAME}" if there else ""
    else:
        source = PurePosixPath(posixpath.normpath(article.path.parent / unquote(path)))
        other = public.catalog.by_path.get(source)
        if other and other.is_published:
            url = f"{other.url}{FILE_NAME}"
        elif source in public.catalog.public_attachments:
            url = f"/{source}"
        else:
            url = ""  # an address beside the page, as on the page
    if not url:
        return written
    return quote(posixpath.relpath(url, article.url), safe="/%") + mark + rest
