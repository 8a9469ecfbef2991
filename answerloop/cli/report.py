"""`kb report`: what was searched, voted, flagged and mended in a period."""

from contextlib import closing
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from answerloop.cli import Place, pass_place

if TYPE_CHECKING:
    from answerloop.desk.sheets import Sheet
    from feedback.measures.periods import Period
    from feedback.model import ArticleKey

_DAY = click.DateTime(["%Y-%m-%d"])


@click.command(short_help="Print what was searched, voted, flagged and mended.")
@click.option("--from", "first", type=_DAY, help="The first day (default: 28 days up to the last).")
@click.option("--to", "last", type=_DAY, help="The last day (default: today, UTC).")
@click.option(
    "--format",
    "as_",
    type=click.Choice(["text", "csv", "json"]),
    default="text",
    help="How to print it (default: text).",
)
@click.option("--table", default="", help="Print this table alone, such as `recurring`.")
@pass_place
def command(
    place: Place, *, first: datetime | None, last: datetime | None, as_: str, table: str
) -> None:
    """Print the report of a period: measures with their intervals, trends, repairs, problems.

    The page Reports of the desk shows the same. Shares are parts of one and lengths of time days
    in CSV and JSON.

    \b
    Examples:
      kb report
      kb report --from 2026-10-01 --to 2026-10-31
      kb report --table recurring --format csv > problems.csv
    """
    from answerloop.desk import exports, reports, speech

    say = speech.voice("en")
    asked = {
        name: f"{day:%Y-%m-%d}" for name, day in (("from", first), ("to", last)) if day is not None
    }
    found = reports.parse(asked, datetime.now(UTC).date(), say)
    if found.problem:
        raise click.UsageError(found.problem.removesuffix(reports.instead(say)).strip())
    tables = _chosen(_read(place, found.period), table)
    if as_ == "json":
        click.echo(exports.as_json(found.period, tables))
    elif as_ == "csv":
        click.echo(exports.as_csv(tables), nl=False)
    else:
        for sheet in tables:
            click.secho(sheet.title, bold=True)
            for line in exports.as_lines(sheet, say, "en"):
                click.echo(f"  {line}")
            click.echo()


def _read(place: Place, period: "Period") -> "tuple[Sheet, ...]":
    from answerloop import installation, published, store
    from answerloop.desk import sheets, speech, summaries
    from feedback.measures import summary

    settings = place.settings()
    version = installation.current_version(settings)
    by_id = published.read(version.path).by_id if version else {}

    def title(key: "ArticleKey") -> str:
        entry = by_id.get(key.article, {}).get(key.lang)
        return entry.title if entry else key.article

    with closing(store.open(settings)) as db, db.read() as connection:
        made = summary.read(connection, period, summaries.tags(by_id))
    return sheets.of(made, title, speech.voice("en"))


def _chosen(tables: "tuple[Sheet, ...]", name: str) -> "tuple[Sheet, ...]":
    found = tuple(sheet for sheet in tables if name in ("", sheet.name))
    if not found:
        names = ", ".join(sheet.name for sheet in tables)
        raise click.BadParameter(f"there is no table `{name}`. There are: {names}.")
    return found
