"""How long what was said is kept: rules, each applied in small portions."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import Connection

from feedback.flags import Store

MONTH = timedelta(days=30.4375)
"""The mean one."""


@dataclass(frozen=True, slots=True)
class Rule:
    """`what` is kept for so long.

    `forget_before` forgets what is older than a moment, all of it or a portion, and says how much
    that was: it is called again until that is 0, each time in a transaction of its own.
    """

    what: str
    keep: timedelta
    forget_before: Callable[[Connection, datetime], int]


def enforce(store: Store, rules: Iterable[Rule], now: datetime) -> dict[str, int]:
    """Forget what is too old by each rule; how much it was, by what it was."""
    done = {}
    for rule in rules:
        done[rule.what] = 0
        while portion := store.apply(partial(_forget, rule=rule, now=now)):
            done[rule.what] += portion
    return done


def _forget(db: Connection, rule: Rule, now: datetime) -> int:
    return rule.forget_before(db, now - rule.keep)
