"""Takes the readers' keys out of searches and questions once their salts are gone.

As with votes (`feedback.forgetting`) what comes in the place of a keyed hash is random and begins
with an x. Hashes are others every day already; here each is replaced by one value, in all that
its reader asked, since gaps count readers and at most three of a network.
"""

import secrets
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial

from sqlalchemy import Connection, Table, Update, bindparam, select, update

from feedback import schema
from feedback.flags import Store
from feedback.forgetting import AT_ONCE, MARK, RANDOM_BYTES

_TABLES = (schema.searches, schema.questions)


def forget(
    store: Store, now: datetime, *, randomness: Callable[[int], str] = secrets.token_hex
) -> int:
    """Forget who searched and asked on the days before yesterday (UTC); how many readers it was.

    What was told just after midnight may be of the day before: a network waits until all of it is
    due, and is done wholly or not at all. So gaps count the same before, after and however this
    ends, and two services may do it at once.
    """
    today = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    with store.read() as db:
        due = _due(db, today - timedelta(days=1))
    values: list[dict[str, str]] = []
    for network, visitors in due.items():
        values += _renamed(network, visitors, lambda: MARK + randomness(RANDOM_BYTES))
        if len(values) >= AT_ONCE:
            store.apply(partial(_replace, values=values))
            values = []
    if values:
        store.apply(partial(_replace, values=values))
    return sum(map(len, due.values()))


def _due(db: Connection, before: datetime) -> dict[str, set[str]]:
    """The readers who are due, by their network."""
    found: dict[str, set[str]] = defaultdict(set)
    living: set[str] = set()
    for table in _TABLES:
        columns = select(table.c.network, table.c.visitor, table.c.at)
        for network, visitor, at in db.execute(columns.where(table.c.visitor.not_like(f"{MARK}%"))):
            found[network].add(visitor)
            if at >= before:
                living.add(network)
    return {network: visitors for network, visitors in found.items() if network not in living}


def _renamed(network: str, visitors: set[str], name: Callable[[], str]) -> Iterator[dict[str, str]]:
    """New names, ordered as the old ones: which three of a network count stays the same."""
    other = name()
    names = sorted(name() for _ in visitors)
    for old, new in zip(sorted(visitors), names, strict=True):
        yield {"of_visitor": old, "of_network": network, "visitor": new, "network": other}


def _replacing(table: Table) -> Update:
    return (
        update(table)
        .where(
            table.c.visitor == bindparam("of_visitor"), table.c.network == bindparam("of_network")
        )
        .values(visitor=bindparam("visitor"), network=bindparam("network"))
    )


_REPLACE = tuple(map(_replacing, _TABLES))


def _replace(db: Connection, values: list[dict[str, str]]) -> None:
    """What another service has replaced by now is not found, and stays as it is."""
    for replacing in _REPLACE:
        db.execute(replacing, values)
