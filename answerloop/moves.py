"""Where pages were before: what Git and the version before know of renamed articles.

An address leads to an article by its id and language, never to another address, so there are no
chains of redirects, whatever was renamed how often.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from answerloop import articles
from answerloop.articles import Article
from answerloop.catalog import Catalog
from answerloop.errors import Finding, Level
from answerloop.lineage import Departure, Lineage
from answerloop.published import PublishedCatalog
from feedback.model import ArticleId

PERMALINKS = "/a/"
"""What the permalinks of articles begin with."""


def followed(catalog: Catalog, lineage: Lineage, before: PublishedCatalog | None) -> Catalog:
    """The catalog with all that is known of where its pages were.

    What Git says goes before what the version `before` remembers; of two articles that had one
    address, the later.
    """
    former = {**_remembered(catalog, before), **dict(_departed(catalog, lineage))}
    return replace(catalog, former=dict(sorted(former.items())))


def _remembered(
    catalog: Catalog, before: PublishedCatalog | None
) -> Mapping[str, tuple[ArticleId, str]]:
    """Also of articles that are not there now: one left out today may be back tomorrow."""
    if before is None:
        return {}
    pages = {entry.url: (entry.id, entry.lang) for entry in before.entries if entry.url}
    known = {**before.former, **pages}
    return {url: key for url, key in known.items() if url not in catalog.pages}


def _departed(catalog: Catalog, lineage: Lineage) -> Iterator[tuple[str, tuple[ArticleId, str]]]:
    """Addresses that files left, the oldest first: of two, the later counts."""
    for departure in reversed(lineage.departures):
        url, derived = articles.address(departure.path, catalog.languages)
        heir = _heir(catalog, departure)
        if heir is None or heir.url == url or not departure.was_public:
            continue
        key = heir.id, heir.lang
        if url not in catalog.pages:
            yield url, key
        if not departure.id and derived not in catalog.by_id:
            yield f"{PERMALINKS}{derived}/", key


def _heir(catalog: Catalog, departure: Departure) -> Article | None:
    """The article that was at this path: by its id, else where Git believes the file went."""
    lang = catalog.languages.place(departure.path).lang
    if departure.id:
        return catalog.by_id.get(ArticleId(departure.id), {}).get(lang)
    return catalog.by_path.get(departure.heir) if departure.heir else None


def check(catalog: Catalog) -> Iterator[Finding]:
    """Old addresses that cannot lead where their author meant."""
    claims: dict[str, Article] = {}
    attachments = {f"/{path}" for path in catalog.public_attachments}
    for article in catalog.published:
        for old in article.redirect_from:
            page = old.rstrip("/") + "/"
            if page == article.url:
                if "redirect_from" in article.lines and not _is_foreign(article, old):
                    yield _finding(article, f"`{old}` is the article's own address.", "Remove it.")
            elif page in catalog.pages or old in attachments:
                there = catalog.by_url.get(page)
                what = f"the page of {there.path}" if there else "a page of the site"
                yield _finding(article, f"`{old}` is {what}, which stays there.", "Remove it.")
            elif "?" in old or "#" in old:
                yield _finding(
                    article,
                    f"`{old}`: only a path can lead elsewhere, without `?` and `#`.",
                    f"Write `{old.partition('#')[0].partition('?')[0]}`.",
                )
            elif claims.setdefault(page, article) is not article:
                yield _finding(
                    article,
                    f"`{old}` leads to {claims[page].path} already.",
                    "Remove it from one of them.",
                    Level.WARNING if _is_foreign(article, old) else Level.ERROR,
                )


def _is_foreign(article: Article, old: str) -> bool:
    """Whether another tool's key (`aliases`, `permalink`) says it, not ours."""
    return "redirect_from" not in article.lines or old in _texts(article, "aliases", "permalink")


def _texts(article: Article, *keys: str) -> set[str]:
    values = [article.other.get(key) for key in keys]
    return {
        str(text)
        for value in values
        for text in (value if isinstance(value, list | tuple) else [value])
    }


def _finding(article: Article, message: str, remedy: str, level: Level = Level.WARNING) -> Finding:
    key = next((k for k in ("redirect_from", "aliases", "permalink") if k in article.lines), "")
    return Finding(article.path, article.lines.get(key, 1), level, f"`{key}`: {message}", remedy)
