"""Tables of a report as files: CSV that no spreadsheet takes for formulas, and JSON."""

import csv
import io
import json
from collections.abc import Iterable
from datetime import date

from answerloop.desk import sheets
from answerloop.desk.sheets import Cell, Sheet
from answerloop.wording import Wording
from feedback.measures.periods import Period

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠")  # noqa: RUF001  full-width, as spreadsheets take them, too


def as_csv(tables: Iterable[Sheet]) -> str:
    """One table as RFC 4180 says; several with their names before them and a line between.

    Shares are parts of one, lengths of time days, days as ISO 8601.
    """
    tables = tuple(tables)
    written = io.StringIO()
    rows = csv.writer(written)
    for number, sheet in enumerate(tables):
        if len(tables) > 1:
            if number:
                rows.writerow(())
            rows.writerow((sheet.name,))
        rows.writerow(column.key for column in sheet.columns)
        rows.writerows([_harmless(cell) for cell in row] for row in sheet.rows)
    return written.getvalue()


def as_json(period: Period, tables: Iterable[Sheet]) -> str:
    """The period, and each table as a list of objects."""
    objects = {
        sheet.name: [
            {column.key: _plain(cell) for column, cell in zip(sheet.columns, row, strict=True)}
            for row in sheet.rows
        ]
        for sheet in tables
    }
    said = {"from": period.first.isoformat(), "to": period.last.isoformat(), "tables": objects}
    return json.dumps(said, ensure_ascii=False)


def _harmless(cell: Cell) -> Cell:
    """Text that would be a formula gets an apostrophe before it (OWASP, CSV injection)."""
    plain = _plain(cell)
    if isinstance(plain, str) and plain.lstrip(" ").startswith(_FORMULA):
        return f"'{plain}"
    return plain


def _plain(cell: Cell) -> str | int | float | bool | None:
    if isinstance(cell, date):
        return cell.isoformat()
    return round(cell, 6) if isinstance(cell, float) else cell


def as_lines(sheet: Sheet, say: Wording, lang: str) -> list[str]:
    """A table for a terminal, its columns under one another; keys for programs are left out."""
    shown = [place for place, column in enumerate(sheet.columns) if column.key != "key"]
    rows = [[sheet.columns[place].heading for place in shown]]
    rows += [
        [sheets.written(row[place], sheet.columns[place].kind, say, lang) for place in shown]
        for row in sheet.rows
    ]
    widths = [max(len(row[place]) for row in rows) for place in range(len(shown))]
    numbers = [sheet.columns[place].is_number for place in shown]
    return [
        "  ".join(
            cell.rjust(width) if is_number else cell.ljust(width)
            for cell, width, is_number in zip(row, widths, numbers, strict=True)
        ).rstrip()
        for row in rows
    ]
