"""Commits that name the items they mend: each is followed once, whatever becomes of the item."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, insert, select

from feedback import items, keyed, schema
from feedback.errors import UnknownItem
from feedback.items import LIVE, Item
from feedback.model import FixingCommit

SHOWN = 12
"""So much of a commit's name is shown to people."""

_trailers = schema.trailers


@dataclass(frozen=True, slots=True)
class Followed:
    """The live items that commits name, and in a sentence each what could not be followed."""

    items: list[tuple[Item, FixingCommit]] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def follow(db: Connection, commits: Iterable[FixingCommit], now: datetime) -> Followed:
    """Look up what these commits name, the newest first, and never again.

    Of two that name the same item the newer is taken.
    """
    found: dict[int, tuple[Item, FixingCommit]] = {}
    problems = []
    for commit in _remember(db, commits, now):
        for name in commit.named:
            item = _item(db, name)
            if item is None:
                reason = "there is no such item in the queue. Look its number up in the desk"
                problems.append(_problem(commit, name, reason))
            elif item.state not in LIVE:
                problems.append(_problem(commit, name, f"it is settled already ({item.state})"))
            else:
                found.setdefault(item.id, (item, commit))
    return Followed(list(found.values()), problems)


def pass_over(db: Connection, commits: Iterable[FixingCommit], now: datetime) -> None:
    """Take these commits as followed: they speak of the items of another database."""
    _remember(db, commits, now)


def _remember(db: Connection, commits: Iterable[FixingCommit], now: datetime) -> list[FixingCommit]:
    """Those of the commits that were not followed before, from now on followed."""
    told = {commit.commit: commit for commit in commits}
    for part in keyed.batches(list(told)):
        rows = db.execute(select(_trailers.c.commit).where(_trailers.c.commit.in_(part)))
        for known in rows.scalars():
            del told[known]
    if told:
        db.execute(insert(_trailers), [{"commit": name, "followed": now} for name in told])
    return list(told.values())


def _item(db: Connection, name: str) -> Item | None:
    """None for what is no number, and for a number of nothing."""
    if not (name.isascii() and name.isdigit()):
        return None
    try:
        return items.find(db, int(name[:SHOWN]))
    except UnknownItem:
        return None


def _problem(commit: FixingCommit, name: str, reason: str) -> str:
    return f"commit {commit.commit[:SHOWN]} says `Kb-Fixes: {name}`, but {reason}."
