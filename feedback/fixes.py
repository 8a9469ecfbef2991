"""What moved an item to watching: an edit, or a commit that names the item as mended."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select

from feedback import keyed, schema
from feedback.model import Revision

_fixes = schema.fixes


@dataclass(frozen=True, slots=True)
class Fix:
    """`version` is the one that the item got by it, `revision` the text since then.

    `commit` and `author` are empty without Git. `named` says that the commit named the item.
    `onset` is the first day of the trouble as far as readers' votes tell, None where they do not.
    """

    item: int
    version: int
    revision: Revision
    commit: str
    author: str
    named: bool
    onset: date | None
    at: datetime


def record(db: Connection, fixes: Iterable[Fix]) -> None:
    rows = [
        {
            "item": fix.item,
            "version": fix.version,
            "revision": fix.revision,
            "commit": fix.commit,
            "author": fix.author,
            "named": fix.named,
            "onset": fix.onset,
            "at": fix.at,
        }
        for fix in fixes
    ]
    if rows:
        db.execute(insert(_fixes), rows)


def latest(db: Connection, items: Iterable[int]) -> dict[int, Fix]:
    """The last fix of each of these items that has one."""
    found: dict[int, Fix] = {}
    for part in keyed.batches(items):
        rows = db.execute(
            select(
                _fixes.c.item,
                _fixes.c.version,
                _fixes.c.revision,
                _fixes.c.commit,
                _fixes.c.author,
                _fixes.c.named,
                _fixes.c.onset,
                _fixes.c.at,
            )
            .where(_fixes.c.item.in_(part))
            .order_by(_fixes.c.version)
        )
        found |= {row.item: _fix(row) for row in rows}
    return found


def _fix(row: Row[*tuple[Any, ...]]) -> Fix:
    return Fix(
        item=row.item,
        version=row.version,
        revision=row.revision,
        commit=row.commit,
        author=row.author,
        named=row.named,
        onset=row.onset,
        at=row.at,
    )
