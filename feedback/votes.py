"""A reader's word on one revision of an article: one row a visitor, the last word counts."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, Connection, func, insert, select, update

from feedback import keyed, remarks, schema
from feedback.errors import UnknownArticle, UnknownRevision
from feedback.history import NETWORK_LIMIT
from feedback.model import ArticleKey, Ballot, Outcome, Reason, Revision

_articles = schema.articles
_revisions = schema.revisions
_votes = schema.votes


@dataclass(frozen=True, slots=True)
class Vote:
    """A vote as it is kept. Weight 0: kept for staff to see, never counted."""

    key: ArticleKey
    revision: Revision
    visitor: str
    helpful: bool
    reason: Reason | None
    weight: int


@dataclass(frozen=True, slots=True)
class Cast:
    """What became of a ballot, in the word for the reader, and the row that now stands."""

    outcome: Outcome
    vote: Vote


def cast(db: Connection, ballot: Ballot, now: datetime) -> Cast:
    """Store a ballot and say what became of it.

    1. The remark is normalised, measured and redacted before anything is written.
    2. The article's row is locked, so that votes on one article come one after the other.
    3. The same visitor's earlier vote on this revision, under today's or yesterday's salt, is
       changed; without one a row is added.

    Raises RemarkTooLong, UnknownArticle (no article of that id that the public sees) and
    UnknownRevision. A revision of the past is taken and belongs to that revision.
    """
    words = remarks.prepare(ballot.remark)
    key = ArticleKey(ballot.article, ballot.lang)
    _lock(db, key)
    _check_revision(db, key, ballot.revision)
    earlier = _earlier(db, key, ballot)
    vote = _add(db, key, ballot, now) if earlier is None else earlier
    place = remarks.Place(key, ballot.revision, vote.visitor)
    said = words is not None and remarks.keep(db, place, words, now)
    if earlier is None:
        return Cast(Outcome.COUNTED if vote.weight else Outcome.HELD, vote)
    if words is None and earlier.helpful != ballot.helpful:
        remarks.drop(db, place)
    return _change(db, earlier, ballot, said=said, now=now)


def _lock(db: Connection, key: ArticleKey) -> None:
    """Hold the article's row until the transaction ends. SQLite's writers are alone anyway."""
    public = db.execute(
        select(_articles.c.public)
        .where(keyed.by(_articles, key), _articles.c.gone.is_(None))
        .with_for_update(key_share=True)
    ).scalar_one_or_none()
    if not public:
        raise UnknownArticle(key)


def _check_revision(db: Connection, key: ArticleKey, revision: Revision) -> None:
    published = db.execute(
        select(_revisions.c.id)
        .where(keyed.by(_revisions, key), _revisions.c.revision == revision)
        .limit(1)
    ).first()
    if published is None:
        raise UnknownRevision(key, revision)


def _earlier(db: Connection, key: ArticleKey, ballot: Ballot) -> Vote | None:
    """The visitor's standing vote; today's hash goes before yesterday's."""
    hashes = {ballot.visitor, ballot.previous_visitor} - {None}
    rows = db.execute(
        select(_votes.c.visitor, _votes.c.helpful, _votes.c.reason, _votes.c.weight).where(
            keyed.by(_votes, key),
            _votes.c.revision == ballot.revision,
            _votes.c.visitor.in_(hashes),
        )
    ).all()
    if not rows:
        return None
    row = max(rows, key=lambda row: row.visitor == ballot.visitor)
    return Vote(key, ballot.revision, row.visitor, row.helpful, row.reason, row.weight)


def _add(db: Connection, key: ArticleKey, ballot: Ballot, now: datetime) -> Vote:
    weight = _weight(db, ballot, ballot.visitor, now)
    vote = Vote(key, ballot.revision, ballot.visitor, ballot.helpful, ballot.reason, weight)
    db.execute(
        insert(_votes).values(
            article=key.article,
            lang=key.lang,
            revision=ballot.revision,
            visitor=ballot.visitor,
            network=ballot.network,
            helpful=ballot.helpful,
            reason=ballot.reason,
            weight=weight,
            via=ballot.via,
            search=ballot.search,
            cast=now,
        )
    )
    return vote


def _change(db: Connection, earlier: Vote, ballot: Ballot, *, said: bool, now: datetime) -> Cast:
    """Let the visitor's second word stand.

    The same answer again may bring a reason or a remark that the first one lacked; the opposite
    answer replaces all of the first. A vote once counted goes on counting unless the change came
    in a way that would not have been counted.
    """
    same = earlier.helpful == ballot.helpful
    vote = replace(
        earlier,
        helpful=ballot.helpful,
        reason=(ballot.reason or earlier.reason) if same else ballot.reason,
    )
    changes = said or vote != earlier
    if not changes and earlier.weight:
        return Cast(Outcome.ALREADY_COUNTED, earlier)
    counts = ballot.trusted if earlier.weight else _weight(db, ballot, earlier.visitor, now)
    vote = replace(vote, weight=int(counts))
    if vote == earlier and not said:
        return Cast(Outcome.HELD, earlier)
    db.execute(
        update(_votes)
        .where(*_row(earlier))
        .values(
            network=ballot.network,  # that of the day on which the vote counts from now on
            helpful=vote.helpful,
            reason=vote.reason,
            weight=vote.weight,
            changed=now,
        )
    )
    if not vote.weight:
        return Cast(Outcome.HELD, vote)
    return Cast(Outcome.CHANGED if earlier.weight else Outcome.COUNTED, vote)


def _weight(db: Connection, ballot: Ballot, visitor: str, now: datetime) -> int:
    """1 if the vote counts: it came from a browser, and few of its network came before it.

    A vote counts on the day of its last word, so one held yesterday has to find room today.
    """
    if not ballot.trusted:
        return 0
    today = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    others = db.execute(
        select(func.count())
        .select_from(_votes)
        .where(
            _votes.c.article == ballot.article,
            _votes.c.lang == ballot.lang,
            _votes.c.revision == ballot.revision,
            _votes.c.network == ballot.network,
            _votes.c.visitor != visitor,
            _votes.c.weight > 0,
            func.coalesce(_votes.c.changed, _votes.c.cast) >= today,
        )
    ).scalar_one()
    return int(others < NETWORK_LIMIT)


def _row(vote: Vote) -> tuple[ColumnElement[bool], ...]:
    return (
        keyed.by(_votes, vote.key),
        _votes.c.revision == vote.revision,
        _votes.c.visitor == vote.visitor,
    )
