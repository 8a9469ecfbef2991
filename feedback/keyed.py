"""Rows by the article they belong to: the condition for one article, and for many at once."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

from sqlalchemy import ColumnElement, Table, and_, tuple_

from feedback.model import ArticleKey

# Three parameters a key; SQLite takes 32,766 a statement, and a plan for more gains nothing.
BATCH = 500

T = TypeVar("T")


def by(table: Table, key: ArticleKey) -> ColumnElement[bool]:
    """The rows of one article."""
    return and_(table.c.article == key.article, table.c.lang == key.lang)


def among(table: Table, keys: Iterable[ArticleKey]) -> ColumnElement[bool]:
    """The rows of any of these articles; take the keys from `batches`."""
    pairs = [(key.article, key.lang) for key in keys]
    # SQLite finds no pair by an index, and would read the whole table; the articles it does.
    named = table.c.article.in_({article for article, _ in pairs})
    return and_(named, tuple_(table.c.article, table.c.lang).in_(pairs))


def batches(many: Iterable[T], size: int = BATCH) -> Iterator[list[T]]:
    """Portions; of as many as one statement takes, if nothing else is asked for."""
    rest = iter(many)
    while batch := list(islice(rest, size)):
        yield batch
