"""What readers searched: settled searches, what they opened, and how they asked again.

A search is settled when its reader has stopped typing. Its words are masked and normalised before
they are written, and its reader is a keyed hash of the day (`feedback.visitors`).
"""

import unicodedata
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, Row, Table, delete, exists, select, update

from feedback import database, keyed, redaction, schema
from feedback.arrivals import ASKED_AGAIN
from feedback.errors import UnknownHit, UnknownSearch
from feedback.model import ArticleId, Opened, Search
from feedback.redaction import Redacted
from feedback.visitors import Visitor

STILL_TYPING = timedelta(seconds=10)
"""A search that is the beginning of the reader's next one so soon was only on the way to it."""
TIME_TO_OPEN = timedelta(seconds=60)
"""A reader who has opened none of the hits by then has found nothing among them."""
_PORTION = 500

_searches = schema.searches
_clicks = schema.clicks
_votes = schema.votes
_articles = schema.articles


@dataclass(frozen=True, slots=True)
class Settled:
    """A settled search as it is told.

    `token` is the id that the search's answer had, 32 hexadecimal digits. `refines` is that of the
    search before it, if its reader asked again without opening anything. `watched`: clicks on its
    hits would be told, so none of them means that nothing was opened.
    """

    token: str
    query: Redacted
    lang: str
    hits: int
    refines: str = ""
    watched: bool = True


@dataclass(frozen=True, slots=True)
class Click:
    """An article opened from the hits of a search, with its rank among them, from 1."""

    token: str
    article: str
    rank: int


@dataclass(frozen=True, slots=True)
class Teller:
    """Whose search it is. Of an untrusted sender (no browser of ours) it is kept, not counted."""

    visitor: Visitor
    trusted: bool

    @property
    def keys(self) -> list[str]:
        """Today's key, and yesterday's: a click may come after midnight."""
        return [key for key in (self.visitor.today, self.visitor.yesterday) if key]


def prepare(query: str) -> Redacted:
    """What may be kept of a query: one line in small letters, personal data masked.

    Compatibility forms (full-width digits) are made plain first, or they would hide from the mask.
    """
    plain = "".join(
        each if each.isprintable() else " " for each in unicodedata.normalize("NFKC", query)
    )
    masked = redaction.redact(" ".join(plain.split()))
    return Redacted(masked.text.casefold().strip(), masked.kinds)


def settle(db: Connection, teller: Teller, told: Settled, at: datetime) -> None:
    """Keep a search; told twice it counts once, and what was on the way to it goes.

    A results page is kept as it is made; that it refines another search its script tells later.
    """
    if not told.query.text:
        return
    standing = _find(db, teller, told.token)
    if standing is not None:
        if told.watched and not standing.watched:
            db.execute(update(_searches).where(_searches.c.id == standing.id).values(watched=True))
        if told.refines:
            _refine(db, teller, told, at)
        return
    _drop_typing(db, teller, told, at)
    if told.refines:
        _refine(db, teller, told, at)
    db.execute(
        database.inserting(db, _searches)
        .values(
            token=told.token,
            visitor=teller.visitor.today,
            network=teller.visitor.network,
            lang=told.lang,
            query=told.query.text,
            hits=told.hits,
            watched=told.watched,
            clicked=False,
            weight=int(teller.trusted),
            pii=str(told.query.status),
            at=at,
        )
        .on_conflict_do_nothing(index_elements=["visitor", "token"])
    )


def click(db: Connection, teller: Teller, told: Click, at: datetime) -> None:
    """Keep what was opened. Raises UnknownSearch, and UnknownHit for no article readers see."""
    search = _find(db, teller, told.token)
    if search is None:
        raise UnknownSearch
    is_public = exists().where(
        _articles.c.article == told.article, _articles.c.public, _articles.c.gone.is_(None)
    )
    if not db.execute(select(is_public)).scalar_one():
        raise UnknownHit
    db.execute(
        database.inserting(db, _clicks)
        .values(search=search.id, article=told.article, rank=told.rank, at=at)
        .on_conflict_do_nothing(index_elements=["search", "article"])
    )
    if at - search.at <= TIME_TO_OPEN:
        db.execute(update(_searches).where(_searches.c.id == search.id).values(clicked=True))


