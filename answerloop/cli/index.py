"""`kb index`: the search index alone."""

import json

import click

from answerloop.cli import Place, pass_place


@click.command(short_help="Build the search index again, alone.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@pass_place
def command(place: Place, *, as_json: bool) -> None:
    """Build the search index again, without the site.

    \b
    Example:
      kb index
    """
    from answerloop import builds
    from answerloop.cli import progress

    with progress.shown(quiet=as_json) as tell:
        version = builds.build_index(place.settings(), tell)
    click.echo(json.dumps({"build": version.build}) if as_json else f"Published {version.build}.")
