"""Takes the visitors' keys out of votes once their salts are gone: what is left links nothing.

A keyed hash is hexadecimal; what comes in its place begins with an x, which says that it is done.
It is random: a visitor has another one on each revision of each article, a network another one on
each revision and day. So there is still one row for each visitor, and still so many counted votes
for each network of a day, and nobody can tell which votes on two articles came from one of them.
"""

import secrets
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from functools import partial

from sqlalchemy import ColumnElement, Connection, and_, bindparam, func, select, update

from feedback import keyed, schema
from feedback.flags import Store
from feedback.history import utc_day
from feedback.model import ArticleKey

MARK = "x"
RANDOM_BYTES = 16
AT_ONCE = 500
"""Votes in one transaction: those of readers wait no longer than for so many."""

_DAY = timedelta(days=1)
_votes = schema.votes
_last_word = func.coalesce(_votes.c.changed, _votes.c.cast)
_REPLACE = (
    update(_votes)
    .where(
        _votes.c.article == bindparam("of_article"),
        _votes.c.lang == bindparam("of_lang"),
        _votes.c.revision == bindparam("of_revision"),
        _votes.c.visitor == bindparam("of_visitor"),
    )
    .values(visitor=bindparam("visitor"), network=bindparam("network"))
)

_Group = tuple[str, str, str, str, date]
"""Article, language, revision, network and the day of the last word."""


def forget(
    store: Store, now: datetime, *, randomness: Callable[[int], str] = secrets.token_hex
) -> int:
    """Forget who cast the votes of the days before yesterday (UTC); how many there were.

    No salt that lives today can lead to them, so no later word of their readers is missed. A row
    that is done is not touched again; two services may do it at once. What is done stays done
    however this ends, and a network of a day is done wholly or not at all.
    """
    before = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0) - _DAY
    with store.read() as db:
        places = _places(db, before)
    forgotten = 0
    values: list[dict[str, str]] = []
    for key in places:  # one after the other: after a long pause all of them are very many
        with store.read() as db:
            due = _due(db, key, before)
        for group, visitors in due.items():
            values += _renamed(group, visitors, lambda: MARK + randomness(RANDOM_BYTES))
            if len(values) >= AT_ONCE:
                store.apply(partial(_replace, values=values))
                values = []
        forgotten += sum(map(len, due.values()))
    if values:
        store.apply(partial(_replace, values=values))
    return forgotten


def _is_due(before: datetime) -> ColumnElement[bool]:
    return and_(_votes.c.cast < before, _last_word < before, _votes.c.visitor.not_like(f"{MARK}%"))


def _places(db: Connection, before: datetime) -> list[ArticleKey]:
    """The articles that have such votes."""
    rows = db.execute(select(_votes.c.article, _votes.c.lang).where(_is_due(before)).distinct())
    return sorted(ArticleKey(row.article, row.lang) for row in rows)


def _due(db: Connection, key: ArticleKey, before: datetime) -> dict[_Group, list[str]]:
    """The visitors by the network of the day that their last word came from."""
    rows = db.execute(
        select(
            _votes.c.article,
            _votes.c.lang,
            _votes.c.revision,
            _votes.c.network,
            _votes.c.visitor,
            _last_word.label("at"),
        )
        .where(keyed.by(_votes, key), _is_due(before))
        .order_by(_votes.c.revision, _votes.c.network, _votes.c.visitor)
    )
    found: dict[_Group, list[str]] = defaultdict(list)
    for article, lang, revision, network, visitor, at in rows:
        found[article, lang, revision, network, utc_day(at)].append(visitor)
    return found


def _renamed(
    group: _Group, visitors: Iterable[str], name: Callable[[], str]
) -> Iterator[dict[str, str]]:
    article, lang, revision, _, _ = group
    network = name()
    for visitor in visitors:
        yield {
            "of_article": article,
            "of_lang": lang,
            "of_revision": revision,
            "of_visitor": visitor,
            "visitor": name(),
            "network": network,
        }


def _replace(db: Connection, values: list[dict[str, str]]) -> None:
    """What another service has replaced by now is not found, and stays as it is."""
    db.execute(_REPLACE, values)
