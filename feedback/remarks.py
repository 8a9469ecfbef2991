"""What readers wrote beside their vote: plain text for ever, redacted before it is kept."""

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, case, delete, func, insert, select, update

from feedback import events, keyed, redaction, schema
from feedback.errors import RemarkTooLong, StaleItem, UnknownRemark
from feedback.events import CommentCreated
from feedback.model import ArticleKey, RemarkState, Revision
from feedback.redaction import Redacted

LIMIT = 1_000
ON_A_PAGE = 20
_PORTION = 500
_remarks = schema.remarks
_KEPT_CONTROLS = {"\n", "\t"}
MOST_SENT = 4 * LIMIT
"""Characters of what is sent, before it is normalised."""


@dataclass(frozen=True, slots=True)
class Remark:
    """A remark as it is kept. `pii` is `suspected` when something in it was masked."""

    id: int

    key: ArticleKey
    revision: Revision
    helpful: bool
    text: str
    pii: str
    written: datetime
    state: RemarkState = RemarkState.OPEN


@dataclass(frozen=True, slots=True)
class Heard:
    """How many remarks an article has; `open` of them nobody has dealt with."""

    total: int = 0
    open: int = 0


@dataclass(frozen=True, slots=True)
class Page:
    """Some of the `total` remarks on an article, the newest first; `number` counts from 1."""

    found: tuple[Remark, ...]
    number: int
    total: int

    @property
    def first(self) -> int:
        """The place of its first remark among all."""
        return (self.number - 1) * ON_A_PAGE + 1

    @property
    def last(self) -> int:
        return self.first - 1 + len(self.found)

    @property
    def has_older(self) -> bool:
        return self.number * ON_A_PAGE < self.total


@dataclass(frozen=True, slots=True)
class Place:
    """The vote that a remark belongs to."""

    key: ArticleKey
    revision: Revision
    visitor: str


def prepare(raw: str) -> Redacted | None:
    """What may be kept of a reader's words; None when nothing was said.

    Raises RemarkTooLong for more than `LIMIT` characters, counted after normalising and before
    masking.
    """
    text = _normalise(raw)
    if not text:
        return None
    if len(text) > LIMIT:
        raise RemarkTooLong(len(text), LIMIT)
    return redaction.redact(text)


def keep(db: Connection, place: Place, words: Redacted, now: datetime) -> bool:
    """Keep the remark of a vote in place of an earlier one. False when it was there already."""
    earlier = db.execute(select(_remarks.c.id, _remarks.c.text).where(*_at(place))).one_or_none()
    if earlier is not None and earlier.text == words.text:
        return False
    values = {"text": words.text, "pii": str(words.status), "written": now}
    values["state"] = RemarkState.OPEN
    if earlier is not None:
        db.execute(update(_remarks).where(_remarks.c.id == earlier.id).values(values))
        number = earlier.id
    else:
        number = _add(db, place, values)
    key = place.key
    event = CommentCreated(
        article=key.article, lang=key.lang, revision=place.revision, comment=number
    )
    events.emit(db, event, now)
    return True


def find(db: Connection, number: int) -> Remark | None:
    """The remark of that number; None if it was taken back or erased."""
    found = [
        remark for remarks in _read(db, _remarks.c.id == number).values() for remark in remarks
    ]
    return found[0] if found else None


def mark(
    db: Connection, number: int, state: RemarkState, *, read: RemarkState, written: datetime
) -> Remark:
    """Say what became of a remark that was `written` then, and which the caller read as `read`.

    Raises UnknownRemark, and StaleItem where somebody else or the reader was faster.
    """
    changed = db.execute(
        update(_remarks)
        .where(_remarks.c.id == number, _remarks.c.state == read, _remarks.c.written == written)
        .values(state=state)
    ).rowcount
    found = find(db, number)
    if found is None:
        raise UnknownRemark(number)
    if not changed:
        if found.written != written:
            raise StaleItem("The remark", "its reader wrote it anew.")
        raise StaleItem("The remark", "it is %(state)s now.", state=found.state)
    return found


def drop(db: Connection, place: Place) -> bool:
    """Remove the remark of a vote whose reader has changed their mind. False without one."""
    return bool(db.execute(delete(_remarks).where(*_at(place))).rowcount)


