"""`kb user`: who may sign in at the desk."""

import json
import sys
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from answerloop.cli import Place, operator, pass_place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

_ROLES = ("agent", "editor", "admin")
_password_stdin = click.option(
    "--password-stdin",
    is_flag=True,
    help="Read the password from the first line of standard input.",
)


@click.group(short_help="Add, list and remove staff accounts.")
def command() -> None:
    """Add, list and remove the people who may sign in at the desk.

    An agent reads the queue and leaves notes, an editor decides about its items, an admin may do
    all of it.

    \b
    Examples:
      kb user add charlie --role editor
      kb user list
      kb user deactivate bob
    """


@command.command()
@click.argument("name")
@click.option("--role", type=click.Choice(_ROLES), required=True, help="What the person may do.")
@_password_stdin
@click.option(
    "--no-password",
    is_flag=True,
    help="For whom a proxy signs in, and for API tokens: nobody signs in with a password.",
)
@pass_place
def add(place: Place, *, name: str, role: str, password_stdin: bool, no_password: bool) -> None:
    """Make an account; its generated password is printed once.

    \b
    Examples:
      kb user add charlie --role editor
      pass show kb/bob | kb user add bob --role agent --password-stdin
    """
    from feedback import staff
    from feedback.model import Role

    if no_password and password_stdin:
        raise click.UsageError("Choose one of --no-password and --password-stdin.")
    password, shown = (None, False) if no_password else _choose(from_stdin=password_stdin)
    with _writing(place, "user-add", name) as db:
        staff.add(db, name, Role(role), password, now=datetime.now(UTC))
    click.echo(f"Added {name} ({role}).")
    _show(password if password and shown else "")


@command.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print the accounts as JSON.")
@pass_place
def list_(place: Place, *, as_json: bool) -> None:
    """Print all accounts with their roles.

    \b
    Example:
      kb user list --json | jq '.[].name'
    """
    from answerloop import store
    from feedback import staff

    with closing(store.open(place.settings())) as db, db.read() as connection:
        users = staff.listed(connection)
    if as_json:
        rows = [
            {
                "name": u.name,
                "role": u.role,
                "added": u.added.isoformat(),
                "deactivated": u.deactivated.isoformat() if u.deactivated else None,
            }
            for u in users
        ]
        click.echo(json.dumps(rows))
        return
    for user in users:
        off = f"  switched off {user.deactivated:%Y-%m-%d}" if user.deactivated else ""
        click.echo(f"{user.name:20} {user.role:8} added {user.added:%Y-%m-%d}{off}")
    if not users:
        click.echo("Nobody yet. Add an account with `kb user add NAME --role editor`.")


@command.command()
@click.argument("name")
@pass_place
def remove(place: Place, *, name: str) -> None:
    """Remove an account and end its sessions; what it did stays on record.

    \b
    Example:
      kb user remove bob
    """
    from feedback import staff

    with _writing(place, "user-remove", name) as db:
        staff.remove(db, name)
    click.echo(f"Removed {name}; signed out everywhere.")


@command.command()
@click.argument("name")
@_password_stdin
@pass_place
def passwd(place: Place, *, name: str, password_stdin: bool) -> None:
    """Give an account a new password and end its sessions.

    Without --password-stdin one is generated and printed once.

    \b
    Example:
      kb user passwd charlie
    """
    from feedback import staff

    password, shown = _choose(from_stdin=password_stdin)
    with _writing(place, "user-passwd", name) as db:
        staff.change_password(db, name, password)
    click.echo(f"{name} has a new password and is signed out everywhere.")
    _show(password if shown else "")


@command.command()
@click.argument("name")
@click.argument("role", type=click.Choice(_ROLES))
@pass_place
def role(place: Place, *, name: str, role: str) -> None:
    """Give an account another role and end its sessions.

    \b
    Example:
      kb user role bob editor
    """
    from feedback import staff
    from feedback.model import Role

    with _writing(place, "user-role", name) as db:
        staff.change_role(db, name, Role(role))
    click.echo(f"{name} is {role} now.")


@command.command()
@click.argument("name")
@pass_place
def deactivate(place: Place, *, name: str) -> None:
    """Keep an account out, by whatever way it comes, until it is activated again.

    Its sessions end and its tokens open nothing. Unlike one that is removed it stays out, too, if
    the provider or the proxy would let the person in.

    \b
    Example:
      kb user deactivate bob
    """
    from feedback import staff

    with _writing(place, "user-deactivate", name) as db:
        staff.deactivate(db, name, now=datetime.now(UTC))
    click.echo(f"{name} is switched off and signed out everywhere.")


@command.command()
@click.argument("name")
@pass_place
def activate(place: Place, *, name: str) -> None:
    """Let an account in again that was switched off.

    \b
    Example:
      kb user activate bob
    """
    from feedback import staff

    with _writing(place, "user-activate", name) as db:
        staff.activate(db, name)
    click.echo(f"{name} may sign in again.")


@command.command()
@click.argument("name")
@click.argument("other")
@pass_place
def link(place: Place, *, name: str, other: str) -> None:
    """Let who signs in with the provider as OTHER come in as NAME from now on.

    For somebody who had an account before the provider made them a second one. OTHER is switched
    off. NAME keeps its password, if it has one; its role follows the provider.

    \b
    Example:
      kb user link charlie charlie-2
    """
    from feedback import identities

    with _writing(place, "user-link", name) as db:
        identities.move(db, other, name, datetime.now(UTC))
    click.echo(f"Who signs in with the provider as {other} is {name} now; {other} is switched off.")


def _choose(*, from_stdin: bool) -> tuple[str, bool]:
    """The password, and whether it was made here and must be told."""
    from feedback import staff

    if not from_stdin:
        return staff.generate_password(), True
    line = sys.stdin.buffer.readline()
    try:
        return line.decode("utf-8").rstrip("\r\n"), False
    except UnicodeDecodeError:
        raise click.UsageError("The password on standard input is not UTF-8.") from None


def _show(password: str) -> None:
    if password:
        click.echo(f"  password  {password}")
        click.echo("  This is shown once.")


@contextmanager
def _writing(place: Place, act: str, name: str) -> "Iterator[Connection]":
    """One transaction on the database, which is made where there is none yet; put on record."""
    from answerloop import store
    from feedback import audit

    with closing(store.open(place.settings())) as db, db.write() as connection:
        yield connection
        subject = audit.subject_of(name)
        audit.record(connection, operator(), act, subject, now=datetime.now(UTC))
