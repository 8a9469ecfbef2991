"""How many gaps there are of which kind, and what they are called: without reading them."""

from collections import Counter
from collections.abc import Iterable

from sqlalchemy import Connection, func, select

from feedback import schema
from feedback.model import GapState

_gaps = schema.gaps


def counts(db: Connection, lang: str = "") -> Counter[GapState]:
    """How many are in each state, of one language or of all."""
    counted = select(_gaps.c.state, func.count()).group_by(_gaps.c.state)
    rows = db.execute(counted.where(_gaps.c.lang == lang) if lang else counted)
    return Counter({state: int(count) for state, count in rows})


def langs(db: Connection, states: Iterable[GapState]) -> list[str]:
    """The languages that have gaps in these states."""
    found = select(_gaps.c.lang).where(_gaps.c.state.in_(list(states))).distinct()
    return sorted(db.scalars(found))


def labels(db: Connection, lang: str, states: Iterable[GapState]) -> dict[int, str]:
    """The name of each gap of a language in these states, those of most weight first."""
    rows = db.execute(
        select(_gaps.c.id, _gaps.c.label)
        .where(_gaps.c.lang == lang, _gaps.c.state.in_(list(states)))
        .order_by(_gaps.c.volume.desc(), _gaps.c.id)
    )
    return {row.id: row.label for row in rows}