def forget_before(db: Connection, moment: datetime) -> int:
    """Remove some of the remarks written before a moment; 0 when none is left.

    Their votes stay, with the reasons.
    """
    old = select(_remarks.c.id).where(_remarks.c.written < moment).limit(_PORTION)
    return db.execute(delete(_remarks).where(_remarks.c.id.in_(old))).rowcount


def counts(db: Connection, keys: Iterable[ArticleKey]) -> dict[ArticleKey, Heard]:
    """How many remarks each article has that has some, over all its revisions."""
    found: dict[ArticleKey, Heard] = {}
    is_open = case((_remarks.c.state == RemarkState.OPEN, 1), else_=0)
    for part in keyed.batches(keys):
        rows = db.execute(
            select(_remarks.c.article, _remarks.c.lang, func.count(), func.sum(is_open))
            .where(keyed.among(_remarks, part))
            .group_by(_remarks.c.article, _remarks.c.lang)
        )
        for article, lang, total, waiting in rows:
            found[ArticleKey(article, lang)] = Heard(total, int(waiting))
    return found


def of(db: Connection, keys: Iterable[ArticleKey]) -> dict[ArticleKey, list[Remark]]:
    """The remarks on each article that has some, newest first, over all its revisions."""
    found: dict[ArticleKey, list[Remark]] = {}
    for part in keyed.batches(keys):
        found |= _read(db, keyed.among(_remarks, part))
    return found


def page(db: Connection, key: ArticleKey, number: int = 1) -> Page:
    """`ON_A_PAGE` of the remarks on an article, over all its revisions."""
    numbers = db.scalars(
        select(_remarks.c.id)
        .where(keyed.by(_remarks, key))
        .order_by(_remarks.c.written.desc(), _remarks.c.id.desc())
        .limit(ON_A_PAGE)
        .offset((number - 1) * ON_A_PAGE)
    ).all()
    found = _read(db, _remarks.c.id.in_(numbers)).get(key, ()) if numbers else ()
    return Page(tuple(found), number, counts(db, [key]).get(key, Heard()).total)


def _read(db: Connection, condition: ColumnElement[bool]) -> dict[ArticleKey, list[Remark]]:
    found: dict[ArticleKey, list[Remark]] = defaultdict(list)
    rows = db.execute(
        select(
            _remarks.c.id,
            _remarks.c.article,
            _remarks.c.lang,
            _remarks.c.revision,
            _remarks.c.text,
            _remarks.c.pii,
            _remarks.c.written,
            _remarks.c.state,
            schema.votes.c.helpful,
        )
        .join_from(_remarks, schema.votes)
        .where(condition)
        .order_by(_remarks.c.written.desc(), _remarks.c.id.desc())
    )
    for row in rows:
        key = ArticleKey(row.article, row.lang)
        found[key].append(
            Remark(
                id=row.id,
                key=key,
                revision=row.revision,
                helpful=row.helpful,
                text=row.text,
                pii=row.pii,
                written=row.written,
                state=row.state,
            )
        )
    return dict(found)


def _add(db: Connection, place: Place, values: Mapping[str, object]) -> int:
    added: int = db.execute(
        insert(_remarks)
        .values(
            article=place.key.article,
            lang=place.key.lang,
            revision=place.revision,
            visitor=place.visitor,
            **values,
        )
        .returning(_remarks.c.id)
    ).scalar_one()
    return added


def _at(place: Place) -> tuple[ColumnElement[bool], ...]:
    return (
        _remarks.c.article == place.key.article,
        _remarks.c.lang == place.key.lang,
        _remarks.c.revision == place.revision,
        _remarks.c.visitor == place.visitor,
    )


def _normalise(raw: str) -> str:
    """One form for the same words: composed letters, plain line ends, no control characters.

    Half a surrogate pair, which JSON can smuggle in and no database stores, becomes a question
    mark.
    """
    text = raw.encode("utf-8", "replace").decode("utf-8")
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    kept = (c for c in text if c in _KEPT_CONTROLS or unicodedata.category(c) != "Cc")
    return "".join(kept).strip()
