"""`kb token`: what programs use the desk's API with."""

import json
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import click

from answerloop.cli import Place, operator, pass_place

if TYPE_CHECKING:
    from feedback.tokens import Token

_ROLES = ("agent", "editor", "admin")
_SCOPES = ("read", "write")
_LONGEST_LIFE = 366


@click.group(short_help="Make, list and revoke API tokens.")
def command() -> None:
    """Make, list and revoke the tokens that programs use the desk's API with.

    A token acts in the name of an account, may never do more than it, and ends with it. Give a
    helpdesk an account of its own.

    \b
    Examples:
      kb user add helpdesk --role agent --no-password
      kb token create sidebar --user helpdesk --scope write
      kb token list
      kb token revoke sidebar
    """


@command.command()
@click.argument("name")
@click.option("--user", required=True, help="The account in whose name the token acts.")
@click.option(
    "--role", type=click.Choice(_ROLES), default="agent", show_default=True,
    help="What it may do at most.",
)  # fmt: skip
@click.option(
    "--scope", type=click.Choice(_SCOPES), default="read", show_default=True,
    help="Whether it may only look, or change things, too.",
)  # fmt: skip
@click.option(
    "--days", type=click.IntRange(1, _LONGEST_LIFE), default=90, show_default=True,
    help="After how many days it ends.",
)  # fmt: skip
@pass_place
def create(place: Place, *, name: str, user: str, role: str, scope: str, days: int) -> None:
    """Make a token; it is printed once, on a line of its own.

    \b
    Example:
      kb token create sidebar --user helpdesk --scope write --days 180
    """
    from answerloop import store
    from feedback import audit, tokens
    from feedback.model import Role, Scope
    from feedback.tokens import Wanted

    wanted = Wanted(name, user, Role(role), Scope(scope), timedelta(days=days))
    now = datetime.now(UTC)
    with closing(store.open(place.settings())) as db, db.write() as connection:
        token = tokens.create(connection, wanted, now)
        audit.record(connection, operator(), "token-create", f"token {name}", now=now)
    click.echo(
        f"Made {name}: {role}, {scope}, in the name of {user}, until {now + wanted.life:%Y-%m-%d}. "
        "This is shown once:",
        err=True,
    )
    click.echo(token)


@command.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print the tokens as JSON.")
@pass_place
def list_(place: Place, *, as_json: bool) -> None:
    """Print all tokens, also those that ended, and when each was used last.

    \b
    Example:
      kb token list --json | jq '.[] | select(.state == "live").name'
    """
    from answerloop import store
    from feedback import tokens

    now = datetime.now(UTC)
    with closing(store.open(place.settings())) as db, db.read() as connection:
        found = tokens.listed(connection)
    if as_json:
        click.echo(json.dumps([_row(one, now) for one in found]))
        return
    for one in found:
        used = f"used {one.used:%Y-%m-%d %H:%M} UTC" if one.used else "never used"
        click.echo(
            f"{one.name:20} {one.user:16} {one.role:8} {one.scope:6} {_state(one, now):8} "
            f"until {one.expires:%Y-%m-%d}  {used}"
        )
    if not found:
        click.echo("None yet. Make one with `kb token create NAME --user ACCOUNT`.")


@command.command()
@click.argument("name")
@pass_place
def revoke(place: Place, *, name: str) -> None:
    """End a token at once.

    \b
    Example:
      kb token revoke sidebar
    """
    from answerloop import store
    from feedback import audit, tokens

    now = datetime.now(UTC)
    with closing(store.open(place.settings())) as db, db.write() as connection:
        tokens.revoke(connection, name, now)
        audit.record(connection, operator(), "token-revoke", f"token {name}", now=now)
    click.echo(f"Revoked {name}: it opens nothing any more.")


def _state(token: "Token", now: datetime) -> str:
    if token.revoked is not None:
        return "revoked"
    return "live" if token.is_live(now) else "expired"


def _row(token: "Token", now: datetime) -> dict[str, object]:
    return {
        "name": token.name,
        "user": token.user,
        "role": token.role,
        "scope": token.scope,
        "state": _state(token, now),
        "made": token.made.isoformat(),
        "expires": token.expires.isoformat(),
        "used": token.used.isoformat() if token.used else None,
        "revoked": token.revoked.isoformat() if token.revoked else None,
    }
