"""A progress bar for long work, on a terminal; nothing where the output is a file or a script."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from answerloop.builds import Progress as Told


@contextmanager
def shown(*, quiet: bool = False) -> Iterator[Told]:
    """A function that is told what is done now and its share of the whole (0 to 1)."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(
        *columns, console=console, transient=True, disable=quiet or not console.is_terminal
    ) as bar:
        task = bar.add_task("", total=1.0)
        yield lambda what, share: bar.update(task, description=what, completed=share)