def any_since(db: Connection, since: datetime | None) -> bool:
    """Whether a search that counts came after that moment; ever without one."""
    asked = select(_searches.c.id).where(_searches.c.weight > 0)
    if since is not None:
        asked = asked.where(_searches.c.at > since)
    return db.execute(asked.limit(1)).first() is not None


def log(db: Connection, since: datetime) -> tuple[Search, ...]:
    """The searches since then that count, as `feedback.arrivals` reads them, oldest first."""
    rows = db.execute(
        select(
            _searches.c.id,
            _searches.c.token,
            _searches.c.visitor,
            _searches.c.lang,
            _searches.c.query,
            _searches.c.refined_to,
            _searches.c.at,
        )
        .where(_searches.c.at >= since, _searches.c.weight > 0)
        .order_by(_searches.c.at, _searches.c.id)
    ).all()
    opened = _opened(db, since)
    said = helpful(db, since)
    return tuple(
        Search(
            at=row.at,
            lang=row.lang,
            query=row.query,
            reader=row.visitor,
            opened=tuple(
                Opened(ArticleId(article), rank, said.get((row.token, article)))
                for article, rank in opened.get(row.id, ())
            ),
            refined_to=row.refined_to,
        )
        for row in rows
    )


def helpful(db: Connection, since: datetime) -> Mapping[tuple[str, str], bool]:
    """What readers said who came by a search: its token and the article, and yes or no."""
    rows = db.execute(
        select(_votes.c.search, _votes.c.article, _votes.c.helpful)
        .where(_votes.c.cast >= since, _votes.c.search != "", _votes.c.weight > 0)
        .order_by(_votes.c.cast)
    )
    return {(row.search, row.article): row.helpful for row in rows}


def forget_before(db: Connection, moment: datetime) -> int:
    """Delete some of the searches and questions of before `moment`; 0 when none is left.

    What gaps keep was asked by three readers or more; digests of other wordings go, too.
    """
    gone = sum(_forget_some(db, table, moment) for table in (_searches, schema.questions))
    members = schema.gap_members
    db.execute(delete(members).where(members.c.seen < moment.date(), members.c.pinned.is_(False)))
    return gone


def _forget_some(db: Connection, table: Table, moment: datetime) -> int:
    old = select(table.c.id).where(table.c.at < moment).limit(_PORTION)
    return db.execute(delete(table).where(table.c.id.in_(old))).rowcount


def _find(db: Connection, teller: Teller, token: str) -> Row[int, datetime, bool] | None:
    return db.execute(
        select(_searches.c.id, _searches.c.at, _searches.c.watched)
        .where(_searches.c.visitor.in_(teller.keys), _searches.c.token == token)
        .order_by(_searches.c.at.desc())
        .limit(1)
    ).one_or_none()


def _drop_typing(db: Connection, teller: Teller, told: Settled, at: datetime) -> None:
    """Remove what the reader has just asked if this only goes on with it."""
    rows = db.execute(
        select(_searches.c.id, _searches.c.query).where(
            _searches.c.visitor.in_(teller.keys),
            _searches.c.lang == told.lang,
            _searches.c.clicked.is_(False),
            _searches.c.at.between(at - STILL_TYPING, at),
        )
    )
    typed = [row.id for row in rows if told.query.text.startswith(row.query)]
    for part in keyed.batches(typed):
        db.execute(delete(_searches).where(_searches.c.id.in_(part)))


def _refine(db: Connection, teller: Teller, told: Settled, at: datetime) -> None:
    db.execute(
        update(_searches)
        .where(
            _searches.c.visitor.in_(teller.keys),
            _searches.c.token == told.refines,
            _searches.c.lang == told.lang,
            _searches.c.clicked.is_(False),
            _searches.c.query != told.query.text,
            _searches.c.at.between(at - ASKED_AGAIN, at),
        )
        .values(refined_to=told.query.text)
    )


def _opened(db: Connection, since: datetime) -> Mapping[int, Sequence[tuple[str, int]]]:
    rows = db.execute(
        select(_clicks.c.search, _clicks.c.article, _clicks.c.rank)
        .join_from(_clicks, _searches, _clicks.c.search == _searches.c.id)
        .where(_searches.c.at >= since)
        .order_by(_clicks.c.at, _clicks.c.rank)
    )
    found: dict[int, list[tuple[str, int]]] = defaultdict(list)
    for row in rows:
        found[row.search].append((row.article, row.rank))
    return found
