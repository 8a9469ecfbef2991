"""What agents flag while they use an article: always an item of the queue, and evidence too."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, insert, select

from feedback import articles, items, keyed, redaction, remarks, schema, sentences, words
from feedback.errors import TicketMalformed, UnknownArticle
from feedback.items import Act, Item
from feedback.model import ArticleKey, Lane, Reason
from feedback.personal_data import Kind

_TICKET = re.compile(r"[A-Za-z0-9_#-]{1,40}")
_MONEY = {Kind.CARD, Kind.IBAN}
"""Their check digits tell them from a ticket's number."""


@dataclass(frozen=True, slots=True)
class Report:
    """An agent's word on an article. `words` and `ticket` may be empty."""

    key: ArticleKey
    agent: str
    reason: Reason
    words: str = ""
    ticket: str = ""


def report(db: Connection, said: Report, now: datetime) -> Item:
    """Keep an agent's report and open an item for it, or add it to the open one.

    Call `flags.reassess` next. Raises UnknownArticle (internal articles are known here),
    TicketMalformed, and RemarkTooLong for the words, which are redacted like a reader's.
    """
    check(said.ticket)
    redacted = remarks.prepare(said.words)
    article = articles.hold(db, said.key)
    if article is None or article.gone is not None:
        raise UnknownArticle(said.key)
    text = redacted.text if redacted else ""
    db.execute(
        insert(schema.reports).values(
            article=said.key.article,
            lang=said.key.lang,
            revision=article.revision,
            agent=said.agent,
            reason=said.reason,
            words=text,
            ticket=said.ticket,
            made=now,
        )
    )
    ticket = words.english(sentences.TICKET, ticket=said.ticket) if said.ticket else ""
    parts = (words.REASONS[said.reason], text.rstrip("."), ticket)
    act = Act(said.agent, "; ".join(part for part in parts if part), now)
    return items.enqueue(db, said.key, Lane.REPORTED, act)


def counted(db: Connection, keys: Iterable[ArticleKey], reason: Reason) -> Counter[ArticleKey]:
    """How many reports of each article ever gave this reason."""
    made = schema.reports
    found: Counter[ArticleKey] = Counter()
    for part in keyed.batches(keys):
        rows = db.execute(
            select(made.c.article, made.c.lang, func.count())
            .where(keyed.among(made, part), made.c.reason == reason)
            .group_by(made.c.article, made.c.lang)
        )
        found.update({ArticleKey(article, lang): count for article, lang, count in rows})
    return found


def check(ticket: str) -> None:
    """Raises TicketMalformed for what is no reference of a ticket; none at all is fine."""
    if ticket and not _is_reference(ticket):
        raise TicketMalformed(ticket)


def _is_reference(ticket: str) -> bool:
    return bool(_TICKET.fullmatch(ticket)) and not redaction.redact(ticket).kinds & _MONEY
