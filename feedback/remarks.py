"""What readers wrote beside their vote: plain text for ever, redacted before it is kept."""

import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, delete, insert, select, update

from feedback import keyed, redaction, schema
from feedback.errors import RemarkTooLong
from feedback.model import ArticleKey, Revision
from feedback.redaction import Redacted

LIMIT = 1_000
_remarks = schema.remarks
_KEPT_CONTROLS = {"\n", "\t"}


@dataclass(frozen=True, slots=True)
class Remark:
    """A remark as it is kept. `pii` is `suspected` when something in it was masked."""

    key: ArticleKey
    revision: Revision
    helpful: bool
    text: str
    pii: str
    written: datetime


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
    earlier = db.execute(select(_remarks.c.text).where(*_at(place))).scalar_one_or_none()
    if earlier == words.text:
        return False
    values = {"text": words.text, "pii": str(words.status), "written": now}
    if earlier is not None:
        db.execute(update(_remarks).where(*_at(place)).values(values))
        return True
    db.execute(
        insert(_remarks).values(
            article=place.key.article,
            lang=place.key.lang,
            revision=place.revision,
            visitor=place.visitor,
            **values,
        )
    )
    return True


def drop(db: Connection, place: Place) -> bool:
    """Remove the remark of a vote whose reader has changed their mind. False without one."""
    return bool(db.execute(delete(_remarks).where(*_at(place))).rowcount)


def of(db: Connection, keys: Iterable[ArticleKey]) -> dict[ArticleKey, list[Remark]]:
    """The remarks on each article that has some, newest first, over all its revisions."""
    found: dict[ArticleKey, list[Remark]] = defaultdict(list)
    for part in keyed.batches(keys):
        rows = db.execute(
            select(
                _remarks.c.article,
                _remarks.c.lang,
                _remarks.c.revision,
                _remarks.c.text,
                _remarks.c.pii,
                _remarks.c.written,
                schema.votes.c.helpful,
            )
            .join_from(_remarks, schema.votes)
            .where(keyed.among(_remarks, part))
            .order_by(_remarks.c.written.desc(), _remarks.c.id.desc())
        )
        for row in rows:
            key = ArticleKey(row.article, row.lang)
            found[key].append(
                Remark(key, row.revision, row.helpful, row.text, row.pii, row.written)
            )
    return dict(found)


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
