"""Articles as the rule sees them, remembered from one look at the queue to the next.

To judge a busy article takes as long as to read a hundred quiet ones, and whoever works the queue
looks at it every minute. What is remembered is found again by all that it follows from: the digest
of the votes, the reports, edits and reviews themselves, the yardstick and the day.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection

from feedback import eventlog, evidence, tallies
from feedback.eventlog import Log
from feedback.evidence import Assessment, Yardstick
from feedback.history import utc_day
from feedback.memory import Memory
from feedback.model import ArticleKey


@dataclass(frozen=True, slots=True)
class Dossier:
    """All that was said about an article, and what follows from it today."""

    log: Log
    assessment: Assessment


@dataclass(frozen=True, slots=True)
class _Known:
    """A dossier, and what it follows from beside its log."""

    dossier: Dossier
    digest: int
    yardstick: Yardstick
    day: date

    def still_holds(self, log: Log, digest: int, yardstick: Yardstick, day: date) -> bool:
        said = self.digest, self.yardstick, self.day
        return said == (digest, yardstick, day) and self.dossier.log == log


_memory: Memory[_Known] = Memory(1_000)


def read(
    db: Connection, keys: Iterable[ArticleKey], yardstick: Yardstick, now: datetime
) -> dict[ArticleKey, Dossier]:
    """The dossier of each of these articles."""
    keys = list(keys)
    known = _memory.recall(keys)
    digests = tallies.digests(db, keys)
    same = {key for key, former in known.items() if former.digest == digests[key]}
    votes = tallies.read(db, [key for key in keys if key not in same])
    found = {}
    for key, log in eventlog.read(db, keys, with_tallies=False).items():
        log.tallies.extend(known[key].dossier.log.tallies if key in same else votes.get(key, ()))
        origin = digests[key], yardstick, utc_day(now)
        if key in known and known[key].still_holds(log, *origin):
            found[key] = known[key]
        else:
            assessment = evidence.assess(log.history, yardstick, now=now)
            found[key] = _Known(Dossier(log, assessment), *origin)
    _memory.keep(found)
    return {key: one.dossier for key, one in found.items()}
