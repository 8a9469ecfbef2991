"""Rows by the article they belong to: the condition for one article, and for many at once."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

from sqlalchemy import ColumnElement, Table, and_, false, or_

from feedback.model import ArticleKey

# SQLite takes 32,766 parameters a statement, and a plan for more gains nothing.
BATCH = 500

T = TypeVar("T")


def by(table: Table, key: ArticleKey) -> ColumnElement[bool]:
    """The rows of one article."""
    return and_(table.c.article == key.article, table.c.lang == key.lang)


def among(table: Table, keys: Iterable[ArticleKey]) -> ColumnElement[bool]:
    """The rows of any of these articles; take the keys from `batches`."""
    named: dict[str, list[str]] = defaultdict(list)
    for key in keys:
        named[key.lang].append(key.article)
    # SQLite finds no pair by an index, and would read the whole table; the articles it does.
    of_lang = (
        and_(table.c.article.in_(articles), table.c.lang == lang)
        for lang, articles in named.items()
    )
    return or_(false(), *of_lang)


def batches(many: Iterable[T], size: int = BATCH) -> Iterator[list[T]]:
    """Portions; of as many as one statement takes, if nothing else is asked for."""
    rest = iter(many)
    while batch := list(islice(rest, size)):
        yield batch
