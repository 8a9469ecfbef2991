"""`kb replay`: which tickets of the past the knowledge base would have answered."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from answerloop.cli import Place, pass_place

if TYPE_CHECKING:
    from answerloop.replay import Replay
    from answerloop.settings import Settings

_SHOWN = 20


@click.command(short_help="Put past tickets to the search.")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--column", help="The column that holds the subjects (default: subject, title, …).")
@click.option("--lang", help="Search the articles in this language alone.")
@click.option("--json", "as_json", is_flag=True, help="Print all of it as JSON.")
@pass_place
def command(
    place: Place, *, file: Path, column: str | None, lang: str | None, as_json: bool
) -> None:
    """Put the subjects of past tickets to the search: covered, weak, or uncovered.

    FILE is a CSV file, as any helpdesk exports it. What is not covered is grouped by the words it
    shares. Personal data of known forms is masked in what is printed.

    \b
    Examples:
      kb replay tickets.csv
      kb replay tickets.csv --column Betreff --lang de
    """
    from answerloop import installation, replay, tickets
    from answerloop.cli import progress
    from search.coverage import Coverage
    from search.reader import Reader

    below = place.root / file
    subjects = tickets.read(below if below.exists() else file, column)
    settings = place.settings()
    with (
        Reader(settings.builds_dir, key=installation.secret(settings)) as reader,
        progress.shown(quiet=as_json) as tell,
    ):
        coverage = Coverage(reader, _articles(settings, lang), lang=lang)
        done = replay.run(subjects, coverage, lambda share: tell("Asking", share))
    click.echo(_json(done) if as_json else "\n".join(_lines(done)))


def _articles(settings: "Settings", lang: str | None) -> int:
    """How many articles readers can find in a language."""
    from answerloop import installation, published
    from search import opening

    version = opening.current(settings.builds_dir, key=installation.secret(settings))
    entries = [entry for entry in published.read(version.path).entries if entry.url]
    return sum(lang is None or _base(entry.lang) == _base(lang) for entry in entries)


def _base(lang: str) -> str:
    return lang.replace("_", "-").partition("-")[0].lower()


def _json(done: "Replay") -> str:
    rows = asdict(done)
    for row in rows["groups"]:
        row["examples"] = [_masked(example) for example in row["examples"]]
    rows["alone"] = [_masked(subject) for subject in rows["alone"]]
    return json.dumps(rows, ensure_ascii=False)


def _lines(done: "Replay") -> Iterator[str]:
    shares = ", ".join(
        f"{count} {verdict.value} ({count / done.total:.0%})"
        for verdict, count in done.counts.items()
    )
    yield f"{done.total} tickets, {done.different} different subjects: {shares}."
    for group in done.groups[:_SHOWN]:
        yield f"{group.count:>5}  {', '.join(group.words)}"
        if group.nearest:
            yield f"       nearest: {group.nearest.title} ({group.nearest.article})"
        yield from _examples(group.examples)
    if len(done.groups) > _SHOWN:
        yield f"       and {len(done.groups) - _SHOWN} groups more; `--json` has them all"
    if done.alone:
        yield f"{len(done.alone):>5}  subjects that share no telling word with another"
        yield from _examples(done.alone[:_SHOWN])


def _examples(subjects: tuple[str, ...]) -> Iterator[str]:
    return (f"       - {_masked(subject)}" for subject in subjects)


def _masked(subject: str) -> str:
    from feedback import redaction

    return redaction.redact(subject).text
