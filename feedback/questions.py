"""Questions that readers found no answer to, and sent: plain text, masked before it is kept."""

import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import Connection, insert, select

from feedback import remarks, schema
from feedback.redaction import Redacted
from feedback.searches import Teller

TOO_SOON = timedelta(seconds=3)
"""Nobody reads a form and fills it in faster."""
AGAIN = timedelta(seconds=300)
MOST_LINKS = 1

_questions = schema.questions


class Received(StrEnum):
    """What became of a question; said to the reader in these words, never more than is true."""

    RECEIVED = "received"
    ALREADY_RECEIVED = "already_received"
    HELD = "held"


@dataclass(frozen=True, slots=True)
class Question:
    """A question as it is sent. `looks_sent_by_person` is False for what only programs do."""

    text: Redacted
    lang: str
    search: str = ""
    looks_sent_by_person: bool = True


def prepare(raw: str) -> Redacted:
    """What may be kept of it. Raises RemarkTooLong beyond 1,000 characters."""
    words = remarks.prepare(unicodedata.normalize("NFKC", raw))
    return Redacted("", frozenset()) if words is None else words


def ask(db: Connection, teller: Teller, question: Question, now: datetime) -> Received:
    """Keep a question; the same one again within five minutes is the same question.

    One that looks like a program's work is kept and does not count, nor does one with several
    links, or without a letter.
    """
    again = db.execute(
        select(_questions.c.weight).where(
            _questions.c.visitor.in_(teller.keys),
            _questions.c.text == question.text.text,
            _questions.c.at > now - AGAIN,
        )
    ).first()
    if again is not None:
        return Received.ALREADY_RECEIVED if again.weight else Received.HELD
    links = question.text.text.casefold().count("://")
    is_question = links <= MOST_LINKS and any(map(str.isalnum, question.text.text))
    counts = teller.trusted and question.looks_sent_by_person and is_question
    db.execute(
        insert(_questions).values(
            visitor=teller.visitor.today,
            network=teller.visitor.network,
            lang=question.lang,
            text=question.text.text,
            search=question.search,
            weight=int(counts),
            pii=str(question.text.status),
            at=now,
        )
    )
    return Received.RECEIVED if counts else Received.HELD
