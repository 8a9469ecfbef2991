"""Tells the loop which revisions are published now; the edit closes the flag here."""

from collections.abc import Iterable, Mapping
from contextlib import closing
from datetime import UTC, datetime, time
from pathlib import PurePosixPath

from answerloop import store
from answerloop.articles import Article
from answerloop.catalog import Catalog
from answerloop.history import Change
from answerloop.settings import Settings
from feedback import revisions
from feedback.model import ArticleKey, PublishedArticle


def tell(
    catalog: Catalog,
    settings: Settings,
    changes: Mapping[PurePosixPath, Change],
    now: datetime,
) -> revisions.Published:
    """Record the revisions of `catalog` in the database and close what their edits mend.

    Raises feedback.errors.FeedbackError when the database cannot be written.
    """
    with closing(store.open(settings)) as db, db.write() as connection:
        return revisions.publish(connection, articles(catalog, changes), now)


def articles(
    catalog: Catalog, changes: Mapping[PurePosixPath, Change]
) -> Iterable[PublishedArticle]:
    """What the loop is told of each article."""
    for article in (*catalog.published, *catalog.internal):
        change = changes.get(article.path)
        yield PublishedArticle(
            key=ArticleKey(article.id, article.lang),
            revision=article.revision,
            text=f"{article.title}\n{article.body}",
            severity=article.severity,
            owner=article.owner,
            minor=article.minor or bool(change and change.is_minor),
            reviewed=_reviewed(article),
            review_every=article.review_every,
            commit=change.commit if change else "",
            public=article.is_published,
        )


def _reviewed(article: Article) -> datetime | None:
    """The last review, if it was made for the text as it stands."""
    if article.review is None or article.review.hash != article.revision:
        return None
    return datetime.combine(article.review.on, time(), tzinfo=UTC)
