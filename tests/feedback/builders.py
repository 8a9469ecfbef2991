"""Articles, ballots and moments of which a test names only what matters to it."""

import itertools
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from hashlib import blake2b

from sqlalchemy import Connection, Table, func, select

from feedback import flags, revisions, votes
from feedback.database import Database
from feedback.flags import Judged
from feedback.history import Tally
from feedback.model import ArticleId, ArticleKey, Ballot, PublishedArticle, Reason, Revision
from feedback.revisions import Published
from feedback.votes import Cast

NOW = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)
KEY = ArticleKey(ArticleId("refund"), "en")
FIRST = Revision("aaaaaaaaaaaa")
SECOND = Revision("bbbbbbbbbbbb")
TEXT = "Send the parcel back within thirty days and we refund the price. " * 20
_NUMBERS = itertools.count(1)
OTHER_TEXT = "Refunds are made to the card that you have paid with, within a week. " * 20


def draws(size: int) -> bytes:
    """Random bytes that never come twice."""
    return next(_NUMBERS).to_bytes(size, "big")


def article(
    revision: Revision = FIRST, *, key: ArticleKey = KEY, text: str = TEXT, **fields: object
) -> PublishedArticle:
    return PublishedArticle(key=key, revision=revision, text=text, **fields)  # type: ignore[arg-type]  # the fields of PublishedArticle


def ballot(visitor: str = "alice", *, helpful: bool = False, **fields: object) -> Ballot:
    """A vote on the first revision, from a network of the visitor's own."""
    named = {
        "article": KEY.article,
        "lang": KEY.lang,
        "revision": FIRST,
        "network": f"network of {visitor}",
    }
    return Ballot(visitor=visitor, helpful=helpful, **(named | fields))  # type: ignore[arg-type]  # the fields of Ballot


def publish(
    db: Database, *published: PublishedArticle, now: datetime = NOW - 100 * DAY
) -> Published:
    """Tell the loop of a build of these articles; of the first revision if none is named."""
    with db.write() as connection:
        return revisions.publish(connection, published or (article(),), now)


def cast(db: Database, vote: Ballot, now: datetime = NOW) -> Cast:
    with db.write() as connection:
        return votes.cast(connection, vote, now)


def reassess(db: Database, now: datetime = NOW, key: ArticleKey = KEY) -> Judged:
    with db.write() as connection:
        return flags.reassess(connection, key, now)


def flag(db: Database, now: datetime = NOW, revision: Revision = FIRST) -> Judged:
    """Let six readers on the two days before `now` say that the article is outdated."""
    for day in (2, 1):
        for number in range(3):
            cast(
                db,
                ballot(f"reader {day} {number} {now}", revision=revision, reason=Reason.OUTDATED),
                now - day * DAY,
            )
    return reassess(db, now)


def count(connection: Connection, table: Table) -> int:
    return connection.execute(select(func.count()).select_from(table)).scalar_one()


def digest_of(found: Iterable[Tally]) -> int:
    """The sum of the hashes of all these votes."""
    total = 0
    for one in found:
        said = "yes" if one.helpful else one.reason or "no"
        text = f"{one.revision} {one.day} {said}".encode()
        total += one.count * int.from_bytes(blake2b(text, digest_size=7).digest())
    return total % 256**7
