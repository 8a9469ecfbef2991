"""`kb gaps`: what readers could not find."""

import json
from contextlib import closing
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from answerloop.cli import Place, counted, pass_place

if TYPE_CHECKING:
    from feedback.gaps.gathering import Plan
    from feedback.gaps.rows import Gap


@click.command(short_help="Print what readers could not find.")
@click.option("--json", "as_json", is_flag=True, help="Print the gaps as JSON.")
@pass_place
def command(place: Place, *, as_json: bool) -> None:
    """Gather what readers searched and asked in vain, and print it as a list of questions.

    A gap is shown once three readers have asked it. The service gathers once a day by itself;
    this does so now.

    \b
    Examples:
      kb gaps
      kb gaps --json | jq '.[].label'
    """
    from answerloop import gaps, installation, published, store
    from feedback.gaps import rows
    from search.reader import Reader

    settings = place.settings()
    key = installation.secret(settings)
    with (
        closing(store.open(settings)) as db,
        closing(Reader(settings.builds_dir, key=key, shelves=(installation.PUBLIC,))) as reader,
    ):
        articles = published.read(reader.version.path).public_by_lang
        now = datetime.now(UTC)
        planned = gaps.gather(db, db.apply, reader, articles=articles, now=now)
        with db.read() as connection:
            listed = rows.listed(connection, rows.SHOWN)
    if as_json:
        click.echo(json.dumps([_row(gap) for gap in listed], ensure_ascii=False))
        return
    for gap in listed:
        click.secho(f"{gap.face.label} ({gap.lang})", bold=True)
        click.echo(f"  {_line(gap)}")
        for variant in gap.face.variants:
            if variant.text != gap.face.label:
                click.echo(f"    {variant.text}")
    for line in _notes(planned, listed):
        click.echo(line)


def _line(gap: "Gap") -> str:
    face = gap.face
    near = f", nearest {face.nearest}" if face.nearest else ""
    taken = f", {gap.assignee} has it" if gap.assignee else ""
    written = f", written: {gap.article}" if gap.article else ""
    return (
        f"{face.kind}{near}; {counted(face.askers, 'reader')} in 30 days, {face.before} in the "
        f"30 before; {counted(face.wordings, 'wording')}; {gap.state}{taken}{written}"
    )


def _notes(planned: "Plan", listed: "list[Gap]") -> list[str]:
    notes = [] if listed else ["No gaps: nothing was asked in vain by three readers or more."]
    if planned.hidden:
        notes.append(
            f"{counted(planned.hidden, 'more group')} of fewer than three readers, or without a "
            "word that three of them used: not shown."
        )
    if planned.left_out:
        notes.append(
            f"{counted(planned.left_out, 'wording')} of least weight left out: only 2,000 a "
            "language are grouped."
        )
    return notes


def _row(gap: "Gap") -> dict[str, object]:
    face = gap.face
    return {
        "gap": gap.id,
        "version": gap.version,
        "label": face.label,
        "lang": gap.lang,
        "state": gap.state,
        "kind": face.kind,
        "nearest": face.nearest,
        "askers": face.askers,
        "before": face.before,
        "volume": face.volume,
        "wordings": face.wordings,
        "variants": [{"text": each.text, "readers": each.readers} for each in face.variants],
        "assignee": gap.assignee,
        "article": gap.article,
        "since": gap.since.isoformat(),
    }
