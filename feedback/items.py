"""The items of the queue and every step that was taken on them.

An article has at most one live item a lane. Each change of an item makes a new version with one
step, so that a person who acts on an older version can be told what happened since.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import ColumnElement, Connection, insert, select, update

from feedback import articles, errors, events, keyed, schema
from feedback.errors import StaleItem, UnknownItem
from feedback.events import ItemMoved
from feedback.model import ArticleKey, ItemState, Lane, Step

LIVE = (ItemState.OPEN, ItemState.WATCHING)
_ID_LIMIT = 2**31
_items = schema.items
_steps = schema.item_steps


@dataclass(frozen=True, slots=True)
class Item:
    """An item as it stands; `snoozed` is the day on which it comes back, if somebody put it off."""

    id: int
    key: ArticleKey
    lane: Lane
    state: ItemState
    version: int
    assignee: str | None
    opened: datetime
    snoozed: date | None = None

    def sleeps(self, today: date) -> bool:
        """Whether it need not be looked at yet."""
        return self.snoozed is not None and self.snoozed > today


@dataclass(frozen=True, slots=True)
class Act:
    """Who says what and when; `actor` is None where the loop itself acts."""

    actor: str | None
    words: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Taken:
    """A step that was taken."""

    step: Step
    act: Act

    def __str__(self) -> str:
        who = self.act.actor or "the loop"
        said = f": {self.act.words}" if self.act.words else ""
        return f"{self.step} by {who} on {self.act.at:%Y-%m-%d %H:%M} UTC{said}"


def enqueue(db: Connection, key: ArticleKey, lane: Lane, act: Act) -> Item:
    """The open item of this article and lane, made or opened again where needed.

    What a person says about an item that is open already is added to it as a step; what the loop
    says is not. The caller holds the article.
    """
    standing = next((item for item in live(db, [key]) if item.lane is lane), None)
    if standing is None:
        return _open(db, key, lane, act)
    if standing.state is ItemState.WATCHING:
        (item,) = move(db, [standing], Taken(Step.REOPENED, act), state=ItemState.OPEN)
        return item
    if act.actor is None:
        return standing
    (item,) = move(db, [standing], Taken(Step.REPORTED_AGAIN, act), state=ItemState.OPEN)
    return item


def live(db: Connection, keys: Iterable[ArticleKey] | None = None) -> list[Item]:
    """The open and watching items of these articles; of all articles without `keys`."""
    standing = _items.c.state.in_(LIVE)
    if keys is None:
        return _select(db, standing)
    parts = (_select(db, standing, keyed.among(_items, part)) for part in keyed.batches(keys))
    return [item for part in parts for item in part]


def of(db: Connection, key: ArticleKey) -> list[Item]:
    """Every item that an article ever had, the newest first."""
    return _select(db, keyed.by(_items, key))[::-1]


def find(db: Connection, item: int) -> Item:
    """Raises UnknownItem, for a number that no database could give as well."""
    found = _select(db, _items.c.id == item) if 0 < item < _ID_LIMIT else []
    if not found:
        raise UnknownItem(item)
    return found[0]


def move(db: Connection, moved: Sequence[Item], taken: Taken, *, state: ItemState) -> list[Item]:
    """Take one step on each of these items, which wakes them. The caller holds their articles."""
    if not moved:
        return []
    after = [replace(item, state=state, version=item.version + 1, snoozed=None) for item in moved]
    for part in keyed.batches(after):
        db.execute(
            update(_items)
            .where(_items.c.id.in_([item.id for item in part]))
            .values(state=state, version=_items.c.version + 1, snoozed=None)
        )
    _record(db, after, taken)
    return after


def change(
    db: Connection, item: int, taken: Taken, *, version: int, values: Mapping[str, object]
) -> Item:
    """Let a person change an item of which they read `version`.

    Raises UnknownItem, and StaleItem with the steps since then if it has changed or is settled.
    """
    read = find(db, item)
    articles.hold(db, read.key)
    changed = db.execute(
        update(_items)
        .where(_items.c.id == item, _items.c.version == version, _items.c.state.in_(LIVE))
        .values(version=version + 1, **values)
    ).rowcount
    if not changed:
        raise _stale(db, f"The item about {read.key}", item, version)
    now = find(db, item)
    _record(db, [now], taken)
    return now


def steps(db: Connection, ids: Iterable[int]) -> dict[int, tuple[Taken, ...]]:
    """What happened to each of these items, the first step first."""
    found: dict[int, list[Taken]] = defaultdict(list)
    for part in keyed.batches(ids):
        rows = db.execute(
            select(_steps.c.item, _steps.c.step, _steps.c.actor, _steps.c.words, _steps.c.at)
            .where(_steps.c.item.in_(part))
            .order_by(_steps.c.version)
        )
        for row in rows:
            found[row.item].append(Taken(row.step, Act(row.actor, row.words, row.at)))
    return {item: tuple(taken) for item, taken in found.items()}


def _open(db: Connection, key: ArticleKey, lane: Lane, act: Act) -> Item:
    inserted = db.execute(
        insert(_items)
        .values(
            article=key.article,
            lang=key.lang,
            lane=lane,
            state=ItemState.OPEN,
            version=1,
            opened=act.at,
        )
        .returning(_items.c.id)
    ).scalar_one()
    item = Item(inserted, key, lane, ItemState.OPEN, 1, None, act.at)
    _record(db, [item], Taken(Step.OPENED, act))
    return item


def _record(db: Connection, changed: Sequence[Item], taken: Taken) -> None:
    act = taken.act
    rows = [
        {
            "item": item.id,
            "version": item.version,
            "step": taken.step,
            "actor": act.actor,
            "words": act.words,
            "at": act.at,
        }
        for item in changed
    ]
    db.execute(insert(_steps), rows)
    if taken.step in events.STEPS:
        for item in changed:
            events.emit(db, _moved(item, taken), act.at)


def _moved(item: Item, taken: Taken) -> ItemMoved:
    return ItemMoved(
        type=events.STEPS[taken.step],
        article=item.key.article,
        lang=item.key.lang,
        item=item.id,
        lane=item.lane,
        because=taken.act.words,
        by=taken.act.actor,
    )


def _stale(db: Connection, what: str, item: int, version: int) -> StaleItem:
    """What happened after `version`; the last step if nothing did."""
    every = steps(db, [item])[item]
    newer = every[version:] or every[-1:]
    said = "; ".join(str(one) for one in newer).rstrip(".") + "."
    taken = [
        errors.Taken(str(one.step), one.act.actor or "", one.act.words, one.act.at) for one in newer
    ]
    return StaleItem(what, said, taken=taken)


def _select(db: Connection, *conditions: ColumnElement[bool]) -> list[Item]:
    rows = db.execute(
        select(
            _items.c.id,
            _items.c.article,
            _items.c.lang,
            _items.c.lane,
            _items.c.state,
            _items.c.version,
            _items.c.assignee,
            _items.c.opened,
            _items.c.snoozed,
        )
        .where(*conditions)
        .order_by(_items.c.id)
    )
    return [
        Item(
            id=row.id,
            key=ArticleKey(row.article, row.lang),
            lane=row.lane,
            state=row.state,
            version=row.version,
            assignee=row.assignee,
            opened=row.opened,
            snoozed=row.snoozed,
        )
        for row in rows
    ]
