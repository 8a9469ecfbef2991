"""What a build published: new revisions, and the flags and items that they answer."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, bindparam, insert, update

from feedback import articles, changes, database, flags, items, reviews, schema
from feedback.articles import Article
from feedback.flags import Cleared
from feedback.items import Act, Item, Taken
from feedback.model import ArticleKey, ItemState, Lane, PublishedArticle, Step

ANSWERED_BY_AN_EDIT = (Lane.REPORTED, Lane.SUSPECTED, Lane.CLARITY)
"""The lanes whose items an edit moves to watching; what is stale needs a review."""

_articles = schema.articles
_revisions = schema.revisions


@dataclass(frozen=True, slots=True)
class Published:
    """What a build changed in the eyes of the loop.

    `new` were never seen before, `changed` have a substantive new revision, `touched` a minor
    one, `reviewed` a newer review in the article itself, `gone` are missing for the first time.
    `watching` and `correct` are the items that the changed and the reviewed ones answered.
    """

    new: tuple[ArticleKey, ...] = ()
    changed: tuple[ArticleKey, ...] = ()
    touched: tuple[ArticleKey, ...] = ()
    reviewed: tuple[ArticleKey, ...] = ()
    gone: tuple[ArticleKey, ...] = ()
    watching: tuple[Item, ...] = ()
    correct: tuple[Item, ...] = ()


def publish(db: Connection, published: Iterable[PublishedArticle], now: datetime) -> Published:
    """Tell the loop what the site now says. `published` is the whole build, not a part of it.

    1. Compare with what was known; a build told twice changes nothing the second time.
    2. Record new articles and new revisions; mark what is missing as gone, never delete it.
    3. A substantive revision clears the flag and moves the open items to watching. A minor one
       (in measure, or by its author's word) leaves both standing.
    4. A newer review in the article itself answers what was open on its day.
    """
    database.lock(db, _articles)
    build = {article.key: article for article in published}
    known = articles.known(db)
    plan = _compare(db, build, known)
    _write(db, plan, now)
    watching = _answer_by_edit(db, plan.changed, now)
    edited = frozenset(_keys(plan.changed))
    correct = reviews.adopt(db, plan.reviewed, edited=edited, now=now)
    gone = [key for key in known if key not in build and known[key].gone is None]
    _mark_gone(db, gone, now)
    return Published(
        new=_keys(plan.new),
        changed=_keys(plan.changed),
        touched=_keys(plan.touched),
        reviewed=_keys(plan.reviewed),
        gone=tuple(gone),
        watching=tuple(watching),
        correct=tuple(correct),
    )


@dataclass(slots=True)
class _Plan:
    """Which articles of a build need which change; `altered` are all rows to rewrite."""

    new: list[PublishedArticle] = field(default_factory=list)
    changed: list[PublishedArticle] = field(default_factory=list)
    touched: list[PublishedArticle] = field(default_factory=list)
    reviewed: list[PublishedArticle] = field(default_factory=list)
    altered: list[PublishedArticle] = field(default_factory=list)


def _compare(
    db: Connection,
    build: dict[ArticleKey, PublishedArticle],
    known: dict[ArticleKey, Article],
) -> _Plan:
    """Only texts of articles with a new revision are read."""
    revised = [key for key in build.keys() & known if build[key].revision != known[key].revision]
    before = articles.texts(db, revised)
    plan = _Plan()
    for key, article in build.items():
        old = known.get(key)
        if old is None:
            plan.new.append(article)
        elif key in before:
            minor = article.minor or not changes.is_substantive(before[key], article.text)
            (plan.touched if minor else plan.changed).append(article)
        if old is not None and _says_otherwise(article, old):
            plan.altered.append(article)
        if article.reviewed and (old is None or not _covers(old.reviewed, article.reviewed)):
            plan.reviewed.append(article)
    return plan


def _says_otherwise(article: PublishedArticle, old: Article) -> bool:
    """Whether anything that is kept of an article differs; a new text has a new revision."""
    return old.gone is not None or (
        article.revision,
        article.severity,
        _storable(article.owner),
        article.public,
        article.reviewed,
        article.review_every,
    ) != (old.revision, old.severity, old.owner, old.public, old.reviewed, old.review_every)


def _covers(old: datetime | None, new: datetime) -> bool:
    return old is not None and old >= new


def _write(db: Connection, plan: _Plan, now: datetime) -> None:
    if plan.new:
        rows = [_row(article) | _name(article) | {"published": now} for article in plan.new]
        db.execute(insert(_articles), rows)
    if plan.altered:
        db.execute(
            update(_articles).where(
                _articles.c.article == bindparam("of_article"),
                _articles.c.lang == bindparam("of_lang"),
            ),
            [
                _row(article) | {"of_article": article.key.article, "of_lang": article.key.lang}
                for article in plan.altered
            ],
        )
    minor = {article.key for article in plan.touched}
    revised = [*plan.new, *plan.changed, *plan.touched]
    if revised:
        rows = [
            _name(article)
            | {
                "revision": article.revision,
                "published": now,
                "commit": article.commit,
                "substantive": article.key not in minor,
            }
            for article in revised
        ]
        db.execute(insert(_revisions), rows)


def _answer_by_edit(db: Connection, changed: list[PublishedArticle], now: datetime) -> list[Item]:
    """The items moved to watching, each with a step that names its revision and commit."""
    edits = {article.key: article for article in changed}
    flags.clear(db, edits, Cleared.EDITED, now)
    moved: list[Item] = []
    for item in items.live(db, edits):
        if item.lane in ANSWERED_BY_AN_EDIT and item.state is ItemState.OPEN:
            edit = edits[item.key]
            commit = f" (commit {edit.commit})" if edit.commit else ""
            said = f"Revision {edit.revision}{commit} was published."
            taken = Taken(Step.WATCHING, Act(None, said, now))
            moved += items.move(db, [item], taken, state=ItemState.WATCHING)
    return moved


def _mark_gone(db: Connection, gone: list[ArticleKey], now: datetime) -> None:
    if gone:
        db.execute(
            update(_articles)
            .where(
                _articles.c.article == bindparam("of_article"),
                _articles.c.lang == bindparam("of_lang"),
            )
            .values(gone=now),
            [{"of_article": key.article, "of_lang": key.lang} for key in gone],
        )


def _name(article: PublishedArticle) -> dict[str, object]:
    return {"article": article.key.article, "lang": article.key.lang}


def _row(article: PublishedArticle) -> dict[str, object]:
    return {
        "revision": article.revision,
        "text": _storable(article.text),
        "severity": article.severity,
        "owner": _storable(article.owner),
        "public": article.public,
        "reviewed": article.reviewed,
        "review_every": article.review_every,
        "gone": None,
    }


def _keys(articles_: Iterable[PublishedArticle]) -> tuple[ArticleKey, ...]:
    return tuple(article.key for article in articles_)


def _storable(text: str) -> str:
    """PostgreSQL keeps any character but NUL, which says nothing to a reader either."""
    return text.replace("\0", "")
