"""What differs between a build and what the loop knew before it."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlalchemy import Connection, func, select

from feedback import articles, changes, keyed, schema
from feedback.articles import Article
from feedback.mending import Edit
from feedback.model import ArticleKey, PublishedArticle

_revisions = schema.revisions


@dataclass(slots=True)
class Plan:
    """Which articles of a `build` need which change, by what was `known`.

    `altered` are all rows to rewrite; `again` those mended without a new revision of theirs.
    """

    build: dict[ArticleKey, PublishedArticle]
    known: dict[ArticleKey, Article]
    new: list[PublishedArticle] = field(default_factory=list)
    changed: list[PublishedArticle] = field(default_factory=list)
    touched: list[PublishedArticle] = field(default_factory=list)
    reviewed: list[PublishedArticle] = field(default_factory=list)
    altered: list[PublishedArticle] = field(default_factory=list)
    again: dict[ArticleKey, Edit] = field(default_factory=dict)


def compare(
    db: Connection,
    build: dict[ArticleKey, PublishedArticle],
    known: dict[ArticleKey, Article],
) -> Plan:
    """Only texts of articles with a new revision are read."""
    revised = [key for key in build.keys() & known if build[key].revision != known[key].revision]
    before = articles.texts(db, revised)
    commits = _commits(db, revised)
    plan = Plan(build, known)
    for key, article in build.items():
        old = known.get(key)
        if old is None:
            plan.new.append(article)
        elif key in before:
            minor = _is_called_minor(article, commits.get(key, "")) or not changes.is_substantive(
                before[key], article.text
            )
            (plan.touched if minor else plan.changed).append(article)
        if old is not None and _says_otherwise(article, old):
            plan.altered.append(article)
        if article.reviewed and not _has_review(old, article):
            plan.reviewed.append(article)
    return plan


def _is_called_minor(article: PublishedArticle, last: str) -> bool:
    """Whether the author says so: in the article, or in every commit since the `last` published.

    Where that commit is not known, the newest speaks for all.
    """
    return article.minor and (
        article.minor_after is None or not last or last in article.minor_after
    )


def _commits(db: Connection, keys: Iterable[ArticleKey]) -> dict[ArticleKey, str]:
    """The commit of each article's last revision, where Git knew it."""
    found: dict[ArticleKey, str] = {}
    for part in keyed.batches(keys):
        newest = (
            select(func.max(_revisions.c.id))
            .where(keyed.among(_revisions, part))
            .group_by(_revisions.c.article, _revisions.c.lang)
        )
        rows = db.execute(
            select(_revisions.c.article, _revisions.c.lang, _revisions.c.commit).where(
                _revisions.c.id.in_(newest)
            )
        )
        found |= {ArticleKey(row.article, row.lang): row.commit for row in rows}
    return found


def _says_otherwise(article: PublishedArticle, old: Article) -> bool:
    """Whether anything that is kept of an article differs; a new text has a new revision."""
    return old.gone is not None or (
        article.revision,
        article.severity,
        storable(article.owner),
        article.public,
        article.reviewed,
        article.review_every,
    ) != (old.revision, old.severity, old.owner, old.public, old.reviewed, old.review_every)


def _has_review(old: Article | None, new: PublishedArticle) -> bool:
    """Whether the review is known already, or a newer one, of the same text."""
    if old is None or old.reviewed is None or new.reviewed is None:
        return False
    return old.revision == new.revision and old.reviewed >= new.reviewed


def storable(text: str) -> str:
    """PostgreSQL keeps any character but NUL, which says nothing to a reader either."""
    return text.replace("\0", "")
