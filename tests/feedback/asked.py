"""Readers who search in vain, of whom a test names only what matters to it."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from feedback import questions, searches
from feedback.database import Database
from feedback.gaps import gathering, rows, storing
from feedback.gaps.gathering import Verdict
from feedback.gaps.rows import Gap
from feedback.model import ArticleId, GapKind
from feedback.questions import Received
from feedback.searches import Click, Settled, Teller
from feedback.visitors import Visitor
from feedback.wordings import Said

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
DAY = timedelta(days=1)
_STOP = {"a", "the", "do", "i", "how", "can", "my", "to", "is", "for", "with", "you", "where"}


def teller(name: str, *, trusted: bool = True, network: str = "") -> Teller:
    return Teller(Visitor(name, None, network or f"network of {name}", None), trusted=trusted)


def token(name: str) -> str:
    return sha256(name.encode()).hexdigest()[:32]


def search(
    db: Database, query: str, reader: str, at: datetime = NOW - DAY, **fields: object
) -> str:
    """Let a reader search; without `hits`, in vain. Returns the search's token."""
    who = teller(
        reader,
        trusted=bool(fields.pop("trusted", True)),
        network=str(fields.pop("network", "")),
    )
    named = {"token": token(f"{query} {reader} {at}"), "hits": 0, "lang": "en"} | fields
    told = Settled(query=searches.prepare(query), **named)  # type: ignore[arg-type]  # the fields of Settled
    with db.write() as connection:
        searches.settle(connection, who, told, at)
    return told.token


def opened(
    db: Database, of: str, reader: str, article: str = "refund", *, at: datetime = NOW - DAY
) -> None:
    with db.write() as connection:
        searches.click(connection, teller(reader), Click(of, article, 1), at)


def ask(
    db: Database,
    text: str,
    reader: str,
    at: datetime = NOW - DAY,
    *,
    trusted: bool = True,
    network: str = "",
) -> Received:
    question = questions.Question(questions.prepare(text), "en")
    who = teller(reader, trusted=trusted, network=network)
    with db.write() as connection:
        return questions.ask(connection, who, question, at)


def words(text: str, _lang: str) -> Sequence[Said]:
    """The words of a text without those that say nothing, and without an `s` at the end."""
    return [
        Said(match.group().lower().rstrip("s"), *match.span())
        for match in re.finditer(r"\w+", text)
        if match.group().lower() not in _STOP
    ]


def judge(texts: Sequence[str], _lang: str) -> Verdict:
    if any("refund" in text for text in texts):
        return Verdict(GapKind.FINDABILITY, ArticleId("refund"))
    return Verdict(GapKind.WRITE)


def gather(db: Database, now: datetime = NOW) -> list[Gap]:
    """Gather the gaps, and return those that are shown."""
    with db.read() as connection:
        planned = gathering.plan(connection, words, judge, now)
    assert storing.write(db.apply, planned, now)
    return shown(db)


def shown(db: Database) -> list[Gap]:
    with db.read() as connection:
        return rows.listed(connection, rows.SHOWN)
