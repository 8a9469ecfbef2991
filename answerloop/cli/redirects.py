"""`kb redirects`: old addresses for a web server."""

import json

import click

from answerloop.cli import Place, pass_place
from answerloop.errors import BuildError
from answerloop.machines import servers


@click.command(short_help="Print old addresses for a web server.")
@click.option(
    "--format",
    "server",
    type=click.Choice([server.value for server in servers.Server]),
    default=servers.Server.NGINX.value,
    show_default=True,
    help="Which server reads them.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the addresses as JSON.")
@pass_place
def command(place: Place, *, server: str, as_json: bool) -> None:
    """Print where the pages of the current version were before, for a server without the service.

    \b
    Examples:
      kb redirects > /etc/nginx/conf.d/kb-moved.conf
      kb redirects --format netlify > upload/_redirects
    """
    from answerloop import installation

    settings = place.settings()
    published = installation.current_catalog(settings)
    if published is None:
        raise BuildError("There is no site yet. Run `kb build` first.")
    if as_json:
        click.echo(json.dumps(dict(published.redirects), ensure_ascii=False, sort_keys=True))
    else:
        rules = servers.text(published.redirects, servers.Server(server), settings.site.url)
        click.echo(rules, nl=False)
