"""`kb queue`: what the content team should look at."""

import json
from contextlib import closing
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import click

from answerloop.cli import Place, pass_place

if TYPE_CHECKING:
    from feedback.queue import Entry


@click.command(short_help="Print what needs work.")
@click.option("--json", "as_json", is_flag=True, help="Print the items as JSON.")
@pass_place
def command(place: Place, *, as_json: bool) -> None:
    """Print the queue: reported, suspected, stale and clarity, each in its order.

    \b
    Examples:
      kb queue
      kb queue --json | jq '.suspected[].article'
    """
    from answerloop import store
    from feedback import queue, words, yardsticks

    settings = place.settings()
    now, false_flags = datetime.now(UTC), settings.feedback.false_flags_per_month
    with closing(store.open(settings)) as db, db.read() as connection:
        lanes = queue.lanes(
            connection,
            now,
            reviews_per_week=settings.feedback.reviews_per_week,
            false_flags=false_flags,
        )
        yardstick = yardsticks.current(connection, now, false_flags=false_flags)
    if as_json:
        rows = {lane.value: [_row(entry) for entry in entries] for lane, entries in lanes.items()}
        click.echo(json.dumps(rows, ensure_ascii=False))
        return
    for said in filter(None, [words.few_votes(yardstick), *words.learned(yardstick)]):
        click.echo(said)
    for lane, entries in lanes.items():
        click.secho(f"{lane.value} ({len(entries)})", bold=True)
        for entry in entries:
            click.echo(_line(entry, now.date()))


def _line(entry: "Entry", today: date) -> str:
    sure = f", {entry.assessment.level}" if entry.lane.value in ("reported", "suspected") else ""
    state = ", mended and being watched" if entry.is_watching else sure
    taken = f", {entry.item.assignee} has it" if entry.item and entry.item.assignee else ""
    if entry.item and entry.item.sleeps(today):
        taken += f", put off until {entry.item.snoozed}"
    said = f"{entry.because} {_proof(entry)}".strip()
    number = f"#{entry.item.id} " if entry.item else ""
    return f"  {number}{entry.key}, since {entry.since:%Y-%m-%d}{state}{taken}: {said}"


def _proof(entry: "Entry") -> str:
    """What is known by now of whether a repair helped; empty for what is not watched."""
    from feedback import words

    return f"{words.prove(entry.proof).capitalize()}." if entry.proof else ""


def _row(entry: "Entry") -> dict[str, object]:
    """An entry for a script; `item` and `version` are null where an article is only stale."""
    item = entry.item
    return {
        "article": entry.key.article,
        "lang": entry.key.lang,
        "lane": entry.lane,
        "item": item.id if item else None,
        "version": item.version if item else None,
        "state": item.state if item else None,
        "assignee": item.assignee if item else None,
        "since": entry.since.isoformat(),
        "owner": entry.article.owner,
        "severity": entry.article.severity,
        "revision": entry.article.revision,
        "level": entry.assessment.level,
        "because": entry.because,
        "snoozed": item.snoozed.isoformat() if item and item.snoozed else None,
        "urgency": round(entry.urgency, 3),
        "remarks": entry.remarks.total,
        "proof": _proof(entry) or None,
    }
