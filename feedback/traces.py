"""What staff leave in the loop: who reported, noted, decided. Names can be taken out of it.

What happened stays, with its moment: the rule needs it. In the place of a name stands a word that
no account can have.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, or_, select, update

from feedback import schema
from feedback.gaps import rows
from feedback.items import LIVE
from feedback.model import GapStep, Step

NOBODY = "(erased)"

_reports = schema.reports
_items = schema.items
_steps = schema.item_steps
_reviews = schema.reviews
_gaps = schema.gaps
_gap_steps = schema.gap_steps
_reuses = schema.reuses


def of(db: Connection, name: str) -> dict[str, list[Mapping[str, Any]]]:
    """All that carries this person's name, by where it is kept."""
    wanted = {
        "reports": select(
            _reports.c.article, _reports.c.lang, _reports.c.revision, _reports.c.reason,
            _reports.c.words, _reports.c.ticket, _reports.c.made,
        ).where(_reports.c.agent == name).order_by(_reports.c.id),
        "steps": select(
            _steps.c.item, _steps.c.version, _steps.c.step, _steps.c.words, _steps.c.at
        ).where(_steps.c.actor == name).order_by(_steps.c.item, _steps.c.version),
        "reviews": select(
            _reviews.c.article, _reviews.c.lang, _reviews.c.revision, _reviews.c.state,
            _reviews.c.words, _reviews.c.at,
        ).where(_reviews.c.actor == name).order_by(_reviews.c.id),
        "assigned": select(
            _items.c.id, _items.c.article, _items.c.lang, _items.c.state, _items.c.opened
        ).where(_items.c.assignee == name).order_by(_items.c.id),
        "gap steps": select(
            _gap_steps.c.gap, _gap_steps.c.version, _gap_steps.c.step, _gap_steps.c.words,
            _gap_steps.c.at,
        ).where(_gap_steps.c.actor == name).order_by(_gap_steps.c.gap, _gap_steps.c.version),
        "assigned gaps": select(
            _gaps.c.id, _gaps.c.lang, _gaps.c.label, _gaps.c.state, _gaps.c.opened
        ).where(_gaps.c.assignee == name).order_by(_gaps.c.id),
        "reuses": select(
            _reuses.c.article, _reuses.c.lang, _reuses.c.revision, _reuses.c.use,
            _reuses.c.ticket, _reuses.c.at,
        ).where(_reuses.c.agent == name).order_by(_reuses.c.id),
    }  # fmt: skip
    return {
        where: [dict(row) for row in db.execute(asked).mappings()]
        for where, asked in wanted.items()
    }


def erase(db: Connection, name: str) -> int:
    """Take a person's name out of all of it; in how many rows it stood."""
    changes = (
        update(_reports).where(_reports.c.agent == name).values(agent=NOBODY),
        update(_steps).where(_steps.c.actor == name).values(actor=NOBODY),
        update(_steps)
        .where(_steps.c.step == Step.ASSIGNED, _steps.c.words == f"to {name}")
        .values(words=f"to {NOBODY}"),
        update(_reviews).where(_reviews.c.actor == name).values(actor=NOBODY),
        update(_items).where(_items.c.assignee == name).values(assignee=None),
        update(_gap_steps).where(_gap_steps.c.actor == name).values(actor=NOBODY),
        update(_gap_steps)
        .where(_gap_steps.c.step == GapStep.ASSIGNED, _gap_steps.c.words == f"to {name}")
        .values(words=f"to {NOBODY}"),
        update(_gaps).where(_gaps.c.assignee == name).values(assignee=None),
        update(_reuses).where(_reuses.c.agent == name).values(agent=NOBODY),
    )
    return sum(db.execute(change).rowcount for change in changes)


def forget_before(db: Connection, moment: datetime) -> int:
    """Take out of what is older, and settled: names, words and tickets; how many rows it was.

    The line of evidence of a review stays, since the review holds by it.
    """
    settled = select(_items.c.id).where(_items.c.state.not_in(LIVE))
    settled_gaps = select(_gaps.c.id).where(_gaps.c.state.not_in(rows.SHOWN))
    changes = (
        update(_reports)
        .where(
            _reports.c.made < moment,
            or_(_reports.c.agent != NOBODY, _reports.c.words != "", _reports.c.ticket != ""),
        )
        .values(agent=NOBODY, words="", ticket=""),
        update(_steps)
        .where(
            _steps.c.at < moment,
            _steps.c.item.in_(settled),
            _steps.c.actor.is_not(None),
            or_(_steps.c.actor != NOBODY, _steps.c.words != ""),
        )
        .values(actor=NOBODY, words=""),
        update(_reviews)
        .where(and_(_reviews.c.at < moment, _reviews.c.actor != NOBODY))
        .values(actor=NOBODY),
        update(_items)
        .where(_items.c.id.in_(settled), _items.c.opened < moment, _items.c.assignee.is_not(None))
        .values(assignee=None),
        update(_gap_steps)
        .where(
            _gap_steps.c.at < moment,
            _gap_steps.c.gap.in_(settled_gaps),
            _gap_steps.c.actor.is_not(None),
            or_(_gap_steps.c.actor != NOBODY, _gap_steps.c.words != ""),
        )
        .values(actor=NOBODY, words=""),
        update(_gaps)
        .where(
            _gaps.c.state.not_in(rows.SHOWN),
            _gaps.c.opened < moment,
            _gaps.c.assignee.is_not(None),
        )
        .values(assignee=None),
        update(_reuses)
        .where(_reuses.c.at < moment, or_(_reuses.c.agent != NOBODY, _reuses.c.ticket != ""))
        .values(agent=NOBODY, ticket=""),
    )
    return sum(db.execute(change).rowcount for change in changes)
