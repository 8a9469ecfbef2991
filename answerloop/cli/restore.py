"""`kb restore`: a copy put back in the place of the database."""

from datetime import UTC, datetime
from pathlib import Path

import click

from answerloop.cli import Place, pass_place
from answerloop.errors import BackupError


@click.command(short_help="Put a copy of the database back.")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@pass_place
def command(place: Place, *, file: Path) -> None:
    """Put FILE, a copy that `kb backup` made, in the place of the database.

    It is looked through first; a copy that is damaged, or that a newer release made, changes
    nothing. The service must not run. The database that was there is kept beside it.

    \b
    Example:
      kb restore var/backups/kb-2026-11-22T031500Z.db
    """
    from answerloop import instance
    from feedback import backups

    settings = place.settings()
    database = backups.file_of(settings.database_url)
    if database is None:
        raise BackupError(
            "The votes are in PostgreSQL, which has tools of its own: `pg_restore --clean "
            "--dbname=NAME kb.dump`."
        )
    with instance.alone(settings):
        aside = backups.restore(file, database, datetime.now(UTC))
    click.echo(f"Restored {database} from {file}.")
    if aside is not None:
        click.echo(f"What was there is {aside} now; delete it when you need it no more.")
    click.echo("What was erased since that copy was made is back: erase it again.")
