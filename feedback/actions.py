"""What people do with an item of the queue: assign, note, dismiss, find correct.

Each action names the version of the item that the person had before them; if somebody else was
faster, nothing is written and StaleItem says who did what.
"""

from datetime import datetime

from sqlalchemy import Connection

from feedback import articles, items, remarks, reviews, staff
from feedback.errors import AccountError, StaleItem, UnknownArticle, WordsMissing
from feedback.items import Act, Item, Taken
from feedback.model import ArticleKey, ItemState, Lane, Revision, Step
from feedback.reviews import Review


def assign(
    db: Connection, item: int, *, actor: str, to: str | None, version: int, now: datetime
) -> Item:
    """Give an item to an account, or to nobody. Raises UnknownItem, StaleItem, AccountError."""
    if to is not None and not staff.is_known(db, to):
        raise AccountError(f"There is no account {to!r} to give the item to.")
    act = Act(actor, f"to {to}" if to else "to nobody", now)
    values = {"assignee": to}
    return items.change(db, item, Taken(Step.ASSIGNED, act), version=version, values=values)


def note(db: Connection, item: int, *, actor: str, text: str, version: int, now: datetime) -> Item:
    """Write something down about an item. Raises UnknownItem, StaleItem, WordsMissing."""
    act = Act(
        actor, _words(text, "The note is empty. Write what the next person should know."), now
    )
    return items.change(db, item, Taken(Step.NOTED, act), version=version, values={})


def dismiss(
    db: Connection, item: int, *, actor: str, reason: str, version: int, now: datetime
) -> Item:
    """Say that there is nothing to mend: the evidence goes to 0, the votes become the usual.

    Raises UnknownItem, StaleItem, and WordsMissing without a reason.
    """
    said = _words(reason, "A dismissal needs its reason, for whoever sees the next flag.")
    return _settle(
        db, item, Taken(Step.DISMISSED, Act(actor, said, now)),
        version=version, state=ItemState.DISMISSED,
    )  # fmt: skip


def correct(
    db: Connection, item: int, *, actor: str, evidence: str, version: int, now: datetime
) -> Item:
    """Say that the article was read and is correct as it is: a review, with its evidence.

    Raises UnknownItem, StaleItem, and WordsMissing without the line of evidence.
    """
    said = _evidence(evidence)
    return _settle(
        db, item, Taken(Step.CORRECT, Act(actor, said, now)),
        version=version, state=ItemState.CORRECT,
    )  # fmt: skip


def review(
    db: Connection, key: ArticleKey, *, actor: str, evidence: str, revision: Revision, now: datetime
) -> list[Item]:
    """The same for an article without an item, such as a stale one; `revision` is the one read.

    Returns the items that this settles. Raises UnknownArticle, WordsMissing, and StaleItem if
    another revision was published since.
    """
    said = _evidence(evidence)
    article = articles.hold(db, key)
    if article is None:
        raise UnknownArticle(key)
    if article.revision != revision:
        raise StaleItem(f"Article {key}", f"revision {article.revision} was published.")
    act = Act(actor, said, now)
    return reviews.record(db, Review(key, revision, Lane.STALE, ItemState.CORRECT, act))


def _settle(db: Connection, item: int, taken: Taken, *, version: int, state: ItemState) -> Item:
    """Settle the item, then the article's others that the same review answers."""
    settled = items.change(db, item, taken, version=version, values={"state": state})
    article = articles.hold(db, settled.key)
    if article is None:
        raise UnknownArticle(settled.key)
    reviews.record(db, Review(settled.key, article.revision, settled.lane, state, taken.act))
    return settled


def _evidence(text: str) -> str:
    return _words(
        text,
        "A review needs one line of evidence: what was tried, where, with what result.",
    )


def _words(text: str, missing: str) -> str:
    """What may be kept of a person's words; raises WordsMissing if there are none."""
    redacted = remarks.prepare(text)
    if redacted is None:
        raise WordsMissing(missing)
    return redacted.text
