"""The rows of votes: those that a ballot meets, the one it adds or changes, and their sums.

The statements are made once: making them anew for each vote would take longer than all the rest.
Knows no rule of who counts; that is `feedback.votes`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, and_, bindparam, exists, func, insert, select, union_all, update

from feedback import schema, tallies
from feedback.errors import UnknownArticle, UnknownRevision
from feedback.history import VoteEvent
from feedback.model import ArticleKey, Ballot, Reason, Revision
from feedback.prepared import Prepared

_articles = schema.articles
_revisions = schema.revisions
_votes = schema.votes

# Locks the article's row until the transaction ends, so that votes on one article come one after
# the other. SQLite's writers are alone anyway.
_LOCK = Prepared(
    select(
        _articles.c.public,
        exists()
        .where(
            _revisions.c.article == _articles.c.article,
            _revisions.c.lang == _articles.c.lang,
            _revisions.c.revision == bindparam("revision"),
        )
        .label("has_revision"),
    )
    .where(
        _articles.c.article == bindparam("article"),
        _articles.c.lang == bindparam("lang"),
        _articles.c.gone.is_(None),
    )
    .with_for_update(key_share=True)
)
_ON_REVISION = and_(
    _votes.c.article == bindparam("article"),
    _votes.c.lang == bindparam("lang"),
    _votes.c.revision == bindparam("revision"),
)
_STANDING = select(
    _votes.c.visitor,
    _votes.c.network,
    _votes.c.helpful,
    _votes.c.reason,
    _votes.c.weight,
    func.coalesce(_votes.c.changed, _votes.c.cast).label("at"),
)
_FROM_NETWORK = and_(_votes.c.network == bindparam("network"), _votes.c.weight > 0)
# Two searches and no OR: with one SQLite would read every vote on the revision.
_CONCERNED = Prepared(
    union_all(
        _STANDING.where(
            _ON_REVISION,
            _votes.c.visitor.in_([bindparam("visitor"), bindparam("previous_visitor")]),
        ),
        _STANDING.where(_ON_REVISION, _FROM_NETWORK),
    )
)
_NEIGHBOURS = _STANDING.where(_ON_REVISION, _FROM_NETWORK)
_ADD = Prepared(
    insert(_votes),
    [
        "article",
        "lang",
        "revision",
        "visitor",
        "network",
        "helpful",
        "reason",
        "weight",
        "via",
        "search",
        "cast",
    ],
)
_CHANGE = (
    update(_votes)
    .where(
        _votes.c.article == bindparam("of_article"),
        _votes.c.lang == bindparam("of_lang"),
        _votes.c.revision == bindparam("of_revision"),
        _votes.c.visitor == bindparam("of_visitor"),
    )
    .values(
        {name: bindparam(name) for name in ("network", "helpful", "reason", "weight", "changed")}
    )
)


@dataclass(frozen=True, slots=True)
class Vote:
    """A vote as it is kept. Weight 0: kept for staff to see, never counted.

    `at` is the moment of the visitor's last word, `network` the one it came from.
    """

    key: ArticleKey
    revision: Revision
    visitor: str
    network: str
    helpful: bool
    reason: Reason | None
    weight: int
    at: datetime


def open_for(db: Connection, key: ArticleKey, revision: Revision) -> None:
    """Hold the article's row until the transaction ends.

    Raises UnknownArticle (none of that id that the public sees) and UnknownRevision.
    """
    named = {"article": key.article, "lang": key.lang, "revision": revision}
    found = _LOCK.run(db, named)
    if not found or not found[0][0]:
        raise UnknownArticle(key)
    if not found[0][1]:
        raise UnknownRevision(key, revision)


def concerned(db: Connection, key: ArticleKey, ballot: Ballot) -> list[Vote]:
    """The visitor's own votes on this revision, and those that count from the same network."""
    named = {
        "article": key.article,
        "lang": key.lang,
        "revision": ballot.revision,
        "visitor": ballot.visitor,
        "previous_visitor": ballot.previous_visitor or ballot.visitor,
        "network": ballot.network,
    }
    votes = (Vote(key, ballot.revision, *row) for row in _CONCERNED.run(db, named))
    return list({vote.visitor: vote for vote in votes}.values())


def add(db: Connection, vote: Vote, ballot: Ballot) -> None:
    """Add a visitor's first vote on a revision."""
    _ADD.run(
        db,
        {
            "article": vote.key.article,
            "lang": vote.key.lang,
            "revision": vote.revision,
            "visitor": vote.visitor,
            "network": vote.network,
            "helpful": vote.helpful,
            "reason": vote.reason,
            "weight": vote.weight,
            "via": ballot.via,
            "search": ballot.search,
            "cast": vote.at,
        },
    )


def change(db: Connection, vote: Vote) -> None:
    """Let a visitor's row say what `vote` says."""
    db.execute(
        _CHANGE,
        {
            "of_article": vote.key.article,
            "of_lang": vote.key.lang,
            "of_revision": vote.revision,
            "of_visitor": vote.visitor,
            "network": vote.network,
            "helpful": vote.helpful,
            "reason": vote.reason,
            "weight": vote.weight,
            "changed": vote.at,
        },
    )


def count(
    db: Connection, vote: Vote, earlier: Vote | None, met: Iterable[Vote], *, network: str
) -> None:
    """Let the sums follow: what counts from the networks of both words, before and after.

    `met` are the votes that `concerned` found, of the ballot's `network`.
    """
    if not vote.weight and (earlier is None or not earlier.weight):
        return
    networks = {vote.network} if earlier is None else {vote.network, earlier.network}
    before = {one.visitor: one for one in met if one.network in networks}
    for other in networks - {network}:
        # The visitor's own row says the new word already, so what was met goes before it.
        before = {one.visitor: one for one in _from(db, vote, other)} | before
    after = before | {vote.visitor: vote}
    tallies.change(db, vote.key, map(_event, before.values()), map(_event, after.values()))


def _from(db: Connection, vote: Vote, network: str) -> list[Vote]:
    """The votes on the same revision that count from a network."""
    named = {
        "article": vote.key.article,
        "lang": vote.key.lang,
        "revision": vote.revision,
        "network": network,
    }
    return [Vote(vote.key, vote.revision, *row) for row in db.execute(_NEIGHBOURS, named)]


def _event(vote: Vote) -> VoteEvent:
    return VoteEvent(
        at=vote.at,
        helpful=vote.helpful,
        revision=vote.revision,
        network=vote.network,
        reason=vote.reason,
        weight=vote.weight,
    )
