"""How much was said of articles by their votes: two sums of each, read again once they change.

They decide in which order the queue is looked through, so they are asked of all that waits, for
every look at it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, case, func, select

from feedback import keyed, schema, tallies
from feedback.history import utc_day
from feedback.memory import Memory
from feedback.model import ArticleKey, Reason
from feedback.readership import WINDOW

_tallies = schema.tallies


@dataclass(frozen=True, slots=True)
class Volume:
    """`lately` are the counted votes of the last four weeks, by which readers are estimated.

    `unclear` said at any time that they did not understand.
    """

    lately: int = 0
    unclear: int = 0


_memory: Memory[tuple[int, date, Volume]] = Memory(10_000)


def read(db: Connection, keys: Iterable[ArticleKey], now: datetime) -> dict[ArticleKey, Volume]:
    """The volume of each of these articles."""
    keys, today = list(keys), utc_day(now)
    origins = {key: (digest, today) for key, digest in tallies.digests(db, keys).items()}
    known = {
        key: volume
        for key, (*origin, volume) in _memory.recall(keys).items()
        if origins[key] == tuple(origin)
    }
    fresh = _read(db, [key for key in keys if key not in known], today)
    _memory.keep({key: (*origins[key], volume) for key, volume in fresh.items()})
    return known | fresh


def _read(db: Connection, keys: Iterable[ArticleKey], today: date) -> dict[ArticleKey, Volume]:
    keys = list(keys)
    found = dict.fromkeys(keys, Volume())
    is_late = (_tallies.c.day > today - WINDOW) & (_tallies.c.day <= today)
    is_unclear = _tallies.c.said == str(Reason.HARD_TO_UNDERSTAND)
    sums = (func.sum(case((which, _tallies.c.count), else_=0)) for which in (is_late, is_unclear))
    asked = select(_tallies.c.article, _tallies.c.lang, *sums)
    for part in keyed.batches(keys):
        rows = db.execute(
            asked.where(keyed.among(_tallies, part)).group_by(_tallies.c.article, _tallies.c.lang)
        )
        for article, lang, lately, unclear in rows:
            found[ArticleKey(article, lang)] = Volume(int(lately), int(unclear))
    return found
