"""Tells the loop which revisions are published now; the edit closes the flag here."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from pathlib import PurePosixPath

from answerloop import store
from answerloop.articles import Article
from answerloop.catalog import Catalog
from answerloop.history import Change
from answerloop.settings import Settings
from feedback import revisions
from feedback.model import ArticleKey, FixingCommit, PublishedArticle


@dataclass(frozen=True, slots=True)
class Known:
    """What Git knows: the last change of each file, and the commits that name items; or nothing."""

    changes: Mapping[PurePosixPath, Change] = field(default_factory=dict)
    commits: Sequence[FixingCommit] = ()


def tell(
    catalog: Catalog,
    settings: Settings,
    known: Known,
    now: datetime,
) -> revisions.Published:
    """Record the revisions of `catalog` in the database and close what their edits mend.

    Raises feedback.errors.FeedbackError when the database cannot be written.
    """
    with closing(store.open(settings)) as db, db.write() as connection:
        told = articles(catalog, known.changes)
        return revisions.publish(connection, told, now, known.commits)


def articles(
    catalog: Catalog, changes: Mapping[PurePosixPath, Change]
) -> Iterable[PublishedArticle]:
    """What the loop is told of each article.

    A file that was edited since its last commit has that commit's date, but neither its author nor
    what it says of itself.
    """
    for article in (*catalog.published, *catalog.internal):
        change = changes.get(article.path)
        made = change if change and not change.is_pending else None
        called_minor = made is not None and made.is_minor
        yield PublishedArticle(
            key=ArticleKey(article.id, article.lang),
            revision=article.revision,
            text=f"{article.title}\n{article.body}",
            severity=article.severity,
            owner=article.owner,
            minor=article.minor or called_minor,
            minor_after=made.minor_after if made and not article.minor else None,
            reviewed=_reviewed(article),
            review_every=article.review_every,
            evidence=article.review.evidence if article.review else "",
            commit=made.commit if made else "",
            author=made.author if made else "",
            public=article.is_published,
        )


def _reviewed(article: Article) -> datetime | None:
    """The last review, if it was made for the text as it stands."""
    if article.review is None or article.review.hash != article.revision:
        return None
    return datetime.combine(article.review.on, time(), tzinfo=UTC)
