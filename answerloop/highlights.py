"""What the home of a language shows beside its categories: popular articles and the newest.

The newest are those that were mended after somebody said what was wrong, where the service knows of
some, else those that Git says were changed. A list that would say nothing is not shown: one of
fewer than three, or of more than a quarter of all articles.
"""

import logging
from collections.abc import Collection, Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import groupby
from pathlib import PurePosixPath

from answerloop import store
from answerloop.articles import Article
from answerloop.catalog import Catalog
from answerloop.errors import ServiceError
from answerloop.history import Change
from answerloop.settings import Settings
from feedback import mended, popularity
from feedback.errors import FeedbackError
from feedback.history import utc_day
from feedback.model import ArticleKey, PublishedArticle

logger = logging.getLogger(__name__)

LONGEST = 5
FEWEST = 3
_SHARE = 4
FRESH = timedelta(days=90)
"""For how long a repair is news, counted back from the newest of all changes and repairs."""

Changes = Mapping[PurePosixPath, Change]


@dataclass(frozen=True, slots=True)
class Heard:
    """What the service knows: readers of popular articles, and when others were mended.

    Those that the build at hand mends have no day yet.
    """

    popular: Mapping[ArticleKey, int] = field(default_factory=dict)
    mended: Mapping[ArticleKey, date | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class News:
    article: Article
    day: date


@dataclass(frozen=True, slots=True)
class Highlights:
    """The lists of one language; `are_mended` says what the news are."""

    popular: tuple[Article, ...] = ()
    news: tuple[News, ...] = ()
    are_mended: bool = False


def hear(settings: Settings, published: Iterable[PublishedArticle]) -> Heard:
    """What the database says; nothing, with a warning in the log, if it cannot be read."""
    try:
        if not store.is_begun(settings):
            return Heard()
        with closing(store.open(settings)) as db, db.read() as connection:
            days = mended.read(connection, published)
            return Heard(
                popularity.read(connection),
                {key: utc_day(at) if at else None for key, at in days.items()},
            )
    except (FeedbackError, ServiceError) as problem:
        logger.warning("The home pages show no numbers of readers. %s", problem)
        return Heard()


def of(catalog: Catalog, changes: Changes, heard: Heard) -> Mapping[str, Highlights]:
    """The lists of each language, of articles that every reader may see."""
    return {lang: _of_language(_listable(catalog, lang), changes, heard) for lang in catalog.langs}


def signature(shown: Mapping[str, Highlights]) -> str:
    """Says what is shown: other lists make another version of the same content."""
    rows = []
    for lang, lists in sorted(shown.items()):
        popular = (article.id for article in lists.popular)
        news = (f"{each.article.id} {each.day}" for each in lists.news)
        rows += [f"{lang} popular {name}" for name in popular]
        rows += [f"{lang} {lists.are_mended} {name}" for name in news]
    return "\n".join(rows)


def _listable(catalog: Catalog, lang: str) -> list[Article]:
    return [a for a in catalog.published if a.lang == lang and not a.is_index]


def _of_language(articles: Collection[Article], changes: Changes, heard: Heard) -> Highlights:
    most = min(LONGEST, len(articles) // _SHARE)
    popular = _popular(articles, heard)[:most]
    news = _mended(articles, changes, heard)[:most]
    are_mended = len(news) >= FEWEST
    if not are_mended:
        news = _updated(articles, changes, most)
    return Highlights(
        tuple(popular) if len(popular) >= FEWEST else (),
        tuple(news) if len(news) >= FEWEST else (),
        are_mended,
    )


def _popular(articles: Iterable[Article], heard: Heard) -> list[Article]:
    found = [(heard.popular.get(_key(each), 0), each) for each in articles]
    found.sort(key=lambda pair: (-pair[0], pair[1].title, pair[1].id))
    return [article for readers, article in found if readers]


def _mended(articles: Iterable[Article], changes: Changes, heard: Heard) -> list[News]:
    found = []
    for article in articles:
        if _key(article) not in heard.mended:
            continue
        change = changes.get(article.path)
        day = heard.mended[_key(article)] or (utc_day(change.at) if change else None)
        if day:
            found.append(News(article, day))
    known = [each.day for each in found] + [utc_day(each.at) for each in changes.values()]
    return [each for each in _newest_first(found) if each.day > max(known) - FRESH]


def _updated(articles: Iterable[Article], changes: Changes, most: int) -> list[News]:
    """The last to be changed, each day's whole or not at all: a part of an import is no news."""
    found = [
        News(article, utc_day(change.at))
        for article in articles
        if (change := changes.get(article.path)) and not change.is_minor
    ]
    kept: list[News] = []
    for _, same_day in groupby(_newest_first(found), key=lambda each: each.day):
        group = list(same_day)
        if len(kept) + len(group) > most:
            break
        kept += group
    return kept


def _newest_first(news: list[News]) -> list[News]:
    ordered = sorted(news, key=lambda each: (each.article.title, each.article.id))
    return sorted(ordered, key=lambda each: each.day, reverse=True)


def _key(article: Article) -> ArticleKey:
    return ArticleKey(article.id, article.lang)
