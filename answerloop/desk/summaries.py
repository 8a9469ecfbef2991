"""The figures of a period, counted now and then: a year of a busy help takes a while.

The service counts the usual periods before anybody asks; any other is counted when it is opened
first, and kept for those who open it after.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from answerloop.desk.service import Service
from answerloop.desk.subjects import Subjects
from answerloop.published import Entry
from feedback.history import utc_day
from feedback.measures import summary
from feedback.measures.periods import Period
from feedback.measures.summary import Summary
from feedback.model import ArticleKey

PRESETS = (7, 28, 90, 365)
"""Days up to today: the periods that are counted in advance."""
EVERY = timedelta(minutes=15)
"""How often."""
FRESH = timedelta(minutes=30)
"""So old may figures be that are shown."""
_MOST = 16


@dataclass(frozen=True, slots=True)
class Counted:
    """A summary, and when it was made."""

    summary: Summary
    at: datetime


class Summaries:
    """The newest of them."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Period, Counted] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, service: Service, period: Period) -> Counted:
        """What was made for this period lately, else what is made now."""
        now = service.clock()
        with self._lock:
            kept = self._kept.get(period)
        if kept is not None and timedelta(0) <= now - kept.at < FRESH:
            return kept
        return self.make(service, period, now)

    def make(self, service: Service, period: Period, now: datetime) -> Counted:
        """Count a period anew."""
        by_id = Subjects.now(service).by_id
        with service.database.read() as db:
            made = Counted(summary.read(db, period, tags(by_id)), now)
        with self._lock:
            self._kept[period] = made
            self._kept.move_to_end(period)
            while len(self._kept) > _MOST:
                self._kept.popitem(last=False)
        return made

    def keep_up(self, service: Service, now: datetime) -> None:
        """Count the usual periods, so that nobody waits for them."""
        for days in PRESETS:
            self.make(service, Period.ending(utc_day(now), days), now)


def tags(by_id: Mapping[str, Mapping[str, Entry]]) -> Callable[[ArticleKey], Iterable[str]]:
    """The tags of an article, none for one that is gone."""

    def of(key: ArticleKey) -> Iterable[str]:
        entry = by_id.get(key.article, {}).get(key.lang)
        return entry.tags if entry else ()

    return of
