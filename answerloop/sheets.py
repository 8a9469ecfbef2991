"""Tables for spreadsheets: CSV (RFC 4180) in which no cell is taken for a formula."""

import csv
import io
from collections.abc import Iterable, Sequence

_FORMULA = "=+-@\t\r\n\0＝＋－＠"  # noqa: RUF001 -- the wide ones begin a formula, too


def written(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """The table with its header. Whatever a program could run begins with an apostrophe."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([_safe(cell) for cell in row] for row in rows)
    return text.getvalue()


def _safe(cell: str) -> str:
    return f"'{cell}" if cell.lstrip(" ")[:1] in set(_FORMULA) else cell
