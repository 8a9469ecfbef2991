"""`kb learn`: phrases and synonyms that readers' searches ask for."""

import json
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from answerloop.cli import Place, pass_place
from answerloop.errors import AnswerloopError

if TYPE_CHECKING:
    from answerloop.edits import Edits
    from answerloop.learning import Learned
    from answerloop.proposals import Phrase
    from answerloop.settings import Settings
    from feedback.model import Search

_SHOWN = 20


@click.command(short_help="Propose phrases from readers' searches.")
@click.argument("logs", metavar="[LOG]...", type=click.Path(path_type=Path), nargs=-1)
@click.option(
    "--also-found", is_flag=True, help="Also phrases for which the article is found first already."
)
@click.option("--diff", "as_diff", is_flag=True, help="Print the proposals as a patch.")
@click.option("--apply", "is_applied", is_flag=True, help="Write the proposals into the files.")
@click.option("--json", "as_json", is_flag=True, help="Print the proposals as JSON.")
@pass_place
def command(
    place: Place,
    *,
    logs: tuple[Path, ...],
    also_found: bool,
    as_diff: bool,
    is_applied: bool,
    as_json: bool,
) -> None:
    """Propose phrases for articles, and synonyms, from what readers searched and then opened.

    The searches are those that the service was told of, or those of LOG, which holds one a line as
    JSON. A proposal needs three readers who agree, and an article
    that is not found first for it today. Nothing is written without --apply.

    \b
    Examples:
      kb learn
      kb learn searches.jsonl --diff > learned.patch && git apply learned.patch
    """
    if as_diff + is_applied + as_json > 1:
        raise click.UsageError("Choose one of --diff, --apply and --json.")
    from answerloop import edits, learning, patches
    from answerloop.cli import progress

    settings = place.settings()
    files = [file if file.is_absolute() else _below(place, file) for file in logs]
    searches = _read(files) if files else _told(settings)
    with progress.shown(quiet=as_json) as tell:
        learned = learning.learn(settings, searches, tell, also_found=also_found)
    if not files:
        _keep(settings, learned)
    made = edits.of(settings, learned.catalog, learned.phrases, learned.synonyms)
    if as_json:
        click.echo(_json(settings, learned))
        return
    if is_applied:
        patches.apply(made.changes, settings.root)
    if as_diff:
        click.echo(patches.diff(made.changes), nl=False)
    else:
        click.echo("\n".join(_lines(settings, learned, len(searches))))
    for line in _by_hand(made):
        click.echo(line, err=True)
    if is_applied:
        click.echo("".join(f"{change.path}: written\n" for change in made.changes), nl=False)


def _below(place: Place, file: Path) -> Path:
    return place.root / file if (place.root / file).exists() else file


def _told(settings: "Settings") -> "list[Search]":
    """The searches of the last 90 days that the service was told of."""
    from answerloop import store
    from feedback import searches

    with closing(store.open(settings)) as db, db.read() as connection:
        return list(searches.log(connection, datetime.now(UTC) - timedelta(days=90)))


def _keep(settings: "Settings", found: "Learned") -> None:
    """Let the desk show what this service's own searches teach."""
    from answerloop import learned as kept

    phrases = [
        kept.Phrase(
            each.text,
            each.key.article,
            each.key.lang,
            each.end.readers,
            each.askers,
            each.before,
            each.after,
        )
        for each in found.phrases
    ]
    file = settings.state_dir / kept.FILE_NAME
    found_now = kept.Learned(None, tuple(phrases), tuple(found.synonyms), tuple(found.undecided))
    kept.write(file, found_now, datetime.now(UTC))


def _read(logs: Sequence[Path]) -> "list[Search]":
    from feedback import searchlog

    found: list[Search] = []
    bad = 0
    for log in logs:
        searches, unreadable = searchlog.read(log)
        found += searches
        bad += len(unreadable)
        for line in unreadable[:_SHOWN]:
            click.echo(str(line), err=True)
        if len(unreadable) > _SHOWN:
            more = len(unreadable) - _SHOWN
            click.echo(f"{log}: {more} more lines cannot be read.", err=True)
    if bad and not found:
        raise AnswerloopError("No line could be read. The manual, under `Learning`, has the form.")
    return found


def _lines(settings: "Settings", learned: "Learned", searches: int) -> Iterator[str]:
    phrases, synonyms = learned.phrases, learned.synonyms
    yield f"{searches} searches: {len(phrases)} phrases and {len(synonyms)} synonyms proposed."
    for phrase in phrases:
        yield f"{_where(settings, learned, phrase)}  + {phrase.text}"
        yield f"    {_evidence(phrase)}"
    for each in synonyms:
        yield f"synonyms.toml  + {each.said} -> {each.found} ({each.lang})"
        yield f"    {each.readers} readers asked again with the other words and found an article."
    if learned.undecided:
        yield "For you to judge, and not proposed:"
    for one in learned.undecided[:_SHOWN]:
        yield f"    {one.said} ({one.lang}): {one.because}"
    if len(learned.undecided) > _SHOWN:
        yield f"    and {len(learned.undecided) - _SHOWN} more; `--json` has them all"


def _where(settings: "Settings", learned: "Learned", phrase: "Phrase") -> str:
    from answerloop import asked_as, edits

    article = learned.catalog.by_id[phrase.key.article][phrase.key.lang]
    return f"{edits.place(settings, article.path)}:{asked_as.line(article)}"


def _evidence(phrase: "Phrase") -> str:
    from feedback.arrivals import How

    told = {
        How.HELPED: "said that it helped",
        How.OPENED: "opened it last",
        How.REFINED: "found it by other words",
    }
    ways = ", ".join(f"{count} {told[how]}" for how, count in phrase.end.ways.items())
    now = f"number {phrase.before}" if phrase.before else "not found"
    return (
        f"{phrase.end.readers} of {phrase.askers} readers who asked it: {ways}. "
        f"Now {now}; with this line number {phrase.after}."
    )


def _by_hand(made: "Edits") -> Iterator[str]:
    for each in made.by_hand:
        yield f"{each.path}:{each.line}: {each.reason} Add these lines yourself:"
        yield from each.lines.splitlines()


def _json(settings: "Settings", learned: "Learned") -> str:
    rows = {
        "phrases": [
            {
                "text": phrase.text,
                "article": phrase.key.article,
                "lang": phrase.key.lang,
                "place": _where(settings, learned, phrase),
                "readers": phrase.end.readers,
                "askers": phrase.askers,
                "ways": {how.value: count for how, count in phrase.end.ways.items()},
                "opened_at": phrase.end.rank,
                "before": phrase.before,
                "after": phrase.after,
            }
            for phrase in learned.phrases
        ],
        "synonyms": [asdict(each) for each in learned.synonyms],
        "undecided": [asdict(each) for each in learned.undecided],
    }
    return json.dumps(rows, ensure_ascii=False)
