"""What moves an article in a ranking beside its words: its age and its readers' votes.

    prior = (freshness + helpfulness) / 2, each in [-1, 1]
    freshness = 2 * 2 ** (-age / HALF_LIFE) - 1

The search lets a prior of 1 raise a score by 5 % (`search.formula.Formula.prior`). Age is that of
the last change, or of a review that still holds, and is counted from the newest in the catalog:
from today it would make two builds of one commit differ. Helpfulness is
`feedback.helpfulness`. What is not known is 0: all of it without Git and votes.
"""

import hashlib
import logging
from collections.abc import Mapping
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import PurePosixPath

from answerloop import publish, store
from answerloop.catalog import Catalog
from answerloop.errors import ServiceError
from answerloop.history import Change
from answerloop.settings import Settings
from feedback import helpfulness
from feedback.errors import FeedbackError
from feedback.model import ArticleKey, PublishedArticle

logger = logging.getLogger(__name__)

HALF_LIFE = timedelta(days=730)

Priors = Mapping[ArticleKey, float]


def of(catalog: Catalog, changes: Mapping[PurePosixPath, Change], settings: Settings) -> Priors:
    """The prior of each article that is not 0, in thousandths.

    A database that cannot be read costs the votes, with a warning in the log.
    """
    published = list(publish.articles(catalog, changes))
    fresh = _freshness(catalog, changes, published)
    helpful = _helpfulness(published, settings)
    priors = {
        key: round((fresh.get(key, 0.0) + helpful.get(key, 0.0)) / 2, 3)
        for key in fresh.keys() | helpful.keys()
    }
    return {key: prior for key, prior in sorted(priors.items()) if prior}


def freshness(at: datetime, newest: datetime) -> float:
    """1 for the newest, 0 after `HALF_LIFE`, towards -1 from there on."""
    return float(2 * 2 ** ((at - newest) / HALF_LIFE) - 1)


def named(fingerprint: str, priors: Priors, shown: str = "") -> str:
    """The name of a version: other votes make another one of the same content.

    `shown` is what else of them its pages show.
    """
    if not priors and not shown:
        return fingerprint
    said = "\n".join(f"{key.article} {key.lang} {prior}" for key, prior in priors.items()) + shown
    return f"{fingerprint}-{hashlib.sha256(said.encode()).hexdigest()[:8]}"


def _freshness(
    catalog: Catalog,
    changes: Mapping[PurePosixPath, Change],
    published: list[PublishedArticle],
) -> Priors:
    reviewed = {article.key: article.reviewed for article in published}
    dates = {}
    for article in (*catalog.published, *catalog.internal):
        key = ArticleKey(article.id, article.lang)
        if change := changes.get(article.path):
            dates[key] = max(change.at, reviewed[key] or change.at)
    newest = max(dates.values(), default=None)
    return {key: freshness(at, newest) for key, at in dates.items()} if newest else {}


def _helpfulness(published: list[PublishedArticle], settings: Settings) -> Priors:
    try:
        if not store.is_begun(settings):
            return {}
        with closing(store.open(settings)) as db, db.read() as connection:
            return helpfulness.read(connection, published)
    except (FeedbackError, ServiceError) as problem:
        logger.warning("The votes do not count in this build's ranking. %s", problem)
        return {}
