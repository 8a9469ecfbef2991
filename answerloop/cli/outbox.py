"""`kb outbox`: what other machines are to be told, and what has not reached them."""

import json
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from answerloop.cli import Place, counted, operator, pass_place

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import Connection

    from feedback.outbox import Undelivered


@click.group(short_help="List, retry and discard undelivered messages.")
def command() -> None:
    """See what webhooks, trackers and mail have not received, and send it again.

    \b
    Examples:
      kb outbox list
      kb outbox retry --all
    """


@command.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print the messages as JSON.")
@pass_place
def list_(place: Place, *, as_json: bool) -> None:
    """Print the messages that wait and those that were given up, the oldest first.

    \b
    Examples:
      kb outbox list
      kb outbox list --json | jq '.dead[].number'
    """
    from answerloop import store
    from feedback import destinations, outbox

    with closing(store.open(place.settings())) as db, db.read() as connection:
        dead, waiting = outbox.dead(connection), outbox.waiting(connection)
        off = [one for one in destinations.listed(connection).values() if one.disabled]
    if as_json:
        rows = {"dead": [_row(one) for one in dead], "waiting": [_row(one) for one in waiting]}
        disabled = [{"kind": one.kind, "why": one.why} for one in off]
        click.echo(json.dumps(rows | {"disabled": disabled}, ensure_ascii=False))
        return
    for one in off:
        click.secho(f"{one.kind} is switched off: {one.why}", bold=True)
    _print("given up", dead)
    _print("waiting", waiting)


@command.command()
@click.argument("numbers", metavar="[NUMBER]...", type=int, nargs=-1)
@click.option("--all", "every", is_flag=True, help="Every message that was given up.")
@pass_place
def retry(place: Place, *, numbers: tuple[int, ...], every: bool) -> None:
    """Let the service try messages again now, as often as if they were new.

    \b
    Examples:
      kb outbox retry 17 18
      kb outbox retry --all
    """
    from feedback import outbox

    if bool(numbers) == every:
        raise click.UsageError("Name messages by their numbers, or all of them with --all.")
    with _writing(place) as db:
        chosen = [one.number for one in outbox.dead(db)] if every else numbers
        for number in chosen:
            outbox.retry(db, number, datetime.now(UTC))
            _record(db, "retry", f"message {number}")
    click.echo(f"{counted(len(chosen), 'message')} will be tried again within seconds.")


@command.command()
@click.argument("numbers", metavar="NUMBER...", type=int, nargs=-1, required=True)
@pass_place
def discard(place: Place, *, numbers: tuple[int, ...]) -> None:
    """Never deliver these messages.

    \b
    Example:
      kb outbox discard 17
    """
    from feedback import outbox

    with _writing(place) as db:
        for number in numbers:
            outbox.discard(db, number)
            _record(db, "discard", f"message {number}")
    click.echo(f"Discarded {counted(len(numbers), 'message')}.")


@command.command()
@click.argument("kind", metavar="KIND")
@pass_place
def enable(place: Place, *, kind: str) -> None:
    """Send messages of a kind again that was switched off, such as `webhook:shop`.

    \b
    Example:
      kb outbox enable webhook:shop
    """
    from feedback import destinations

    with _writing(place) as db:
        is_changed = destinations.enable(db, kind)
        if is_changed:
            _record(db, "enable", kind)
    if not is_changed:
        click.echo(f"{kind} was not switched off; `kb outbox list` prints what is.")
        return
    click.echo(f"{kind} is switched on again. What it missed is not sent unless you retry it.")


def _print(heading: str, messages: "Sequence[Undelivered]") -> None:
    click.secho(f"{heading} ({len(messages)})", bold=True)
    for one in messages:
        next_ = f", next {one.due:%Y-%m-%d %H:%M} UTC" if one.due else ""
        tried = f"tried {counted(one.attempts, 'time')}{next_}"
        said = f": {one.error}" if one.error else ""
        click.echo(f"  {one.number} {one.kind}, {one.subject}, {tried}{said}")


def _row(one: "Undelivered") -> dict[str, object]:
    return {
        "number": one.number,
        "id": one.id,
        "kind": one.kind,
        "subject": one.subject,
        "written": one.written.isoformat(),
        "due": one.due.isoformat() if one.due else None,
        "attempts": one.attempts,
        "error": one.error,
    }


@contextmanager
def _writing(place: Place) -> "Iterator[Connection]":
    from answerloop import store

    with closing(store.open(place.settings())) as db, db.write() as connection:
        yield connection


def _record(db: "Connection", act: str, subject: str) -> None:
    from feedback import audit

    audit.record(db, operator(), act, subject, now=datetime.now(UTC))
