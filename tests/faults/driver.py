"""SQLite over APSW, as far as SQLAlchemy asks Python's own sqlite3 for it.

APSW lets a test put a file system of its own under SQLite. Connections are opened on the VFS whose
name is in `vfs`; errors are raised as sqlite3 raises them.
"""

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import apsw

apilevel, paramstyle, threadsafety = "2.0", "qmark", 1
sqlite_version = apsw.sqlite_lib_version()
sqlite_version_info = tuple(int(part) for part in sqlite_version.split("."))

Warning = sqlite3.Warning  # noqa: A001 -- the names of PEP 249
Error = sqlite3.Error
InterfaceError = sqlite3.InterfaceError
DatabaseError = sqlite3.DatabaseError
DataError = sqlite3.DataError
OperationalError = sqlite3.OperationalError
IntegrityError = sqlite3.IntegrityError
InternalError = sqlite3.InternalError
ProgrammingError = sqlite3.ProgrammingError
NotSupportedError = sqlite3.NotSupportedError

vfs = ""


@contextmanager
def _as_sqlite3() -> Iterator[None]:
    try:
        yield
    except apsw.Error as problem:
        is_constraint = isinstance(problem, apsw.ConstraintError)
        said = (IntegrityError if is_constraint else OperationalError)(str(problem))
        said.sqlite_errorcode = getattr(problem, "extendedresult", 0)
        raise said from problem


class Cursor:
    arraysize = 1

    def __init__(self, connection: apsw.Connection) -> None:
        self._connection = connection
        self._rows: Iterator[Any] = iter(())
        self.description: Any = None
        self.rowcount = -1
        self.lastrowid = 0

    def execute(self, statement: str, parameters: Sequence[Any] = ()) -> "Cursor":
        cursor = self._connection.cursor()
        self.description = None

        def describe(running: apsw.Cursor, *_: object) -> bool:
            self.description = [(*one[:1], *[None] * 6) for one in running.get_description()]
            return True

        cursor.exec_trace = describe
        before = self._connection.total_changes()
        with _as_sqlite3():
            self._rows = iter(list(cursor.execute(statement, tuple(parameters))))
        self.description = self.description or None
        self.rowcount = self._connection.total_changes() - before
        self.lastrowid = self._connection.last_insert_rowid()
        return self

    def executemany(self, statement: str, many: Iterable[Sequence[Any]]) -> "Cursor":
        for parameters in many:
            self.execute(statement, parameters)
        return self

    def fetchone(self) -> Any:
        return next(self._rows, None)

    def fetchmany(self, size: int = 1) -> list[Any]:
        return [row for _, row in zip(range(size), self._rows, strict=False)]

    def fetchall(self) -> list[Any]:
        return list(self._rows)

    def close(self) -> None:
        self._rows = iter(())


class Connection:
    isolation_level: str | None = None

    def __init__(self, path: str, seconds: float) -> None:
        with _as_sqlite3():
            self._connection = apsw.Connection(path, vfs=vfs)
        self._connection.set_busy_timeout(int(seconds * 1000))

    @property
    def in_transaction(self) -> bool:
        return bool(self._connection.in_transaction)

    @property
    def total_changes(self) -> int:
        return self._connection.total_changes()

    def cursor(self) -> Cursor:
        return Cursor(self._connection)

    def execute(self, statement: str, parameters: Sequence[Any] = ()) -> Cursor:
        return self.cursor().execute(statement, parameters)

    def create_function(self, name: str, count: int, work: Callable[..., Any], **_: object) -> None:
        self._connection.create_scalar_function(name, work, count)

    def commit(self) -> None:
        self._end("COMMIT")

    def rollback(self) -> None:
        self._end("ROLLBACK")

    def close(self) -> None:
        with _as_sqlite3():
            self._connection.close()

    def _end(self, word: str) -> None:
        if self._connection.in_transaction:
            self.execute(word)


def connect(path: str, timeout: float = 5, **_: object) -> Connection:
    return Connection(path, timeout)
