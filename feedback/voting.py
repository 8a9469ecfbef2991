"""A vote that came over HTTP, from its fields to the row that stands, whoever took the request.

Knows no framework: `feedback.web` takes votes with one, `feedback.express` without.
"""

import logging
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from feedback import keepsakes, votes, wire
from feedback.errors import FeedbackError, TooMany
from feedback.keepsakes import Kept, Said
from feedback.model import ArticleId, ArticleKey, Ballot, Revision
from feedback.sealing import Seals
from feedback.visitors import Salts
from feedback.wire import Answer, VoteAnswer, VoteRequest
from feedback.writer import Writer

PATH = "/api/v1/votes"
JSON = "application/json"
JSON_LIMIT = 8 * 1024

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Voter:
    """What a request says of its sender.

    `address` is the reader's own, whatever proxies stand between. `trusted`: a page of ours in a
    browser sent it; other votes are stored and not counted.
    """

    address: str
    user_agent: str
    accept_language: str
    trusted: bool

    @classmethod
    def of(cls, environ: Mapping[str, Any], address: str, *, trusted: bool) -> "Voter":
        """The sender of a WSGI request."""
        return cls(
            address,
            environ.get("HTTP_USER_AGENT", ""),
            environ.get("HTTP_ACCEPT_LANGUAGE", ""),
            trusted,
        )


@dataclass(frozen=True, slots=True)
class Voting:
    """What a vote needs from the application.

    `site` names this site in the visitors' hashes. `after_vote` is called once a vote is
    committed, before it is answered: it must be quick, and cannot undo the vote. `wait` says for
    how many seconds the reader at an address must wait, with a remark or without one, 0 if the
    vote is taken now. Without `device_ids` the id that a browser keeps is not used. Without
    `seals` no mail address is taken; `after_contact` is called, as `after_vote` is, once a letter
    waits in the outbox.
    """

    writer: Writer
    salts: Salts
    clock: Callable[[], datetime]
    site: str
    after_vote: Callable[[ArticleKey], None]
    wait: Callable[[str, bool], float]
    device_ids: bool = True
    seals: Seals | None = None
    after_contact: Callable[[], None] = lambda: None
    randomness: Callable[[int], bytes] = secrets.token_bytes


def answer(voting: Voting, vote: VoteRequest, voter: Voter) -> Answer:
    """Cast the vote and say what became of it, or which expected failure met it."""
    try:
        return _told(cast(voting, vote, voter))
    except FeedbackError as error:
        return _told(error)


def cast(voting: Voting, vote: VoteRequest, voter: Voter) -> Kept:
    """Store the vote. All that needs no database is done before it stands in line.

    Raises FeedbackError.
    """
    work, follow = _begun(voting, vote, voter)
    return voting.writer.apply(work, follow)


def post(voting: Voting, vote: VoteRequest, voter: Voter, tell: Callable[[Answer], None]) -> None:
    """Cast the vote without waiting: `tell` is called with what `answer` says, once it is stored.

    From another thread, and it must be quick. Raises FeedbackError if the vote was not even put in
    line; then nothing is told. Only where the writer is a queue.
    """
    work, follow = _begun(voting, vote, voter)
    voting.writer.post(work, lambda outcome: tell(_told(outcome)), follow)


def _begun(
    voting: Voting, vote: VoteRequest, voter: Voter
) -> tuple[Callable[[Connection], Kept], Callable[[Kept], None]]:
    """What the writer is to do, and what follows it."""
    now = voting.clock()
    said = _prepare(voting, vote, voter, now)
    if seconds := voting.wait(voter.address, said.token is not None):
        raise TooMany(seconds)

    def follow(kept: Kept) -> None:
        voting.after_vote(kept.cast.vote.key)
        if kept.writes:
            voting.after_contact()

    return lambda db: keepsakes.store(db, said, now), follow


def _told(outcome: Kept | Exception) -> Answer:
    """What the reader is told of it."""
    if isinstance(outcome, Kept):
        said = VoteAnswer(outcome=outcome.cast.outcome, receipt=path(outcome))
        return Answer(200, JSON, said.model_dump_json())
    if isinstance(outcome, FeedbackError):
        seconds = outcome.seconds if isinstance(outcome, TooMany) else wire.RETRY_SECONDS
        return wire.refusal(problem(outcome), seconds)
    _log.error("A vote could not be stored.", exc_info=outcome)
    return wire.refusal(wire.BROKEN)


def problem(error: FeedbackError) -> wire.Problem:
    """What is told of a failure; a database that refuses is the operator's business, too."""
    told = wire.problem_of(error)
    if told.status == wire.UNAVAILABLE:
        _log.warning("A vote was refused: %s", error)
    return told


def path(kept: Kept) -> str | None:
    """Where the reader's private page is, if there is one."""
    return f"/f/{kept.token}" if kept.token else None


def _prepare(voting: Voting, vote: VoteRequest, voter: Voter, now: datetime) -> Said:
    return keepsakes.prepare(
        votes.prepare(_ballot(voting, vote, voter, now)),
        vote.contact or "",
        seals=voting.seals,
        randomness=voting.randomness,
    )


def _ballot(voting: Voting, vote: VoteRequest, voter: Voter, now: datetime) -> Ballot:
    visitor = voting.salts.identify(
        now,
        address=voter.address,
        user_agent=voter.user_agent,
        accept_language=voter.accept_language,
        site=voting.site,
        device=(vote.device or "") if voting.device_ids else "",
    )
    return Ballot(
        article=ArticleId(vote.article),
        lang=vote.lang,
        revision=Revision(vote.revision),
        helpful=vote.helpful,
        visitor=visitor.today,
        network=visitor.network,
        previous_visitor=visitor.yesterday,
        reason=vote.reason,
        remark=vote.comment or "",
        via=vote.via or "",
        search=vote.search_id or "",
        trusted=voter.trusted,
    )
