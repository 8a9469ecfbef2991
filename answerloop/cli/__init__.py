"""The command line: one command, one file.

A command's heavy imports (MkDocs, Whoosh, Flask, the database) happen inside it, so that `kb
--help` answers at once.
"""

import os
import sys
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import click

from answerloop import __version__
from answerloop.errors import AnswerloopError
from answerloop.settings import Settings
from answerloop.settings import load as load_settings
from feedback.errors import FeedbackError
from search.errors import SearchError

if TYPE_CHECKING:
    from feedback.audit import Who

_INTERRUPTED = 130
"""What shells call a program that Ctrl+C ended: 128 and the number of SIGINT."""

_COMMANDS = (
    *("init", "new", "check", "build", "index", "redirects", "serve"),
    *("search", "eval", "replay", "learn", "gaps", "queue", "report", "outbox", "user"),
    *("token", "audit"),
    *("backup", "restore", "privacy", "csp", "doctor"),
)


@dataclass(frozen=True, slots=True)
class Place:
    """Where the command works: the content repository named with `-C`, else this folder."""

    root: Path

    def settings(self) -> Settings:
        return load_settings(self.root, os.environ)


EXPECTED = (AnswerloopError, FeedbackError, SearchError)
"""Failures that are explained in a line; any other is a mistake of ours."""

pass_place = click.make_pass_decorator(Place)


def operator() -> "Who":
    """Whom the audit log names for what is done on the command line: the account of the system."""
    import getpass
    from contextlib import suppress

    from feedback.audit import Who
    from feedback.model import Way

    name = ""
    with suppress(OSError, KeyError):  # a container's user may have no name
        name = getpass.getuser()
    return Who(name[:64], Way.COMMAND)


def counted(number: int, noun: str) -> str:
    """A number with its noun: `1 article`, `2 articles`."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def explain(problem: Exception) -> None:
    """Say what has failed, and what its message has to say of it."""
    click.echo(f"kb: {problem}", err=True)


class Commands(click.Group):
    """Finds each command in the module of its name and explains expected failures."""

    def list_commands(self, _ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, _ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        command: click.Command = import_module(f"answerloop.cli.{cmd_name}").command
        return command

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except EXPECTED as problem:
            explain(problem)
            ctx.exit(1)
        except KeyboardInterrupt:
            click.echo("kb: stopped.", err=True)
            ctx.exit(_INTERRUPTED)
        except BrokenPipeError:  # the reader of a pipe has seen enough
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            ctx.exit(1)


@click.group(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.option(
    "-C",
    "root",
    type=click.Path(path_type=Path, file_okay=False),
    default=".",
    help="The content repository to work in (default: this folder).",
)
@click.version_option(__version__, prog_name="kb")
@click.pass_context
def main(ctx: click.Context, root: Path) -> None:
    """A knowledge base of Markdown articles: site, search, and a feedback loop that closes.

    \b
    First steps:
      kb init my-help        make a content repository
      cd my-help
      kb serve               build it and serve it on http://127.0.0.1:8000/
    """
    ctx.obj = Place(root)
