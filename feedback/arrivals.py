"""Where readers' searches led: the article each of them ended at, at once or by asking again.

A search ends at the last article whose reader said that it helped, else at the last one opened
whose reader did not say no. One that opened nothing is *refined* by the reader's next search
within two minutes, and ends where that one does.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from itertools import pairwise

from feedback.model import ArticleId, Opened, Search

ASKED_AGAIN = timedelta(seconds=120)
"""After how long another query has nothing to do with the one before."""


class How(StrEnum):
    """How an article was reached; the first is the best evidence."""

    HELPED = "helped"
    OPENED = "opened"
    REFINED = "refined"


@dataclass(frozen=True, slots=True)
class Arrival:
    """A search and the article that it ended at, with its rank among the hits then.

    `article` and `how` are None for one that led nowhere, `rank` for one that was refined.
    """

    query: str
    lang: str
    reader: str
    article: ArticleId | None = None
    how: How | None = None
    rank: int | None = None


@dataclass(frozen=True, slots=True)
class Refinement:
    """A search that opened nothing and the next one, which ended at an article."""

    failed: Search
    found: Search
    article: ArticleId


def of(searches: Iterable[Search]) -> tuple[Arrival, ...]:
    """One arrival for each search. Neither order nor repeated records change the result."""
    return tuple(
        _arrival(trail, place) for trail in _trails(searches) for place in range(len(trail))
    )


def refinements(searches: Iterable[Search]) -> tuple[Refinement, ...]:
    """The searches of which the very next one ended at an article."""
    return tuple(
        Refinement(failed, found, ended.article)
        for trail in _trails(searches)
        for failed, found in pairwise(trail)
        if _is_refined(failed, found) and (ended := _ended(found))
    )


def _trails(searches: Iterable[Search]) -> Iterator[Sequence[Search]]:
    """The searches of each reader in the order of time."""
    by_reader: dict[str, list[Search]] = defaultdict(list)
    for search in sorted(set(searches), key=_order):
        by_reader[search.reader].append(search)
    yield from by_reader.values()


def _order(search: Search) -> tuple[object, ...]:
    opened = [(each.article, each.rank, str(each.helpful)) for each in search.opened]
    return search.reader, search.at, search.lang, search.query, opened, search.refined_to or ""


def _arrival(trail: Sequence[Search], place: int) -> Arrival:
    asked = trail[place]
    ended = _ended(asked)
    if ended:
        how = How.HELPED if ended.helpful else How.OPENED
        return Arrival(asked.query, asked.lang, asked.reader, ended.article, how, ended.rank)
    while place + 1 < len(trail) and _is_refined(trail[place], trail[place + 1]):
        place += 1
        if ended := _ended(trail[place]):
            return Arrival(asked.query, asked.lang, asked.reader, ended.article, How.REFINED)
    return Arrival(asked.query, asked.lang, asked.reader)


def _is_refined(failed: Search, after: Search) -> bool:
    return (
        not failed.opened
        and failed.lang == after.lang
        and after.at - failed.at <= ASKED_AGAIN
        and (failed.refined_to is None or _same(failed.refined_to, after.query))
    )


def _same(one: str, two: str) -> bool:
    return one.casefold().split() == two.casefold().split()


def _ended(search: Search) -> Opened | None:
    helped = [each for each in search.opened if each.helpful]
    kept = [each for each in search.opened if each.helpful is None]
    return next(iter(helped[-1:] or kept[-1:]), None)
