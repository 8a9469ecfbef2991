"""Statements that are translated once, for the few that every vote runs.

SQLAlchemy looks up, binds and wraps each execution anew. With SQLite in the same process that takes
several times as long as the statement itself, so there the translation is kept and handed to the
driver. Elsewhere SQLAlchemy runs the statement as ever.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Dialect, Select
from sqlalchemy.sql.dml import Insert, Update
from sqlalchemy.sql.selectable import CompoundSelect
from sqlalchemy.types import TypeEngine

Statement = Select[Any] | CompoundSelect[Any] | Insert | Update
_Convert = Callable[[Any], Any] | None


class Prepared:
    """A statement with named values; `names` are the columns of an INSERT."""

    def __init__(self, statement: Statement, names: Sequence[str] | None = None) -> None:
        self._statement = statement
        self._names = list(names) if names is not None else None
        self._translated: _Translated | None = None

    def run(self, db: Connection, values: Mapping[str, object]) -> list[Sequence[Any]]:
        """Run it with these values; the rows of a SELECT, none of any other."""
        if db.dialect.name != "sqlite":
            result = db.execute(self._statement, dict(values))
            return list(result) if result.returns_rows else []
        if self._translated is None:
            self._translated = _Translated(self._statement, self._names, db.dialect)
        return self._translated.run(db, values)


class _Translated:
    """The statement in the dialect's words, and how values go in and come out."""

    def __init__(self, statement: Statement, keys: list[str] | None, dialect: Dialect) -> None:
        compiled = statement.compile(dialect=dialect, column_keys=keys)
        self._sql = str(compiled)
        fixed = compiled.params
        names = compiled.positiontup or ()
        self._binds = [(name, fixed.get(name)) for name in names]
        converts = [_binding(compiled.binds[name].type, dialect) for name in names]
        self._converts = [(place, convert) for place, convert in enumerate(converts) if convert]
        columns = statement.selected_columns if isinstance(statement, Select) else None
        if isinstance(statement, CompoundSelect):
            columns = statement.selects[0].selected_columns
        self._columns = [_reading(column.type, dialect) for column in columns or ()]

    def run(self, db: Connection, values: Mapping[str, object]) -> list[Sequence[Any]]:
        parameters = [values.get(name, fixed) for name, fixed in self._binds]
        for place, convert in self._converts:
            parameters[place] = convert(parameters[place])
        driver: Any = db.connection.driver_connection
        rows = driver.execute(self._sql, parameters).fetchall()
        return [list(map(_read, self._columns, row)) for row in rows]


def _binding(kind: TypeEngine[Any], dialect: Dialect) -> _Convert:
    return kind.dialect_impl(dialect).bind_processor(dialect)


def _reading(kind: TypeEngine[Any], dialect: Dialect) -> _Convert:
    return kind.dialect_impl(dialect).result_processor(dialect, None)


def _read(convert: _Convert, cell: object) -> object:
    return convert(cell) if convert else cell
