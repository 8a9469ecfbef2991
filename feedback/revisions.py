"""What a build published: new revisions, and the flags and items that they answer."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, insert, select, update

from feedback import (
    articles,
    comparison,
    database,
    keyed,
    mending,
    onsets,
    reviews,
    schema,
    trailers,
)
from feedback.comparison import Plan
from feedback.items import Item
from feedback.mending import Edit, Mended
from feedback.model import ArticleKey, FixingCommit, PublishedArticle, Revision
from feedback.trailers import Followed

_articles = schema.articles
_revisions = schema.revisions


@dataclass(frozen=True, slots=True)
class Published:
    """What a build changed in the eyes of the loop.

    `new` were never seen before, `changed` have a substantive new revision, `touched` a minor
    one, `reviewed` a newer review in the article itself, `gone` are missing for the first time.
    `watching` and `correct` are the items that the changed and the reviewed ones answered.
    `problems` are what commits say of the queue and could not be followed, as sentences.
    """

    new: tuple[ArticleKey, ...] = ()
    changed: tuple[ArticleKey, ...] = ()
    touched: tuple[ArticleKey, ...] = ()
    reviewed: tuple[ArticleKey, ...] = ()
    gone: tuple[ArticleKey, ...] = ()
    watching: tuple[Item, ...] = ()
    correct: tuple[Item, ...] = ()
    problems: tuple[str, ...] = ()


def publish(
    db: Connection,
    published: Iterable[PublishedArticle],
    now: datetime,
    commits: Iterable[FixingCommit] = (),
) -> Published:
    """Tell the loop what the site now says. `published` is the whole build, not a part of it.

    `commits` are all that name items, the newest first, however old; each is followed once.

    1. Compare with what was known; a build told twice changes nothing the second time.
    2. Record new articles and new revisions; mark what is missing as gone, never delete it.
    3. A substantive revision clears the flag and moves the open items to watching. A minor one
       (in measure, or by its author's word) leaves both standing.
    4. A commit that names an item says that its article was mended, in its own file or elsewhere:
       that counts as a substantive revision of it, of however few words or none.
    5. A newer review in the article itself answers what was open on its day.
    """
    database.lock(db, _articles)
    build = {article.key: article for article in published}
    known = articles.known(db)
    plan = comparison.compare(db, build, known)
    followed = _follow(db, commits, now, is_first=not known)
    mended = _mend(db, plan, followed, now)
    _write(db, plan, now)
    watching = mending.answer(db, mended, now)
    edited = frozenset(mended.edits)
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
        problems=tuple(followed.problems),
    )


def of(db: Connection, key: ArticleKey) -> dict[Revision, Edit]:
    """The revisions of an article, each with the commit and author of its last publication."""
    rows = db.execute(
        select(_revisions.c.revision, _revisions.c.commit, _revisions.c.author)
        .where(keyed.by(_revisions, key))
        .order_by(_revisions.c.id)
    )
    return {row.revision: Edit(row.revision, row.commit, row.author) for row in rows}


def _follow(
    db: Connection, commits: Iterable[FixingCommit], now: datetime, *, is_first: bool
) -> Followed:
    """What commits name. Those of before the first build speak of another queue."""
    if is_first:
        trailers.pass_over(db, commits, now)
        return Followed()
    return trailers.follow(db, commits, now)


def _mend(db: Connection, plan: Plan, followed: Followed, now: datetime) -> Mended:
    """What this build mends; the plan then holds as changed what commits say was mended."""
    named = {item.key for item, _ in followed.items}
    plan.changed += [article for article in plan.touched if article.key in named]
    plan.touched = [article for article in plan.touched if article.key not in named]
    edits = {one.key: Edit(one.revision, one.commit, one.author) for one in plan.changed}
    for key in named - edits.keys():
        article = plan.build.get(key)
        plan.again[key] = (
            Edit(article.revision, article.commit, article.author)
            if article
            else Edit(plan.known[key].revision)
        )
    edits |= plan.again
    return Mended(
        edits=edits,
        named={item.id: commit for item, commit in followed.items},
        onsets=onsets.of(db, edits, now),
    )


def _write(db: Connection, plan: Plan, now: datetime) -> None:
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
    revised = {
        article.key: Edit(article.revision, article.commit, article.author)
        for article in (*plan.new, *plan.changed, *plan.touched)
    }
    minor = {article.key for article in plan.touched}
    rows = [
        {
            "article": key.article,
            "lang": key.lang,
            "revision": edit.revision,
            "published": now,
            "commit": edit.commit,
            "author": comparison.storable(edit.author),
            "substantive": key not in minor,
        }
        for key, edit in (revised | plan.again).items()
    ]
    if rows:
        db.execute(insert(_revisions), rows)


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
        "text": comparison.storable(article.text),
        "severity": article.severity,
        "owner": comparison.storable(article.owner),
        "public": article.public,
        "reviewed": article.reviewed,
        "review_every": article.review_every,
        "gone": None,
    }


def _keys(articles_: Iterable[PublishedArticle]) -> tuple[ArticleKey, ...]:
    return tuple(article.key for article in articles_)
