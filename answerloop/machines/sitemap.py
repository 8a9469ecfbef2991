"""The sitemap (sitemaps.org): every public page with its last change and its translations."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from answerloop.articles import Article
from answerloop.catalog import Category
from answerloop.machines import markup
from answerloop.machines.public import Public

FILE_NAME = "sitemap.xml"
_MOST = 50_000
"""As many addresses as the protocol allows in one file."""
_SCHEMA = "http://www.sitemaps.org/schemas/sitemap/0.9"
_XHTML = "http://www.w3.org/1999/xhtml"


def files(public: Public, *, most: int = _MOST) -> Iterator[tuple[str, str]]:
    """The sitemap by file name: one file, or an index of several when there are too many pages.

    Nothing without a base: a sitemap holds whole addresses.
    """
    if not public.base:
        return
    entries = [_entry(public, url, *known) for url, known in sorted(_pages(public).items())]
    if len(entries) <= most:
        yield FILE_NAME, _urlset(entries)
        return
    names = []
    for number, first in enumerate(range(0, len(entries), most), start=1):
        names.append(f"sitemap-{number}.xml")
        yield names[-1], _urlset(entries[first : first + most])
    listed = (
        markup.around("sitemap", [markup.element("loc", public.absolute(name))]) for name in names
    )
    yield FILE_NAME, f"{markup.HEAD}{markup.around('sitemapindex', listed, xmlns=_SCHEMA)}\n"


def _urlset(entries: list[str]) -> str:
    inner = markup.around("urlset", entries, xmlns=_SCHEMA, xmlns_xhtml=_XHTML)
    return f"{markup.HEAD}{inner}\n"


def _pages(public: Public) -> Mapping[str, tuple[datetime | None, Mapping[str, str]]]:
    """Each page's last change, and where it stands in each of its languages."""
    homes = {lang: public.catalog.home(lang).url for lang in public.langs}
    found: dict[str, tuple[datetime | None, Mapping[str, str]]] = {}
    for lang in public.langs:
        for category in public.categories(lang):
            twins = homes if category.url in homes.values() else {}
            found[category.url] = (_latest(public, category), twins)
    for article in public.articles:
        newest = found[article.url][0] if article.url in found else public.updated(article)
        found[article.url] = (
            newest,
            found.get(article.url, (None, {}))[1] or _twins(public, article),
        )
    if "/" not in found:
        found["/"] = (None, homes)
    return found


def _latest(public: Public, category: Category) -> datetime | None:
    """When anything that the list shows last changed."""
    shown: list[Article] = [
        article
        for part in category.walk()
        for article in (*part.articles, *([part.page] if part.page else []))
    ]
    return max((at for article in shown if (at := public.updated(article))), default=None)


def _twins(public: Public, article: Article) -> Mapping[str, str]:
    others = public.catalog.translations(article)
    return {article.lang: article.url, **{lang: other.url for lang, other in others.items()}}


def _entry(public: Public, url: str, at: datetime | None, twins: Mapping[str, str]) -> str:
    rows = [markup.element("loc", public.absolute(url))]
    if at:
        rows.append(markup.element("lastmod", at.isoformat()))
    if len(twins) > 1:
        named = dict(sorted(twins.items()))
        fallback = _fallback(public, named)
        if fallback:
            named["x-default"] = fallback
        rows += [
            markup.element(
                "xhtml:link", rel="alternate", hreflang=lang, href=public.absolute(there)
            )
            for lang, there in named.items()
        ]
    return markup.around("url", rows)


def _fallback(public: Public, twins: Mapping[str, str]) -> str:
    """Where a reader of none of the languages goes."""
    homes = {public.catalog.home(lang).url for lang in public.langs}
    if set(twins.values()) == homes and "/" not in homes:
        return "/"
    return twins.get(public.catalog.languages.default, "")
