"""`kb serve`: site, search, votes and desk in one process."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from answerloop.cli import Place, pass_place
from answerloop.errors import ContentError

if TYPE_CHECKING:
    from answerloop.settings import Settings
    from answerloop.web.service import Service

_FIRST_USER = "admin"


@click.command(short_help="Serve site, search, votes and desk.")
@click.option("--host", help="The address to listen on (default: kb.toml, else 127.0.0.1).")
@click.option("--port", type=click.IntRange(0, 65535), help="The port (default: kb.toml, 8000).")
@pass_place
def command(place: Place, *, host: str | None, port: int | None) -> None:
    """Build the site if it is stale, then serve it with search, votes and the desk.

    On the first start a user for the desk is made; its password is printed once.

    \b
    Examples:
      kb serve
      kb -C my-help serve --port 9000
    """
    from answerloop import instance
    from answerloop.deliveries.handlers import Receivers
    from answerloop.desk.provider import Provider
    from answerloop.web import server

    settings = place.settings()
    listening = replace(
        settings.server,
        host=host or settings.server.host,
        port=port if port is not None else settings.server.port,
    )
    settings = replace(settings, server=listening)
    Receivers.read(settings, lambda: datetime.now(UTC))
    Provider.of(settings, lambda: datetime.now(UTC))
    with (
        instance.alone(settings),
        server.listen(settings.server.host, settings.server.port) as listener,
    ):
        _build_if_stale(settings)
        address = listener.getsockname()
        server.run(settings, listener, lambda service: _greet(service, address[0], address[1]))


def _build_if_stale(settings: "Settings") -> None:
    """Build when the articles have changed, and keep no memory of it: a service runs for months."""
    from answerloop import installation
    from answerloop.cli import apart

    if installation.is_stale(settings):
        apart.do(lambda: _build(settings))


def _build(settings: "Settings") -> None:
    """When some articles cannot be read, the version that is there goes on.

    Without one, the rest is built.
    """
    from answerloop import builds, installation
    from answerloop.cli import progress

    has_version = installation.current_version(settings) is not None
    with progress.shown() as tell:
        try:
            built = builds.build(settings, datetime.now(UTC), tell, keep_going=not has_version)
        except ContentError as problem:
            click.echo(f"kb: {problem}", err=True)
            click.echo(
                "kb: serving the last good build; mend the articles and run `kb build`.", err=True
            )
            return
    progress.tell_findings(built.findings)


def _greet(service: "Service", host: str, port: int) -> None:
    from answerloop.desk import accounts

    shown = f"[{host}]" if ":" in host else host
    shown = "127.0.0.1" if host == "0.0.0.0" else shown  # noqa: S104  only printed
    click.echo(f"Serving {service.settings.site_name} on http://{shown}:{port}/")
    password = accounts.first_user(service.database, _FIRST_USER, service.clock())
    if password:
        click.echo(f"The desk is at http://{shown}:{port}/desk/")
        click.echo(f"  user      {_FIRST_USER}")
        click.echo(f"  password  {password}")
        click.echo("  This is shown once. Change it with `kb user passwd admin`.")
