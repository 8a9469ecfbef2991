"""Gaps as they are kept: state, what was found last, members, and every step.

Each change of state makes a new version with one step, so that a person who acts on an older
version can be told what happened since. What is counted anew each night makes no version.
"""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from feedback import errors, keyed, schema
from feedback.errors import StaleItem, UnknownGap
from feedback.items import Act
from feedback.model import ArticleId, GapKind, GapState, GapStep

SHOWN = (GapState.OPEN, GapState.ASSIGNED, GapState.WRITTEN)
TO_DO = (GapState.OPEN, GapState.ASSIGNED)
NOT_JOINED = tuple(state for state in GapState if state is not GapState.JOINED)
MOST_VARIANTS = 5
_ID_LIMIT = 2**31

_gaps = schema.gaps
_members = schema.gap_members
_steps = schema.gap_steps
_COLUMNS = (
    _gaps.c.id,
    _gaps.c.lang,
    _gaps.c.state,
    _gaps.c.version,
    _gaps.c.assignee,
    _gaps.c.article,
    _gaps.c.joined,
    _gaps.c.opened,
    _gaps.c.since,
    _gaps.c.label,
    _gaps.c.medoid,
    _gaps.c.variants,
    _gaps.c.wordings,
    _gaps.c.askers,
    _gaps.c.before,
    _gaps.c.volume,
    _gaps.c.kind,
    _gaps.c.nearest,
)


@dataclass(frozen=True, slots=True)
class Variant:
    """A wording that three readers or more asked; `wording` is its name."""

    wording: str
    text: str
    readers: int


@dataclass(frozen=True, slots=True)
class Face:
    """What a gap looks like since it was gathered last.

    `askers` are the readers of the last 30 days, `before` those of the 30 days before; a reader
    who came on two days counts twice. `volume` weighs the first by how sure it is that they found
    nothing. `nearest` is the article that comes nearest, None where none does.
    """

    label: str
    medoid: str
    variants: tuple[Variant, ...]
    wordings: int
    askers: int
    before: int
    volume: float
    kind: GapKind
    nearest: ArticleId | None

    def columns(self) -> dict[str, object]:
        variants = [[each.wording, each.text, each.readers] for each in self.variants]
        return {
            "label": self.label,
            "medoid": self.medoid,
            "variants": json.dumps(variants, ensure_ascii=False),
            "wordings": self.wordings,
            "askers": self.askers,
            "before": self.before,
            "volume": self.volume,
            "kind": self.kind,
            "nearest": self.nearest,
        }


@dataclass(frozen=True, slots=True)
class Gap:
    """A gap as it stands. `article` is what was written for it; `since` is its last change."""

    id: int
    lang: str
    state: GapState
    version: int
    assignee: str | None
    article: ArticleId | None
    joined: int | None
    opened: datetime
    since: datetime
    face: Face


@dataclass(frozen=True, slots=True)
class Member:
    """A wording of a gap, by its name. `pinned`: a person put it there."""

    wording: str
    pinned: bool
    seen: date


@dataclass(frozen=True, slots=True)
class Taken:
    """A step that was taken."""

    step: GapStep
    act: Act

    def __str__(self) -> str:
        who = self.act.actor or "the loop"
        said = f": {self.act.words}" if self.act.words else ""
        return f"{self.step} by {who} on {self.act.at:%Y-%m-%d %H:%M} UTC{said}"


def listed(
    db: Connection,
    states: Iterable[GapState] = tuple(GapState),
    *,
    lang: str = "",
    first: int = 0,
    most: int | None = None,
) -> list[Gap]:
    """The gaps in these states, those of most weight first: from place `first` on, at most `most`.

    Of one language, or of all.
    """
    order = (_gaps.c.volume.desc(), _gaps.c.askers.desc(), _gaps.c.id)
    found = select(*_COLUMNS).where(_gaps.c.state.in_(list(states))).order_by(*order)
    if lang:
        found = found.where(_gaps.c.lang == lang)
    rows = db.execute(found.limit(most).offset(first or None))
    return [_gap(row) for row in rows]


def numbers(db: Connection) -> frozenset[int]:
    """Of all gaps that there are."""
    return frozenset(db.execute(select(_gaps.c.id)).scalars())


