"""What a build tells while it works, on a terminal only, and what it has found."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import click

from answerloop import builds, embedding
from answerloop.builds import Progress as Told
from answerloop.errors import Finding, Level

_WARNINGS = 20


@contextmanager
def shown(*, quiet: bool = False) -> Iterator[Told]:
    """A function that is told what is done now and its share of the whole (0 to 1)."""
    if quiet or not sys.stderr.isatty():
        yield _Log().tell
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("", total=1.0)

        def tell(what: str, share: float) -> None:
            bar.update(task, description=what, completed=share)

        yield tell


class _Log:
    """A log is told only why it takes long, each line once."""

    def __init__(self) -> None:
        self._last = ""

    def tell(self, what: str, _share: float) -> None:
        if what.startswith((builds.WAITING, embedding.READING)) and what != self._last:
            click.echo(f"{what}.", err=True)
            self._last = what


def tell_findings(findings: Sequence[Finding]) -> None:
    """All errors, and the first warnings: hundreds of them would hide the rest."""
    warnings = [finding for finding in findings if finding.level is Level.WARNING]
    errors = [finding for finding in findings if finding.level is Level.ERROR]
    for finding in (*errors, *warnings[:_WARNINGS]):
        click.echo(str(finding), err=True)
    if len(warnings) > _WARNINGS:
        more = len(warnings) - _WARNINGS
        click.echo(f"… and {more} more warnings; `kb check` lists all.", err=True)
