"""What the head of each page tells programs, as `partials/kb-machines.html` prints it."""

from collections.abc import Mapping, Sequence
from typing import Any

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
