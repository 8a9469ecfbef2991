"""What a page may say of other pages: all that is public, but the words of the articles.

Two builds with the same skeleton differ only in what articles say. A page whose own text is the
same in both needs no look at what its template would be told: nothing of it can have changed.
"""

from collections.abc import Mapping
from dataclasses import fields
from operator import attrgetter
from typing import Any

from answerloop import cache, highlights
from answerloop.articles import Article
from answerloop.catalog import Catalog
from answerloop.highlights import Highlights
from answerloop.machines.public import Public
from answerloop.settings import Settings
from answerloop.site import fingerprints
from answerloop.site.pages import Subject

_WORDS = frozenset({"body", "body_line", "lines"})
_BONES = attrgetter(
    *(each.name for each in fields(Article) if each.init and each.name not in _WORDS)
)


def of(
    public: Public,
    known: Settings,
    shown: Mapping[str, Highlights],
    theme: Mapping[str, Any],
    *,
    named: bytes,
) -> bytes:
    """The name of a site's skeleton; `shown` are the lists of its homes.

    `named` says with which settings its pages are made, `theme` with which of the theme.

    Raises fingerprints.Unnamed.
    """
    catalog = public.catalog
    beside = [
        *(catalog.languages.default, catalog.langs, sorted(public.shells.items())),
        *(public.name, public.base, known, highlights.signature(shown)),
        [lang for lang in catalog.langs if public.latest[lang]],
        sorted((old, article.url) for old, article in catalog.redirects.items()),
        # A category of which there is not even a word is on no list.
        [article.url for article in catalog.published if not article.body.strip()],
    ]
    articles = [_BONES(article) for article in catalog.published]
    return cache.digest(named, fingerprints.of(dict(theme)), repr(beside), repr(articles))


def part(subject: Subject, public: Public) -> str:
    """What the page of a subject says beside its own text and the skeleton."""
    article = subject.article
    if article is None:
        return ""
    made_from = [(each.lang, each.revision) for each in _versions(article, public.catalog)]
    return repr(
        [public.changes.get(article.path), public.born.get(article.path), sorted(made_from)]
    )


def _versions(article: Article, catalog: Catalog) -> list[Article]:
    """The article in all its languages: a translation may be behind its original."""
    return [each for each in catalog.by_id[article.id].values() if each.is_published]
