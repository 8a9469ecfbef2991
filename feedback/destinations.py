"""Where messages go: when one last arrived there, and what was switched off and why."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select, update

from feedback import database, schema

_destinations = schema.destinations


@dataclass(frozen=True, slots=True)
class Destination:
    """What is known of a kind of message. `delivered` is None while none has arrived."""

    kind: str
    delivered: datetime | None
    disabled: datetime | None
    why: str


def reached(db: Connection, kind: str, now: datetime) -> None:
    """A message of this kind has arrived."""
    db.execute(
        database.inserting(db, _destinations)
        .values(kind=kind, delivered=now, why="")
        .on_conflict_do_update(index_elements=["kind"], set_={"delivered": now})
    )


def disable(db: Connection, kind: str, why: str, now: datetime) -> None:
    """Send nothing more of this kind until somebody enables it."""
    db.execute(
        database.inserting(db, _destinations)
        .values(kind=kind, disabled=now, why=why)
        .on_conflict_do_update(index_elements=["kind"], set_={"disabled": now, "why": why})
    )


def enable(db: Connection, kind: str) -> bool:
    """Send messages of this kind again. False if nothing was switched off."""
    changed = db.execute(
        update(_destinations)
        .where(_destinations.c.kind == kind, _destinations.c.disabled.is_not(None))
        .values(disabled=None, why="")
    )
    return bool(changed.rowcount)


def listed(db: Connection) -> dict[str, Destination]:
    """All of which anything is known, by kind."""
    rows = db.execute(
        select(
            _destinations.c.kind,
            _destinations.c.delivered,
            _destinations.c.disabled,
            _destinations.c.why,
        ).order_by(_destinations.c.kind)
    )
    return {row.kind: Destination(*row) for row in rows}
