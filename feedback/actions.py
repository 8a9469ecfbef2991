"""What people do with an item of the queue: assign, note, dismiss, find correct.

Each action names the version of the item that the person had before them; if somebody else was
faster, nothing is written and StaleItem says who did what.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Connection

from feedback import articles, items, remarks, reviews, sentences, staff, words
from feedback.errors import AccountError, BadSnooze, StaleItem, UnknownArticle, WordsMissing
from feedback.history import utc_day
from feedback.items import Act, Item, Taken
from feedback.model import ArticleKey, ItemState, Lane, Revision, Step
from feedback.reviews import Review

LONGEST_SNOOZE = timedelta(days=365)


def assign(
    db: Connection, item: int, *, actor: str, to: str | None, version: int, now: datetime
) -> Item:
    """Give an item to an account, or to nobody. Raises UnknownItem, StaleItem, AccountError."""
    if to is not None and not staff.is_known(db, to):
        raise AccountError(f"There is no account {to!r} to give the item to.")
    act = Act(actor, words.given_to(to), now)
    values = {"assignee": to}
    return items.change(db, item, Taken(Step.ASSIGNED, act), version=version, values=values)


def note(db: Connection, item: int, *, actor: str, text: str, version: int, now: datetime) -> Item:
    """Write something down about an item. Raises UnknownItem, StaleItem, WordsMissing."""
    act = Act(
        actor, _words(text, "The note is empty. Write what the next person should know."), now
    )
    return items.change(db, item, Taken(Step.NOTED, act), version=version, values={})


def snooze(
    db: Connection, item: int, *, actor: str, until: date, version: int, now: datetime
) -> Item:
    """Put an item off until a day; what anybody says of it in the meantime wakes it.

    Raises UnknownItem, StaleItem, and BadSnooze for a day that is over or beyond a year.
    """
    today = utc_day(now)
    if not today < until <= today + LONGEST_SNOOZE:
        raise BadSnooze(until)
    act = Act(actor, words.english(sentences.UNTIL, day=until.isoformat()), now)
    values = {"snoozed": until}
    return items.change(db, item, Taken(Step.SNOOZED, act), version=version, values=values)


@dataclass(frozen=True, slots=True)
class Read:
    """What a person had before them: an item in a `version`, its article in a `revision`."""

    item: int
    version: int
    revision: Revision


def dismiss(db: Connection, read: Read, *, actor: str, reason: str, now: datetime) -> Item:
    """Say that there is nothing to mend: the evidence goes to 0, the votes become the usual.

    Raises UnknownItem, StaleItem, also where another revision was published since, and
    WordsMissing without a reason.
    """
    said = _words(reason, "A dismissal needs its reason, for whoever sees the next flag.")
    return _settle(db, read, Taken(Step.DISMISSED, Act(actor, said, now)), ItemState.DISMISSED)


def correct(db: Connection, read: Read, *, actor: str, evidence: str, now: datetime) -> Item:
    """Say that the article was read and is correct as it is: a review, with its evidence.

    It holds for the revision that was read. Raises UnknownItem, StaleItem, also where another
    revision was published since, and WordsMissing without the line of evidence.
    """
    said = _evidence(evidence)
    return _settle(db, read, Taken(Step.CORRECT, Act(actor, said, now)), ItemState.CORRECT)


def review(
    db: Connection, key: ArticleKey, *, actor: str, evidence: str, revision: Revision, now: datetime
) -> list[Item]:
    """The same for an article without an item, such as a stale one; `revision` is the one read.

    Returns the items that this settles. Raises UnknownArticle, WordsMissing, and StaleItem if
    another revision was published since.
    """
    said = _evidence(evidence)
    _hold(db, key, revision)
    act = Act(actor, said, now)
    return reviews.record(db, Review(key, revision, Lane.STALE, ItemState.CORRECT, act))


def _settle(db: Connection, read: Read, taken: Taken, state: ItemState) -> Item:
    """Settle the item, then the article's others that the same review answers."""
    settled = items.change(db, read.item, taken, version=read.version, values={"state": state})
    _hold(db, settled.key, read.revision)
    reviews.record(db, Review(settled.key, read.revision, settled.lane, state, taken.act))
    return settled


def _hold(db: Connection, key: ArticleKey, revision: Revision) -> None:
    """Hold an article of which this revision was read: what was found holds for no other."""
    article = articles.hold(db, key)
    if article is None:
        raise UnknownArticle(key)
    if article.revision != revision:
        raise StaleItem(
            f"Article {key}", "revision %(revision)s was published.", revision=article.revision
        )


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
