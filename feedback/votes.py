"""A reader's word on one revision of an article: one row a visitor, the last word counts."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from sqlalchemy import Connection

from feedback import ballot_box, remarks
from feedback.ballot_box import Vote
from feedback.history import NETWORK_LIMIT
from feedback.model import ArticleKey, Ballot, Outcome
from feedback.redaction import Redacted


@dataclass(frozen=True, slots=True)
class Cast:
    """What became of a ballot, in the word for the reader, and the row that now stands.

    `is_first`: the visitor had said nothing of this revision before.
    """

    outcome: Outcome
    vote: Vote
    is_first: bool = False


@dataclass(frozen=True, slots=True)
class Prepared:
    """A ballot whose remark is normalised, measured and redacted."""

    ballot: Ballot
    words: Redacted | None


def cast(db: Connection, ballot: Ballot, now: datetime) -> Cast:
    """Prepare a ballot and store it."""
    return store(db, prepare(ballot), now)


def prepare(ballot: Ballot) -> Prepared:
    """What can be done before anything is written. Raises RemarkTooLong."""
    return Prepared(ballot, remarks.prepare(ballot.remark))


def store(db: Connection, prepared: Prepared, now: datetime) -> Cast:
    """Store a ballot and say what became of it.

    1. The article's row is locked.
    2. The same visitor's earlier vote on this revision, under today's or yesterday's salt, is
       changed; without one a row is added.
    3. The day's sums follow.

    Raises UnknownArticle (no article of that id that the public sees) and UnknownRevision. A
    revision of the past is taken and belongs to that revision.
    """
    ballot, words = prepared.ballot, prepared.words
    key = ArticleKey(ballot.article, ballot.lang)
    ballot_box.open_for(db, key, ballot.revision)
    met = ballot_box.concerned(db, key, ballot)
    earlier = _earlier(met, ballot)
    if earlier is not None:
        return _change(db, prepared, earlier, met, now=now)
    weight = _weight(met, ballot, ballot.visitor, now)
    vote = Vote(
        key, ballot.revision, ballot.visitor, ballot.network,
        ballot.helpful, ballot.reason, weight, now,
    )  # fmt: skip
    ballot_box.add(db, vote, ballot)
    if words is not None:
        remarks.keep(db, remarks.Place(key, ballot.revision, ballot.visitor), words, now)
    ballot_box.count(db, vote, None, met, network=ballot.network)
    return Cast(Outcome.COUNTED if weight else Outcome.HELD, vote, is_first=True)


def _earlier(met: Iterable[Vote], ballot: Ballot) -> Vote | None:
    """The visitor's standing vote; today's hash goes before yesterday's."""
    hashes = {ballot.visitor, ballot.previous_visitor}
    own = [vote for vote in met if vote.visitor in hashes]
    return max(own, key=lambda vote: vote.visitor == ballot.visitor, default=None)


def _change(
    db: Connection, prepared: Prepared, earlier: Vote, met: list[Vote], *, now: datetime
) -> Cast:
    """Let the visitor's second word stand.

    The same answer again may bring a reason or a remark that the first one lacked; the opposite
    answer replaces all of the first. A vote once counted goes on counting unless the change came
    in a way that would not have been counted.
    """
    ballot = prepared.ballot
    same = earlier.helpful == ballot.helpful
    said = _say(db, prepared, earlier, now)
    vote = replace(
        earlier,
        helpful=ballot.helpful,
        reason=(ballot.reason or earlier.reason) if same else ballot.reason,
    )
    changes = said or vote != earlier
    if not changes and earlier.weight:
        return Cast(Outcome.ALREADY_COUNTED, earlier)
    counts = ballot.trusted if earlier.weight else _weight(met, ballot, earlier.visitor, now)
    vote = replace(vote, weight=int(counts))
    if vote == earlier and not said:
        return Cast(Outcome.HELD, earlier)
    # It counts from now on, on the day and for the network of its last word. Where that has no
    # room it counts in the place of the first: roaming brings no network more than its due.
    stays = (
        counts
        and ballot.network != earlier.network
        and not _weight(met, ballot, earlier.visitor, now)
    )
    if not stays:
        vote = replace(vote, network=ballot.network, at=now)
    ballot_box.change(db, vote)
    ballot_box.count(db, vote, earlier, met, network=ballot.network)
    if not vote.weight:
        return Cast(Outcome.HELD, vote)
    return Cast(Outcome.CHANGED if earlier.weight else Outcome.COUNTED, vote)


def _say(db: Connection, prepared: Prepared, earlier: Vote, now: datetime) -> bool:
    """Keep the words of a second vote; a mind that changed without words takes back its first."""
    place = remarks.Place(earlier.key, earlier.revision, earlier.visitor)
    if prepared.words is not None:
        return remarks.keep(db, place, prepared.words, now)
    if earlier.helpful != prepared.ballot.helpful:
        remarks.drop(db, place)
    return False


def _weight(met: Iterable[Vote], ballot: Ballot, visitor: str, now: datetime) -> int:
    """1 if the vote counts: it came from a browser, and few of its network came before it.

    A vote counts on the day of its last word, so one held yesterday has to find room today.
    """
    today = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    others = sum(
        1
        for vote in met
        if vote.weight
        and vote.network == ballot.network
        and vote.visitor != visitor
        and vote.at >= today
    )
    return int(ballot.trusted and others < NETWORK_LIMIT)
