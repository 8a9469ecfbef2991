"""What the head of a page tells programs: structured data, cards of other sites, alternatives."""

import json
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from answerloop.articles import Article, Kind
from answerloop.machines import feed, opensearch, prose, twins
from answerloop.machines.public import Public

_QUESTION_MARKS = ("?", "\u061f", "\uff1f", "\u037e")


@dataclass(frozen=True)
class Said:
    """An article in words, looked for in its HTML when they are asked for."""

    html: str

    @cached_property
    def beginning(self) -> str:
        return prose.beginning(self.html)

    @cached_property
    def text(self) -> str:
        """All of it in one line."""
        return prose.text(self.html)

    @cached_property
    def steps(self) -> tuple[str, ...]:
        """Those of a procedure."""
        return prose.steps(self.html)


def article_data(public: Public, article: Article, said: Said, trail: list[tuple[str, str]]) -> str:
    """JSON-LD of an article: what it is, and the way to it, as far as the page shows them.

    `trail` are the categories above it, title and address, the outermost first. The text holds no
    `<`, so that nothing in it can end the element it stands in.
    """
    graph = [_kind(public, article, said)]
    if public.base and trail:
        steps = [*trail, (article.title, article.url)]
        graph.append(
            {
                "@type": "BreadcrumbList",
                "itemListElement": [
                    {
                        "@type": "ListItem",
                        "position": number,
                        "name": name,
                        "item": public.absolute(url),
                    }
                    for number, (name, url) in enumerate(steps, start=1)
                ],
            }
        )
    written = json.dumps(
        {"@context": "https://schema.org", "@graph": graph},
        ensure_ascii=False,
        separators=(",", ":"),
    )
    return written.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _kind(public: Public, article: Article, said: Said) -> dict[str, Any]:
    shared = _shared(public, article, said)
    if article.kind is Kind.PROCEDURE and said.steps:
        return {
            "@type": "HowTo",
            "name": article.title,
            **shared,
            "step": [{"@type": "HowToStep", "text": step} for step in said.steps],
        }
    if article.kind is Kind.FAQ and article.title.endswith(_QUESTION_MARKS) and said.text:
        question = {
            "@type": "Question",
            "name": article.title,
            "acceptedAnswer": {"@type": "Answer", "text": said.text},
        }
        return {"@type": "FAQPage", **shared, "mainEntity": [question]}
    return {"@type": "Article", "headline": article.title, **shared}


def _shared(public: Public, article: Article, said: Said) -> dict[str, Any]:
    changed, born = public.updated(article), public.born.get(article.path)
    known = {
        "description": article.description or said.beginning,
        "inLanguage": article.lang,
        "url": public.absolute(article.url) if public.base else "",
        "datePublished": born.isoformat() if born else "",
        "dateModified": changed.isoformat() if changed else "",
        "publisher": {"@type": "Organization", "name": public.name},
    }
    return {key: value for key, value in known.items() if value}


def told(  # noqa: PLR0913  what a page is
    public: Public,
    *,
    lang: str,
    url: str,
    title: str,
    summary: str,
    article: Article | None = None,
    logo: str = "",
) -> dict[str, Any]:
    """What the template of the head prints, raw: it escapes every value."""
    changed = public.updated(article) if article else None
    properties = {
        "og:type": "article" if article and not article.is_index else "website",
        "og:title": title or public.name,
        "og:description": summary,
        "og:site_name": public.name,
        "og:locale": lang.replace("-", "_"),
        "og:url": public.absolute(url) if public.base else "",
        "og:image": public.absolute(logo) if public.base and logo else "",
        "article:modified_time": changed.isoformat() if changed else "",
    }
    is_known = lang in public.langs
    has_feed = is_known and bool(public.base and public.latest[lang])
    has_search = is_known and bool(public.base and lang in public.shells)
    return {
        "summary": summary,
        "properties": {name: value for name, value in properties.items() if value},
        "twin": f"{article.url}{twins.FILE_NAME}".lstrip("/") if article else "",
        "feed": feed.address(public, lang).lstrip("/") if has_feed else "",
        "feed_title": feed.title(public, lang) if has_feed else "",
        "opensearch": opensearch.address(public, lang).lstrip("/") if has_search else "",
    }
