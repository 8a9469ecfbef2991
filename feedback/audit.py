"""The audit log: who of the staff did what, to what, when, and how they had come in.

Rows are added in the transaction of the act, so that neither is there without the other, and never
changed; they go when they are too old. Words, and anything about readers, do not belong here.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import ColumnElement, Connection, delete, insert, select, update

from feedback import schema, traces
from feedback.model import Way

_PORTION = 1_000
_LONGEST_SUBJECT = 255

_audit = schema.audit

COLUMNS = ("at", "who", "way", "token", "act", "subject")
"""What a table of the log shows."""


@dataclass(frozen=True, slots=True)
class Who:
    """An account's name, empty where nobody is known; `token` is the name of the token used."""

    name: str
    way: Way
    token: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the log."""

    id: int
    at: datetime
    who: str
    way: Way
    token: str
    act: str
    subject: str


@dataclass(frozen=True, slots=True)
class Filter:
    """Which lines are wanted: of one person, of one day (UTC), older than the line `before`."""

    person: str = ""
    day: date | None = None
    before: int | None = None


def record(db: Connection, who: Who, act: str, subject: str, *, now: datetime) -> None:
    """Add a line. Call it in the transaction in which the act is done."""
    db.execute(
        insert(_audit).values(
            at=now,
            who=who.name,
            way=who.way,
            token=who.token,
            act=act,
            subject=subject[:_LONGEST_SUBJECT],
        )
    )


def listed(db: Connection, wanted: Filter, *, most: int | None = None) -> list[Entry]:
    """The lines that are wanted, the newest first."""
    columns = _audit.c
    rows = db.execute(
        select(
            *(columns.id, columns.at, columns.who, columns.way),
            *(columns.token, columns.act, columns.subject),
        )
        .where(*_conditions(wanted))
        .order_by(columns.id.desc())
        .limit(most)
    )
    return [Entry(*row) for row in rows]


def cells(entry: Entry) -> tuple[str, ...]:
    """The line as a row of such a table."""
    at = entry.at.isoformat(timespec="seconds")
    return (at, entry.who, entry.way.value, entry.token, entry.act, entry.subject)


def people(db: Connection) -> list[str]:
    """Everybody whose name stands in the log."""
    names = select(_audit.c.who).where(_audit.c.who != "").distinct().order_by(_audit.c.who)
    return list(db.scalars(names))


def forget_before(db: Connection, moment: datetime) -> int:
    """Delete a portion of what is older; how many lines it was."""
    old = select(_audit.c.id).where(_audit.c.at < moment).limit(_PORTION)
    return db.execute(delete(_audit).where(_audit.c.id.in_(old))).rowcount


def of(db: Connection, name: str) -> list[Entry]:
    """What a person did, the newest first."""
    return listed(db, Filter(person=name))


def erase(db: Connection, name: str) -> int:
    """Take a person's name out: what was done stays, without it. In how many lines it stood."""
    did = update(_audit).where(_audit.c.who == name).values(who=traces.NOBODY)
    about = (
        update(_audit)
        .where(_audit.c.subject == subject_of(name))
        .values(subject=subject_of(traces.NOBODY))
    )
    return db.execute(did).rowcount + db.execute(about).rowcount


def subject_of(account: str) -> str:
    """How an account is named as what something was done to."""
    return f"account {account}"


def _conditions(wanted: Filter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.person:
        conditions.append(_audit.c.who == wanted.person)
    if wanted.day is not None:
        start = datetime.combine(wanted.day, time(), UTC)
        conditions.append(_audit.c.at >= start)
        conditions.append(_audit.c.at < start + timedelta(days=1))
    if wanted.before is not None:
        conditions.append(_audit.c.id < wanted.before)
    return conditions
