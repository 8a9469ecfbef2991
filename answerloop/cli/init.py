"""`kb init`: a new content repository."""

import json
import shlex
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

import click

from answerloop.errors import AnswerloopError


@click.command(short_help="Make a content repository.")
@click.argument("directory", type=click.Path(path_type=Path, file_okay=False))
@click.option("--name", default="Help", show_default=True, help="The name of the site.")
def command(directory: Path, *, name: str) -> None:
    """Make a content repository in DIRECTORY: settings, first articles, examples for the search.

    A folder of Markdown that is there already is left as it is: name it as `docs_dir` in
    mkdocs.yml.

    \b
    Example:
      kb init my-help && kb -C my-help serve
    """
    starter = resources.files("answerloop") / "starter" / "repository"
    taken = [file for file in ("mkdocs.yml", "kb.toml") if (directory / file).exists()]
    if taken:
        raise AnswerloopError(
            f"{directory / taken[0]}: exists already, so this is a content repository. "
            "Use it with `kb -C DIR build`, or name another folder."
        )
    try:
        directory.mkdir(parents=True, exist_ok=True)
        written = _copy(starter, directory, name)
    except OSError as problem:
        raise AnswerloopError(f"{directory}: cannot be written: {problem.strerror}.") from None
    named = shlex.quote(str(directory))
    click.echo(f"Wrote {written} files into {directory}. Next: kb -C {named} serve")


def _copy(source: Traversable, target: Path, name: str) -> int:
    """Copy the starter without replacing a file; `gitignore` gets its dot."""
    written = 0
    for item in sorted(source.iterdir(), key=lambda item: item.name):
        if item.is_dir():
            (target / item.name).mkdir(exist_ok=True)
            written += _copy(item, target / item.name, name)
            continue
        file = target / (".gitignore" if item.name == "gitignore" else item.name)
        if not file.exists():
            text = item.read_text(encoding="utf-8")
            text = text.replace('"@name@"', json.dumps(name, ensure_ascii=False))
            file.write_text(text, encoding="utf-8")
            written += 1
    return written
