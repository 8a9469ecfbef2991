"""Articles as the rule sees them, remembered from one look at the queue to the next.

To judge a busy article takes as long as to read a hundred quiet ones, and whoever works the queue
looks at it every minute. What is remembered is found again by all that it follows from: the votes,
reports, edits and reviews themselves, the yardstick and the day. So nothing has to be forgotten
when something changes, in this process or in another.
"""

import threading
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from feedback import eventlog, evidence, tallies
from feedback.eventlog import Log
from feedback.evidence import Assessment, Yardstick
from feedback.history import utc_day
from feedback.model import ArticleKey

MOST = 1_000
"""Articles that are remembered, those looked at last."""


@dataclass(frozen=True, slots=True)
class Dossier:
    """All that was said about an article, and what follows from it today."""

    log: Log
    assessment: Assessment


_known: OrderedDict[ArticleKey, tuple[tuple[object, ...], Dossier]] = OrderedDict()
_lock = threading.Lock()


def read(
    db: Connection, keys: Iterable[ArticleKey], yardstick: Yardstick, now: datetime
) -> dict[ArticleKey, Dossier]:
    """The dossier of each of these articles."""
    keys = list(keys)
    votes = tallies.written(db, keys)
    found = {}
    for key, log in eventlog.read(db, keys, with_tallies=False).items():
        text = votes.get(key, "")
        told = (log.history, log.clarity, tuple(sorted(log.misses.items())))
        origin = (text, told, yardstick, utc_day(now))
        with _lock:
            former, dossier = _known.get(key, (None, None))
        # Compared and not looked up: to hash all that was said takes longer.
        if dossier is None or former != origin:
            log.tallies.extend(tallies.parsed(text))
            dossier = Dossier(log, evidence.assess(log.history, yardstick, now=now))
        _remember(key, origin, dossier)
        found[key] = dossier
    return found


def _remember(key: ArticleKey, origin: tuple[object, ...], dossier: Dossier) -> None:
    with _lock:
        _known[key] = origin, dossier
        _known.move_to_end(key)
        while len(_known) > MOST:
            _known.popitem(last=False)
