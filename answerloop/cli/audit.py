"""`kb audit`: who of the staff did what."""

import json
import sys
from contextlib import closing
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING

import click

from answerloop.cli import Place, pass_place

if TYPE_CHECKING:
    from feedback.audit import Entry

_MOST = 100


@click.command(short_help="Show who of the staff did what.")
@click.option("--person", default="", help="Only what this account did.")
@click.option("--day", type=click.DateTime(["%Y-%m-%d"]), help="Only this day (UTC).")
@click.option(
    "--most", type=click.IntRange(1), default=_MOST, show_default=True, help="How many lines."
)
@click.option("--json", "as_json", is_flag=True, help="Print the lines as JSON.")
@click.option("--csv", "as_csv", is_flag=True, help="Print them for a spreadsheet.")
@pass_place
def command(
    place: Place, *, person: str, day: datetime | None, most: int, as_json: bool, as_csv: bool
) -> None:
    """Print the audit log, the newest first: when, who, how they had come in, what, to what.

    \b
    Examples:
      kb audit --person charlie
      kb audit --day 2026-05-04 --csv > monday.csv
    """
    from answerloop import sheets, store
    from feedback import audit
    from feedback.audit import Filter

    if as_json and as_csv:
        raise click.UsageError("Choose one of --json and --csv.")
    wanted = Filter(person, day.date() if day else None)
    with closing(store.open(place.settings())) as db, db.read() as connection:
        found = audit.listed(connection, wanted, most=most)
    if as_json:
        click.echo(json.dumps([asdict(one) for one in found], default=str, ensure_ascii=False))
    elif as_csv:
        sys.stdout.write(sheets.written(audit.COLUMNS, (audit.cells(one) for one in found)))
    else:
        for one in found:
            click.echo(_line(one))


def _line(entry: "Entry") -> str:
    how = f"{entry.way} {entry.token}".strip()
    at = f"{entry.at:%Y-%m-%d %H:%M:%S}"
    return f"{at} {entry.who or '-':16} {how:16} {entry.act:20} {entry.subject}".rstrip()
