"""`kb backup`: a checked copy of the database while the service runs."""

import json
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from answerloop.cli import Place, counted, pass_place
from answerloop.errors import BackupError

if TYPE_CHECKING:
    from answerloop.settings import Settings


@click.command(short_help="Copy the database while the service runs.")
@click.argument("directory", required=False, type=click.Path(path_type=Path, file_okay=False))
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@pass_place
def command(place: Place, *, directory: Path | None, as_json: bool) -> None:
    """Copy the database into DIRECTORY (default: var/backups), and look the copy through.

    Readers may vote meanwhile. The newest copy of each of seven days and of four weeks is kept, the
    others in DIRECTORY are removed. The copy holds neither salts nor keys. Bring it to another
    machine: a copy on the same disk dies with it.

    \b
    Examples:
      kb backup
      kb -C /srv/help backup /mnt/copies
    """
    from answerloop.cli import progress
    from feedback import backups, database

    settings = place.settings()
    folder = directory.resolve() if directory else settings.state_dir / "backups"
    _check(settings, folder)
    now = datetime.now(UTC)
    opened = database.open(settings.database_url, on_network=settings.server.network_disk)
    with closing(opened) as source, progress.shown(quiet=as_json) as tell:
        made = backups.take(source, folder, now, lambda share: tell("Copying", share))
    removed = backups.thin_out(folder, now)
    size = made.stat().st_size
    if as_json:
        row = {"file": str(made), "bytes": size, "removed": [file.name for file in removed]}
        click.echo(json.dumps(row, ensure_ascii=False))
        return
    gone = f" Removed {counted(len(removed), 'file')} no longer needed." if removed else ""
    click.echo(f"Wrote {made} ({size / 1_000_000:,.1f} MB), looked through and whole.{gone}")


def _check(settings: "Settings", folder: Path) -> None:
    """Raises BackupError for a place or a database that this command is not for."""
    from feedback import backups

    file = backups.file_of(settings.database_url)
    if file is None:
        raise BackupError(
            "The votes are in PostgreSQL, which has tools of its own: `pg_dump --format=custom "
            "--file=kb.dump NAME` copies them while the service runs, `pg_restore --clean "
            "--dbname=NAME kb.dump` puts them back."
        )
    if not file.is_file():
        raise BackupError(f"{file}: there is no database yet, so there is nothing to copy.")
    shown = (settings.content_dir, settings.builds_dir, settings.root / "site")
    for place in shown:
        if folder.resolve().is_relative_to(place.resolve()):
            raise BackupError(
                f"{folder}: lies in {place}, which everybody may read on the site. Name a folder "
                "outside of it."
            )
