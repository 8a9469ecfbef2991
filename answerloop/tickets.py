"""The subjects of tickets, read from a CSV file of whatever helpdesk."""

import codecs
import csv
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from answerloop.errors import TicketsError

USUAL_NAMES = (
    *("subject", "title", "summary", "question", "query"),
    *("betreff", "titel", "frage", "ämne", "rubrik", "fråga", "asunto", "objet", "sujet"),
)
"""Names under which helpdesks and mail programs export subjects, in the order of preference."""

_DELIMITERS = ",;\t|"
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# What mail programs put before a subject when it is answered or passed on.
_REPLY = re.compile(
    r"^(?:\s*(?:re|fwd?|aw|wg|sv|vb|vs|tr|rv|antw)(?:\[\d+\])?\s*:)+", re.IGNORECASE
)
_LONGEST_FIELD = 10_000_000


def read(path: Path, column: str | None = None) -> tuple[str, ...]:
    """The subjects in a column, in the order of the file, empty ones left out.

    The encoding is UTF-8, UTF-16 with its mark, or Windows-1252; the delimiter comma, semicolon,
    tab or bar. Without `column` the first of `USUAL_NAMES` is read; a file of one column whose
    first line is none of them has no header. Marks of replies (`Re:`) are taken off. Raises
    TicketsError.
    """
    rows = list(_rows(path))
    if not rows:
        raise TicketsError(f"{path}: empty. Expected a CSV file with a header.")
    (_, header), *rest = rows
    names = [name.strip().casefold() for name in header]
    at = _place(path, header, names, column)
    if column is None and len(header) == 1 and names[0] not in USUAL_NAMES:
        rest = rows
    cells = (row[at] for _, row in rest if len(row) > at)
    subjects = (" ".join(_REPLY.sub("", cell).split()) for cell in cells)
    found = tuple(subject for subject in subjects if subject)
    if not found:
        raise TicketsError(f"{path}: no subject in the column `{header[at]}`.")
    return found


def _place(path: Path, header: Sequence[str], names: Sequence[str], column: str | None) -> int:
    wanted = USUAL_NAMES if column is None else (column.strip().casefold(),)
    for name in wanted:
        if name in names:
            return names.index(name)
    if column is None and len(header) == 1:
        return 0
    listed = ", ".join(f"`{name.strip()}`" for name in header)
    if column is None:
        raise TicketsError(
            f"{path}:1: which column holds the subjects? Name it with `--column`: {listed}."
        )
    raise TicketsError(f"{path}:1: no column `{column}`. There are: {listed}.")


def _rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    """The rows that hold something, each with the line on which it ends."""
    lines = _text(path).splitlines(keepends=True)
    if lines and re.fullmatch(r"sep=.\s*", lines[0]):  # Excel's way to name the delimiter
        lines[0] = "\n"
    first = next((line for line in lines if line.strip()), "")
    # The delimiter that makes the most columns of the header.
    delimiter = max(_DELIMITERS, key=lambda each: len(next(csv.reader([first], delimiter=each))))
    limit = csv.field_size_limit(_LONGEST_FIELD)
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                yield reader.line_num, row
    except csv.Error as problem:
        raise TicketsError(
            f"{path}:{reader.line_num}: not CSV: {problem}. "
            "A quote inside a quoted text is written twice."
        ) from None
    finally:
        csv.field_size_limit(limit)


def _text(path: Path) -> str:
    try:
        raw = path.read_bytes()
    except OSError as problem:
        raise TicketsError(f"{path}: cannot be read: {problem.strerror}.") from None
    marked = (encoding for mark, encoding in _MARKS if raw.startswith(mark))
    for encoding in (*marked, "utf-8", "cp1252"):
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise TicketsError(f"{path}: no text in UTF-8, UTF-16 or Windows-1252. Export it as UTF-8.")
