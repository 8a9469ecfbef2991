"""How much waits: what a monitor watches, as a few numbers."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from feedback import schema
from feedback.model import GapState, ItemState, Lane

_items, _gaps, _outbox = schema.items, schema.gaps, schema.outbox


@dataclass(frozen=True, slots=True)
class Backlog:
    """Items that are open, by lane; those mended and watched; gaps; messages to other machines."""

    open: Mapping[Lane, int]
    watching: int
    gaps: int
    waiting: int
    given_up: int


def read(db: Connection) -> Backlog:
    lanes = select(_items.c.lane, func.count()).where(_items.c.state == ItemState.OPEN)
    found = {lane: count for lane, count in db.execute(lanes.group_by(_items.c.lane))}  # noqa: C416 -- a Row is no pair to mypy
    watched = select(func.count()).select_from(_items).where(_items.c.state == ItemState.WATCHING)
    asked = _gaps.c.state.in_((GapState.OPEN, GapState.ASSIGNED))
    sent = select(func.count(_outbox.c.due), func.count()).select_from(_outbox)
    waiting, messages = db.execute(sent).one()
    return Backlog(
        open={lane: found.get(lane, 0) for lane in Lane},
        watching=db.execute(watched).scalar_one(),
        gaps=db.execute(select(func.count()).select_from(_gaps).where(asked)).scalar_one(),
        waiting=waiting,
        given_up=messages - waiting,
    )
