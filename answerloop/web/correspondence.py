"""Keeps the promises made to readers who left a remark or an address: tells them, and forgets."""

from datetime import datetime

from answerloop.web.service import Service
from feedback import contacts
from feedback.contacts import Contact
from feedback.model import Purpose
from feedback.sealing import Seals


def keep_up(service: Service, now: datetime) -> int:
    """Delete what is overdue, then write to those whose article was edited; how many letters."""
    service.writer.apply(lambda db: contacts.forget(db, now))
    if service.seals is None:
        return 0
    with service.database.read() as db:
        due = contacts.due(db)
    told = sum(_tell(service, service.seals, contact, now) for contact in due)
    if told:
        service.courier.wake()
    return told


def _tell(service: Service, seals: Seals, contact: Contact, now: datetime) -> bool:
    answer = seals.link(Purpose.ANSWER, contact.id)
    return service.writer.apply(lambda db: contacts.tell(db, contact, answer, now))
