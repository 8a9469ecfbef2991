"""`kb csp`: the policy of the published pages, for web servers and static hosts."""

import click

from answerloop.cli import Place, pass_place
from answerloop.errors import BuildError


@click.command(short_help="Print the Content-Security-Policy of the published pages.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["header", "nginx", "caddy", "netlify"]),
    default="header",
    show_default=True,
    help="For whom: as a header, or as a line of a configuration.",
)
@pass_place
def command(place: Place, *, form: str) -> None:
    """Print what the pages of the published site may load and run.

    `kb serve` sends it by itself. Where a web server or a static host sends the pages, put this
    there; print it again after an update of answerloop or a change of mkdocs.yml.

    \b
    Examples:
      kb csp
      kb csp --format nginx > /etc/nginx/snippets/help-csp.conf
    """
    from answerloop import installation
    from answerloop.inspection import policy
    from answerloop.inspection.policy import Format

    version = installation.current_version(place.settings())
    if version is None:
        raise BuildError("There is no site yet. Run `kb build` first.")
    click.echo(policy.read(version.path).said(Format(form)))
