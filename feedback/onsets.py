"""When the trouble of a flagged article began, as far as its readers' votes tell."""

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import Connection

from feedback import eventlog, evidence, flags, history, yardsticks
from feedback.eventlog import Log
from feedback.model import ArticleKey
from feedback.trail import NO_DAYS_NEEDED


def of(db: Connection, keys: Iterable[ArticleKey], now: datetime) -> dict[ArticleKey, date]:
    """The first day of the trouble of those that are flagged.

    It is the day on which the evidence left 0 (Page 1954), which has not come back to 0 as long as
    the flag stands. Without readers who said no on two days since, it is an agent's day, and tells
    nothing of when the readers' trouble began.
    """
    flagged = flags.standing(db, keys)
    # The day does not depend on the budget.
    yardstick = yardsticks.current(db, now, false_flags=1.0)
    found = {}
    for key, log in eventlog.read(db, flagged).items():
        since = evidence.assess(log.history, yardstick, now=now).since
        if since is not None and _no_days(log, since) >= NO_DAYS_NEEDED:
            found[key] = since
    return found


def _no_days(log: Log, since: date) -> int:
    days = history.days_since_reset(log.history, log.tallies)
    return sum(1 for day in days if day.date >= since and day.no)
