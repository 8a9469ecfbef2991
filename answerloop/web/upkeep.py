"""The list of chores: what this service does beside its requests, and how often."""

from collections.abc import Sequence
from datetime import timedelta

from answerloop.web import correspondence
from answerloop.web.chores import Chore
from answerloop.web.service import Service
from feedback import outbox, residue


def chores(service: Service) -> Sequence[Chore]:
    """Each of them may be done at any time, twice, or by two services at once."""
    return (
        Chore(
            "Old messages",
            timedelta(days=1),
            lambda now: service.writer.apply(lambda db: outbox.sweep(db, now)),
        ),
        Chore(
            "Letters to readers",
            timedelta(minutes=1),
            lambda now: correspondence.keep_up(service, now),
        ),
        Chore("Residue", timedelta(hours=1), lambda _now: residue.wipe(service.database)),
    )
