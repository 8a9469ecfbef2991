"""The weekly letter to each owner: what it tells of, and that it is written once a week.

Which week was the last is kept with the figures of the whole base, in the transaction that puts
the letters into the outbox, so that a service that is started again, or a second one, writes none.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import Connection, select

from feedback import database, outbox, queue, readership, schema
from feedback.gaps import rows
from feedback.gaps.rows import Gap
from feedback.history import utc_day
from feedback.measures import repairs
from feedback.measures.periods import Period
from feedback.measures.repairs import Times
from feedback.model import ArticleKey, Lane, Verdict
from feedback.queue import Entry

KIND = "digest"
"""The kind of message in the outbox that names an owner."""
HOUR = time(6, tzinfo=UTC)
MOST = 5
_WEEK = timedelta(days=7)
_MONTH = 28
_NAME = "digest"

_meta = schema.meta
_articles = schema.articles
_items = schema.items
_verdicts = schema.verdicts


@dataclass(frozen=True, slots=True)
class Digest:
    """What an owner is told.

    `readers` a week come to the articles that are reported or suspected, `open` items wait, `mend`
    is what the edits of four weeks took. `first` are the most urgent items, `broken` articles
    without one whose links lead nowhere, `overdue` those nobody has read through; `verdicts` those
    of the last week; `gaps` those near the owner's articles, and new ones that are near none.
    """

    owner: str
    readers: int
    open: int
    mend: Times
    first: tuple[Entry, ...]
    broken: tuple[Entry, ...]
    overdue: tuple[Entry, ...]
    verdicts: tuple[tuple[ArticleKey, Verdict], ...]
    gaps: tuple[Gap, ...]
    has_own_gaps: bool

    @property
    def is_empty(self) -> bool:
        """Nothing to say; a gap that is nobody's is no reason to write to everybody."""
        return not (self.open or self.broken or self.overdue or self.verdicts or self.has_own_gaps)


def begin(db: Connection, owners: Iterable[str], weekday: int, now: datetime) -> int:
    """Put a letter for each of these owners, if this week's were not; how many.

    `weekday` is 0 for Monday; the letters are due at 6 o'clock UTC of that day, and later in the
    week where the service was away. Where no digest was ever written, they wait for that day.
    """
    due = _due(weekday, now)
    if not database.claim(db, _meta):
        return 0
    kept = db.execute(select(_meta.c.value).where(_meta.c.name == _NAME)).scalar()
    if kept is not None and date.fromisoformat(kept) >= due:
        return 0
    row = {"value": due.isoformat(), "computed": now}
    db.execute(
        database.inserting(db, _meta)
        .values(name=_NAME, **row)
        .on_conflict_do_update(index_elements=["name"], set_=row)
    )
    if kept is None and due != utc_day(now):
        return 0
    named = sorted(set(owners))
    for owner in named:
        outbox.put(db, KIND, owner, owner, now=now)
    return len(named)


def read(
    db: Connection,
    owner: str,
    now: datetime,
    *,
    reviews_per_week: int,
    false_flags: float,
) -> Digest:
    """What there is to tell an owner now."""
    lanes = queue.lanes(db, now, reviews_per_week=reviews_per_week, false_flags=false_flags)
    own = {
        lane: [one for one in entries if one.article.owner == owner]
        for lane, entries in lanes.items()
    }
    waiting = [
        one
        for lane in (Lane.REPORTED, Lane.SUSPECTED, Lane.CLARITY)
        for one in own[lane]
        if not one.is_watching
    ]
    reads = readership.a_week(db, now)
    doubted = {one.key for one in waiting if one.lane is not Lane.CLARITY}
    near, new = _gaps(db, owner, now)
    month = Period.ending(utc_day(now), _MONTH)
    return Digest(
        owner=owner,
        readers=round(sum(reads.get(key, 0.0) for key in doubted)),
        open=len(waiting),
        mend=Times.of(repairs.mended(db, month, owner=owner)),
        first=tuple(sorted(waiting, key=lambda one: (-one.urgency, one.since))[:MOST]),
        broken=tuple([one for one in own[Lane.STALE] if not one.unread][:MOST]),
        overdue=tuple([one for one in own[Lane.STALE] if one.unread][:MOST]),
        verdicts=_given(db, owner, now),
        gaps=(*near, *new)[:MOST],
        has_own_gaps=bool(near),
    )


def _due(weekday: int, now: datetime) -> date:
    """The last day on which the letters were due."""
    today = utc_day(now)
    day = today - timedelta(days=(today.weekday() - weekday) % 7)
    return day if now >= datetime.combine(day, HOUR) else day - _WEEK


def _given(db: Connection, owner: str, now: datetime) -> tuple[tuple[ArticleKey, Verdict], ...]:
    rows_ = db.execute(
        select(_items.c.article, _items.c.lang, _verdicts.c.verdict)
        .join_from(_verdicts, _items, _items.c.id == _verdicts.c.item)
        .join(
            _articles,
            (_articles.c.article == _items.c.article) & (_articles.c.lang == _items.c.lang),
        )
        .where(
            _articles.c.owner == owner,
            _articles.c.gone.is_(None),
            _verdicts.c.at > now - _WEEK,
            _verdicts.c.verdict != Verdict.NOT_KNOWN,
        )
        .order_by(_verdicts.c.at)
    )
    return tuple((ArticleKey(article, lang), verdict) for article, lang, verdict in rows_)


def _gaps(db: Connection, owner: str, now: datetime) -> tuple[list[Gap], list[Gap]]:
    """Near articles of the owner, and of the last week near none."""
    to_do = rows.listed(db, rows.TO_DO)
    owners: Mapping[tuple[str, str], str] = {
        (row.article, row.lang): row.owner
        for row in db.execute(
            select(_articles.c.article, _articles.c.lang, _articles.c.owner).where(
                _articles.c.article.in_({gap.face.nearest for gap in to_do if gap.face.nearest})
            )
        )
    }
    near = [
        gap
        for gap in to_do
        if gap.face.nearest and owners.get((gap.face.nearest, gap.lang)) == owner
    ]
    new = [gap for gap in to_do if not gap.face.nearest and gap.opened > now - _WEEK]
    return near, new
