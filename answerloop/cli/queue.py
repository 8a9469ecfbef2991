"""`kb queue`: what the content team should look at."""

import json
from contextlib import closing
from datetime import UTC, datetime

import click

from answerloop.cli import Place, pass_place


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print the items as JSON.")
@pass_place
def command(place: Place, *, as_json: bool) -> None:
    """Print the queue: reported, suspected, stale and clarity, each in its order.

    \b
    Example:
      kb queue --json | jq '.suspected[].article'
    """
    from feedback import database, queue

    settings = place.settings()
    with closing(database.open(settings.database_url)) as db:
        db.upgrade()
        with db.read() as connection:
            lanes = queue.lanes(
                connection,
                datetime.now(UTC),
                reviews_per_week=settings.feedback.reviews_per_week,
            )
    if as_json:
        click.echo(
            json.dumps({lane.value: [_row(i) for i in items] for lane, items in lanes.items()})
        )
        return
    for lane, items in lanes.items():
        click.secho(f"{lane.value} ({len(items)})", bold=True)
        for item in items:
            click.echo(f"  {item.key}: {item.words}")
