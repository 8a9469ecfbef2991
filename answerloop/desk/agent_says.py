"""What an agent says while answering: this article is wrong, nothing fits, this solved it."""

from sqlalchemy import Connection

from answerloop.desk import access
from answerloop.desk.service import Service
from feedback import flags, questions, reports, reuse
from feedback.items import Item
from feedback.model import ArticleKey, Reason, Use
from feedback.questions import Question, Received
from feedback.reports import Report
from feedback.reuse import Reuse
from feedback.searches import Teller


def flag(service: Service, key: ArticleKey, reason: Reason, *, words: str, ticket: str) -> Item:
    """Open an item of the queue, or add to it.

    Raises UnknownArticle, TicketMalformed, RemarkTooLong or DatabaseError.
    """
    said = Report(key, access.user().user, reason, words.strip(), ticket.strip())
    now = service.clock()
    false_flags = service.settings.feedback.false_flags_per_month

    def store(db: Connection) -> Item:
        item = reports.report(db, said, now)
        flags.reassess(db, key, now, false_flags=false_flags)
        return item

    return service.writer.apply(store)


def miss(service: Service, text: str, lang: str, *, ticket: str) -> Received:
    """Note what no article answers. A ticket stands for one customer, else the agent for one a day.

    Raises TicketMalformed, RemarkTooLong or DatabaseError.
    """
    ticket, now = ticket.strip(), service.clock()
    reports.check(ticket)
    who = f"ticket {ticket}" if ticket else f"agent {access.user().user}"
    visitor = service.salts.identify(
        now, address="", user_agent="", accept_language="", site=f"the desk: {who}"
    )
    asked = Question(questions.prepare(text), lang)
    teller = Teller(visitor, trusted=True)
    return service.writer.apply(lambda db: questions.ask(db, teller, asked, now))


def use(service: Service, key: ArticleKey, kind: Use, *, ticket: str) -> None:
    """Keep that an article was used. Raises UnknownArticle, TicketMalformed or DatabaseError."""
    said = Reuse(key, access.user().user, kind, ticket.strip())
    now = service.clock()
    service.writer.apply(lambda db: reuse.record(db, said, now))