def find(db: Connection, gap: int) -> Gap:
    """Raises UnknownGap, for a number that no database could give as well."""
    row = None
    if 0 < gap < _ID_LIMIT:
        row = db.execute(select(*_COLUMNS).where(_gaps.c.id == gap)).one_or_none()
    if row is None:
        raise UnknownGap(gap)
    return _gap(row)


def members(db: Connection) -> dict[int, tuple[Member, ...]]:
    """The members of each gap that has some."""
    found: dict[int, list[Member]] = defaultdict(list)
    rows = db.execute(
        select(_members.c.gap, _members.c.wording, _members.c.pinned, _members.c.seen)
    )
    for row in rows:
        found[row.gap].append(Member(row.wording, row.pinned, row.seen))
    return {gap: tuple(each) for gap, each in found.items()}


def set_members(db: Connection, gap: int, kept: Mapping[str, Member]) -> None:
    """Let a gap have these members and no others."""
    db.execute(delete(_members).where(_members.c.gap == gap))
    rows = [
        {"gap": gap, "wording": each.wording, "pinned": each.pinned, "seen": each.seen}
        for each in kept.values()
    ]
    for part in keyed.batches(rows):
        db.execute(insert(_members), part)


def add(db: Connection, lang: str, face: Face, *, kept: Mapping[str, Member], taken: Taken) -> Gap:
    """A new gap, open, with its first step."""
    at = taken.act.at
    made = db.execute(
        insert(_gaps)
        .values(lang=lang, state=GapState.OPEN, version=1, opened=at, since=at, **face.columns())
        .returning(_gaps.c.id)
    ).scalar_one()
    set_members(db, made, kept)
    record(db, made, 1, taken)
    return Gap(made, lang, GapState.OPEN, 1, None, None, None, at, at, face)


def change(
    db: Connection,
    gap: int,
    taken: Taken,
    *,
    version: int,
    values: Mapping[str, object],
    among: Collection[GapState] = NOT_JOINED,
) -> Gap:
    """Change a gap of which the caller read `version`, if it is in one of these states.

    Raises UnknownGap, and StaleItem with the steps since then if it has changed.
    """
    find(db, gap)
    changed = db.execute(
        update(_gaps)
        .where(_gaps.c.id == gap, _gaps.c.version == version, _gaps.c.state.in_(list(among)))
        .values(version=version + 1, since=taken.act.at, **values)
    ).rowcount
    read = find(db, gap)
    if not changed:
        raise _stale(db, f"The gap “{read.face.label}”", gap, version)
    record(db, gap, read.version, taken)
    return read


def refresh(db: Connection, gap: int, face: Face) -> None:
    """Keep what was counted anew."""
    db.execute(update(_gaps).where(_gaps.c.id == gap).values(face.columns()))


def record(db: Connection, gap: int, version: int, taken: Taken) -> None:
    act = taken.act
    db.execute(
        insert(_steps).values(
            gap=gap, version=version, step=taken.step, actor=act.actor, words=act.words, at=act.at
        )
    )


def steps(db: Connection, gap: int) -> tuple[Taken, ...]:
    """What happened to a gap, the first step first."""
    rows = db.execute(
        select(_steps.c.step, _steps.c.actor, _steps.c.words, _steps.c.at)
        .where(_steps.c.gap == gap)
        .order_by(_steps.c.version)
    )
    return tuple(Taken(row.step, Act(row.actor, row.words, row.at)) for row in rows)


def _stale(db: Connection, what: str, gap: int, version: int) -> StaleItem:
    """What happened after `version`; the last step if nothing did."""
    every = steps(db, gap)
    newer = every[version:] or every[-1:]
    said = "; ".join(str(one) for one in newer).rstrip(".") + "."
    taken = [
        errors.Taken(str(one.step), one.act.actor or "", one.act.words, one.act.at) for one in newer
    ]
    return StaleItem(what, said, taken=taken)


def _gap(row: Row[*tuple[Any, ...]]) -> Gap:
    face = Face(
        label=row.label,
        medoid=row.medoid,
        variants=tuple(Variant(*each) for each in json.loads(row.variants)),
        wordings=row.wordings,
        askers=row.askers,
        before=row.before,
        volume=row.volume,
        kind=row.kind,
        nearest=row.nearest,
    )
    return Gap(
        id=row.id,
        lang=row.lang,
        state=row.state,
        version=row.version,
        assignee=row.assignee,
        article=row.article,
        joined=row.joined,
        opened=row.opened,
        since=row.since,
        face=face,
    )
