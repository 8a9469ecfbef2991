"""Work that is done and then undone, to say what it would do."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import Connection

from feedback.database import Database

T = TypeVar("T")


class _Over(Exception):  # noqa: N818 -- the end of a rehearsal is no error
    pass


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """A store for as long as one transaction lasts, which is rolled back."""

    _connection: Connection

    def read(self) -> AbstractContextManager[Connection]:
        return nullcontext(self._connection)

    def apply(self, work: Callable[[Connection], T], /) -> T:
        return work(self._connection)


@contextmanager
def of(database: Database) -> Iterator[Rehearsal]:
    """A store whose work is undone at the end of the block; other writers wait for it."""
    with suppress(_Over), database.write() as connection:
        yield Rehearsal(connection)
        raise _Over
