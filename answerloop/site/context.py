"""What the theme's templates are told about a page, beside what MkDocs tells them.

Every text is raw: templates escape it (`| e`), because MkDocs' templates do not do so themselves.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import PurePosixPath
from typing import Any

from answerloop import languages
from answerloop.articles import Article
from answerloop.catalog import Catalog, Category
from answerloop.highlights import Highlights
from answerloop.history import Change
from answerloop.settings import Settings
from answerloop.site.pages import Subject, shell_url
from answerloop.site.related import Relations
from answerloop.wording import wording
from feedback.model import Reason


def of(
    subject: Subject,
    catalog: Catalog,
    changes: Mapping[PurePosixPath, Change],
    known: Settings,
) -> dict[str, Any]:
    """`kb` (the page), `t` (its language's words) and what the lists of the page show."""
    article = subject.article
    change = changes.get(article.path) if article else None
    return {
        "t": wording(subject.lang),
        "kb": {
            "id": article.id if article else "",
            "lang": subject.lang,
            "direction": languages.direction(subject.lang),
            "title": subject.title,
            "revision": article.revision if article else "",
            "is_article": subject.is_article,
            "kind": article.kind.value if article else "",
            "updated": _dated(change.at.date() if change else None, subject.lang),
            "reviewed": _dated(_reviewed(article), subject.lang),
            "tags": list(article.tags) if article else [],
            "breadcrumbs": _breadcrumbs(subject, catalog),
            "translations": [
                {"lang": lang, "name": languages.display_name(lang), "url": url}
                for lang, url in sorted(_translations(subject, catalog).items())
            ],
            "languages": _languages(subject, catalog),
            "alternates": _alternates(subject, catalog),
            "behind": _behind(article, catalog),
            "is_for_finding": subject.is_for_finding,
            "topics": _topics(subject.lang, catalog),
            "home": _home_url(subject.lang, catalog),
            "search": shell_url(subject.lang, catalog, catalog.by_url).lstrip("/"),
            "contact_url": known.site.contact_url,
            "reasons": [reason.value for reason in Reason],
            "device_id": known.feedback.device_id,
            "writes": bool(known.mail.host),
            "framers": list(known.embed.origins),
        },
        "kb_category": _listed(subject.category) if subject.category else None,
        "kb_homes": [
            {
                "lang": lang,
                "direction": languages.direction(lang),
                "name": languages.display_name(lang),
                "url": _home_url(lang, catalog),
                "hello": wording(lang)("How can we help?"),
            }
            for lang in catalog.langs
        ],
    }


def beside(
    subject: Subject, shown: Mapping[str, Highlights], close: Relations, catalog: Catalog
) -> dict[str, Any]:
    """The lists of other articles: related ones, and on a home the popular and the newest."""
    lists = shown.get(subject.lang, Highlights())
    return {
        "kb_related": _linked(_named(subject.article, catalog)),
        "kb_close": _linked(close.get(subject.article.path, ()) if subject.article else ()),
        "kb_popular": _linked(lists.popular),
        "kb_news": [
            {**link, "day": _dated(each.day, subject.lang)}
            for each, link in zip(
                lists.news, _linked(each.article for each in lists.news), strict=True
            )
        ],
        "kb_news_are_mended": lists.are_mended,
    }


def _linked(articles: Iterable[Article]) -> list[dict[str, str]]:
    return [{"title": article.title, "url": article.url.lstrip("/")} for article in articles]


def _home_url(lang: str, catalog: Catalog) -> str:
    return catalog.home(lang).url.lstrip("/") or "." if lang in catalog.langs else "."


def _translations(subject: Subject, catalog: Catalog) -> dict[str, str]:
    """The same page in the other languages: of an article by its id, of a home each home."""
    if subject.category and not subject.category.path.parts:
        return {lang: _home_url(lang, catalog) for lang in catalog.langs if lang != subject.lang}
    found = catalog.translations(subject.article) if subject.article else {}
    return {lang: other.url.lstrip("/") for lang, other in found.items()}


def _alternates(subject: Subject, catalog: Catalog) -> list[dict[str, str]]:
    """The same page in every language, itself among them, and the one for all other readers.

    That is the list of languages if the site has one, for a home; else the default language's.
    """
    own = subject.url.lstrip("/") or "."
    found = _translations(subject, catalog)
    if subject.template == "entrance.html":
        found = {lang: _home_url(lang, catalog) for lang in catalog.langs}
    else:
        found[subject.lang] = own
    if len(found) < 2:  # noqa: PLR2004  a page alone has no alternates
        return []
    is_home = bool(subject.category and not subject.category.path.parts)
    has_entrance = all(_home_url(lang, catalog) != "." for lang in catalog.langs)
    if subject.template == "entrance.html" or (is_home and has_entrance):
        default: str | None = "."
    else:
        default = found.get(catalog.languages.default)
    listed = [{"lang": lang, "url": url} for lang, url in sorted(found.items())]
    return [*listed, {"lang": "x-default", "url": default}] if default else listed


def _behind(article: Article | None, catalog: Catalog) -> dict[str, str] | None:
    """The original of a translation that was made from an earlier text of it."""
    origin = article.translated_from if article else None
    if article is None or origin is None or not _is_behind(article, article.lang, catalog):
        return None
    source = catalog.by_id[article.id][origin.lang]
    name = languages.display_name(origin.lang)
    return {"lang": origin.lang, "name": name, "url": source.url.lstrip("/"), "title": source.title}


def _is_behind(article: Article | None, lang: str, catalog: Catalog) -> bool:
    """Whether the text of this id in a language was made from an earlier one of its original."""
    translation = catalog.by_id.get(article.id, {}).get(lang) if article else None
    origin = translation.translated_from if translation else None
    if article is None or origin is None:
        return False
    source = catalog.by_id[article.id].get(origin.lang)
    return bool(source and source.is_published and source.revision != origin.hash)


def _languages(subject: Subject, catalog: Catalog) -> list[dict[str, Any]]:
    """Where the switch of languages leads: to the same page, else to the home of a language."""
    translations = _translations(subject, catalog)
    return [
        {
            "lang": lang,
            "name": languages.display_name(lang),
            "url": translations.get(lang) or _home_url(lang, catalog),
            "is_current": lang == subject.lang,
            "is_translated": lang == subject.lang or lang in translations,
            "is_behind": _is_behind(subject.article, lang, catalog),
            "behind": wording(lang)("behind the original"),
            "home": wording(lang)("Home"),
        }
        for lang in catalog.langs
    ]


def _topics(lang: str, catalog: Catalog) -> list[dict[str, Any]]:
    """The uppermost categories of a language."""
    if lang not in catalog.langs:
        return []
    return [
        {"title": child.title, "url": child.url.lstrip("/"), "count": _count(child)}
        for child in catalog.home(lang).children
        if child.has_something
    ]


def _count(category: Category) -> int:
    return sum(len(part.articles) for part in category.walk())


def _reviewed(article: Article | None) -> date | None:
    """The day of the last review, if it was made for the text as it stands."""
    if article is None or article.review is None or article.review.hash != article.revision:
        return None
    return article.review.on


def _dated(day: date | None, lang: str) -> dict[str, str] | None:
    """A day for programs and in words."""
    if day is None:
        return None
    return {"iso": day.isoformat(), "words": languages.long_date(day, lang)}


def _named(article: Article | None, catalog: Catalog) -> list[Article]:
    """What the author names as related, of what a reader can see in the same language."""
    if article is None:
        return []
    named = (catalog.by_id.get(name, {}).get(article.lang) for name in article.related)
    return [other for other in named if other and other.is_published and other != article]


def _breadcrumbs(subject: Subject, catalog: Catalog) -> list[dict[str, str]]:
    """The categories above the page, outermost first, without the home."""
    if subject.lang not in catalog.langs:
        return []
    trail: list[dict[str, str]] = []
    branch: Category | None = catalog.home(subject.lang)
    while branch is not None:
        branch = next((child for child in branch.children if _is_in(subject.url, child)), None)
        if branch is not None and branch.url != subject.url:
            trail.append({"title": branch.title, "url": branch.url.lstrip("/")})
    return trail


def _is_in(url: str, category: Category) -> bool:
    return url.startswith(category.url)


def _listed(category: Category) -> dict[str, Any]:
    t = wording(category.lang)
    return {
        "title": category.title,
        "url": category.url.lstrip("/"),
        "articles": [
            {"title": article.title, "url": article.url.lstrip("/"), "kind": article.kind.value}
            for article in category.articles
        ],
        "children": [
            {
                "title": child.title,
                "url": child.url.lstrip("/"),
                "count": _count(child),
                "all": t.many(
                    "Show the article", "Show all %(count)s articles", count=_count(child)
                ),
                "first": [
                    {"title": article.title, "url": article.url.lstrip("/")}
                    for article in child.articles[:3]
                ],
            }
            for child in category.children
            if child.has_something
        ],
    }
