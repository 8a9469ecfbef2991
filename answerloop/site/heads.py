"""What the head of each page tells programs, as `partials/kb-machines.html` prints it."""

from collections.abc import Mapping, Sequence
from typing import Any

from answerloop.cache import Cache, digest, program
from answerloop.machines import head
from answerloop.machines.head import Said
from answerloop.machines.public import Public
from answerloop.site.pages import Subject


def of(
    subject: Subject,
    public: Public,
    said: Said,
    *,
    breadcrumbs: Sequence[Mapping[str, str]],
    logo: object,
) -> dict[str, Any]:
    """`said` is the page before the theme; `logo` what the theme is told, only a file counts."""
    article = subject.article
    own_logo = logo if isinstance(logo, str) and "://" not in logo else ""
    told = head.told(
        public,
        lang=subject.lang,
        url=subject.url,
        title=subject.title,
        summary=subject.description or said.beginning,
        article=article,
        logo=own_logo,
    )
    trail = [(step["title"], f"/{step['url']}") for step in breadcrumbs]
    has_data = article is not None and subject.is_article
    return told | {
        "is_hidden": subject.template == "service.html",
        "data": head.article_data(public, article, said, trail) if article and has_data else "",
    }


def said(html: str, cache: Cache) -> Said:
    """The words of a page, kept from build to build."""
    kept = cache.get("said", key(html))
    if kept is not None:
        beginning, text, steps = kept
        return Said(beginning, text, tuple(steps))
    found = Said.of(html)
    cache.put("said", key(html), [found.beginning, found.text, found.steps])
    return found


def key(html: str) -> bytes:
    """Under which the words of a page are kept."""
    return digest(program(), html)
