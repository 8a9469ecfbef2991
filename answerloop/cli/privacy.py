"""`kb privacy`: what is kept of a person, its erasure, and the end of what is kept too long."""

import json
import sys
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, closing, nullcontext
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from answerloop.cli import Place, operator, pass_place

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from answerloop.settings import Settings
    from feedback.database import Database
    from feedback.flags import Store
    from feedback.people import Source

_KINDS = ("account", "receipt", "mail")
_NOTHING = {
    "account": "kb: nothing is kept under this name. Is it spelt as `kb user list` has it?",
    "receipt": "kb: nothing is kept under this link. Expected the whole link, or what stands "
    "behind `/f/` in it.",
    "mail": "kb: nothing is kept under this address. It goes once its letter is sent.",
}
"""Whoever must erase a person is not to be told that it is done when a name was mistyped."""

_dry_run = click.option("--dry-run", is_flag=True, help="Change nothing; say what would go.")


def _sources(settings: "Settings", kind: str) -> "Sequence[Source]":
    """Where something is kept of a person who is named by an account, a link or an address."""
    from answerloop import installation
    from feedback import people, readers
    from feedback.sealing import Seals

    if kind == "mail":
        return readers.address(Seals(installation.contacts_key(settings)))
    return people.ACCOUNT if kind == "account" else readers.LINK


@click.group(short_help="Show, erase and forget what is kept of people.")
def command() -> None:
    """Show what is kept of a person, erase it, and forget what is kept too long.

    WHOM is the name of an account of the desk, the private link that a reader was given for a
    remark (receipt), or the address that one left for a letter (mail); `-` reads it from standard
    input, so that nobody on the machine sees it. A reader who left no more than a vote cannot be
    found by anybody: nothing ties it to them.

    \b
    Examples:
      kb privacy export account charlie > charlie.json
      kb privacy erase account charlie --dry-run
      kb privacy erase receipt - < link.txt
      kb privacy erase mail - < address.txt
      kb privacy purge
    """


@command.command()
@click.argument("kind", type=click.Choice(_KINDS))
@click.argument("whom")
@pass_place
def export(place: Place, *, kind: str, whom: str) -> None:
    """Print all that is kept of a person as JSON.

    \b
    Example:
      kb privacy export account charlie
    """
    from answerloop import store
    from feedback import people

    settings = place.settings()
    with closing(store.open(settings)) as database, database.read() as db:
        found = people.export(db, _sources(settings, kind), _word(whom))
    _print({kind: found})
    if not any(found.values()):
        click.echo(_NOTHING[kind], err=True)


@command.command()
@click.argument("kind", type=click.Choice(_KINDS))
@click.argument("whom")
@_dry_run
@pass_place
def erase(place: Place, *, kind: str, whom: str, dry_run: bool) -> None:
    """Erase a person from the database and its log.

    Prints as JSON how many rows it was. What copies of the database still hold is said, too.

    \b
    Example:
      kb privacy erase account charlie
    """
    from answerloop import store
    from feedback import audit, people

    settings = place.settings()
    sources, word = _sources(settings, kind), _word(whom)

    def work(db: "Connection") -> dict[str, int]:
        erased = people.erase(db, sources, word)
        audit.record(db, operator(), "privacy-erase", kind, now=datetime.now(UTC))
        return erased

    with closing(store.open(settings)) as database:
        with _store(database, dry_run=dry_run) as place_to_write:
            erased = place_to_write.apply(work)
        _finish(database, settings, "erased", erased, dry_run=dry_run)
    if not any(erased.values()):
        click.echo(_NOTHING[kind], err=True)


@command.command()
@_dry_run
@pass_place
def purge(place: Place, *, dry_run: bool) -> None:
    """Forget now what is kept for too long, and wipe it from the file and its log.

    The service forgets by itself, every hour. This is for a base that is not served, and wipes.

    \b
    Example:
      kb privacy purge --dry-run
    """
    from answerloop import keeping, store
    from feedback.visitors import Salts

    settings = place.settings()
    salts = None if dry_run else Salts(settings.state_dir)
    with closing(store.open(settings)) as database:
        with _store(database, dry_run=dry_run) as place_to_write:
            forgotten = keeping.enforce(place_to_write, settings, salts, datetime.now(UTC))
        _finish(database, settings, "forgotten", forgotten, dry_run=dry_run)


def _store(database: "Database", *, dry_run: bool) -> "AbstractContextManager[Store]":
    from feedback import rehearsal

    return rehearsal.of(database) if dry_run else nullcontext(database)


def _finish(
    database: "Database", settings: "Settings", verb: str, rows: Mapping[str, int], *, dry_run: bool
) -> None:
    """Wipe what was deleted, print what was done, and say on standard error where it still is."""
    from feedback import backups, people

    is_wiped = not dry_run and people.scrub(database)
    _print({verb: rows, "dry_run": dry_run, "wiped": is_wiped})
    if dry_run:
        click.echo("Nothing was changed.", err=True)
        return
    if not database.needs_one_writer:
        said = (
            "PostgreSQL keeps deleted rows in its files until it has vacuumed them (`VACUUM FULL` "
            "leaves none), and in its archived log and every `pg_dump` while you keep those."
        )
    elif not is_wiped:
        said = (
            "It is deleted, but could not be wiped from the file: the database was busy, or its "
            "disk is full. Run this once more."
        )
    else:
        said = (
            "The database and its log hold it no more. Copies that `kb backup` made hold it until "
            f"they are thinned out: {backups.LONGEST.days} days, if a copy is made each day."
        )
    click.echo(said, err=True)
    for file in sorted(settings.state_dir.glob("*-before-*.db")):
        click.echo(f"{file} is a database from before a `kb restore`: delete it, too.", err=True)
    if database.needs_one_writer and not is_wiped:
        raise click.exceptions.Exit(1)


def _word(whom: str) -> str:
    """A word of the command line can be seen by everybody on the machine; one of a pipe cannot."""
    return sys.stdin.readline().strip() if whom == "-" else whom


def _print(found: Mapping[str, object]) -> None:
    click.echo(json.dumps(found, ensure_ascii=False, default=_plain))


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
