"""`kb doctor`: whether this installation can do its work, part by part, with what mends it."""

import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

import click

from answerloop.cli import Place, counted, pass_place
from answerloop.errors import AnswerloopError
from feedback.errors import FeedbackError

if TYPE_CHECKING:
    from answerloop.settings import Settings

_LITTLE_ROOM = 500_000_000
_OLD_COPY = timedelta(days=2)


class State(StrEnum):
    """`kb serve` does not start, or loses something, while a part is broken."""

    OK = "ok"
    WARNING = "warning"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Part:
    """What was looked at, and what there is to say of it."""

    name: str
    state: State
    says: str


_Look = Callable[["Settings", datetime], Part]


@click.command(short_help="Say whether this installation can do its work.")
@click.option("--json", "as_json", is_flag=True, help="Print the parts as JSON.")
@pass_place
def command(place: Place, *, as_json: bool) -> None:
    """Look at settings, Git, database, site, copies and disk, and say what is wrong with each.

    Changes nothing but what every command does: an older schema is brought up to date. Asks no
    other machine but the database. Exits with 1 when a part is broken; a warning is only said.

    \b
    Example:
      kb doctor
    """
    settings = place.settings()
    parts = list(_looked_at(settings, datetime.now(UTC)))
    broken = sum(part.state is State.BROKEN for part in parts)
    if as_json:
        click.echo(json.dumps([asdict(part) for part in parts], ensure_ascii=False))
    else:
        for part in parts:
            click.echo(f"{part.state:<8} {part.name:<9} {part.says}")
        warnings = sum(part.state is State.WARNING for part in parts)
        click.echo(f"{broken} broken, {counted(warnings, 'warning')}.")
    if broken:
        raise SystemExit(1)


def _looked_at(settings: "Settings", now: datetime) -> Iterator[Part]:
    looks: dict[str, _Look] = {
        "settings": _settings,
        "git": _git,
        "database": _database,
        "site": _site,
        "copies": _copies,
        "disk": _disk,
        "address": _address,
    }
    for name, look in looks.items():
        try:
            yield look(settings, now)
        except (AnswerloopError, FeedbackError) as problem:
            yield Part(name, State.BROKEN, str(problem))


def _settings(settings: "Settings", _now: datetime) -> Part:
    """With what else `kb serve` reads before it starts."""
    from answerloop.deliveries.handlers import Receivers
    from answerloop.desk.provider import Provider

    Receivers.read(settings, lambda: datetime.now(UTC))
    Provider.of(settings, lambda: datetime.now(UTC))
    return Part("settings", State.OK, f"kb.toml and mkdocs.yml of {settings.root} can be used.")


def _git(settings: "Settings", _now: datetime) -> Part:
    from answerloop import git

    if reason := git.refusal(settings.content_dir):
        said = f"{reason}. Dates of articles and commits that name items are not known."
        return Part("git", State.WARNING, said)
    if not git.ask(settings.content_dir, "rev-parse", "--git-dir"):
        return Part("git", State.OK, "no repository: articles have no dates and no authors.")
    return Part("git", State.OK, "the history of the articles is read.")


def _database(settings: "Settings", _now: datetime) -> Part:
    from answerloop import store

    with closing(store.open(settings)) as opened:
        opened.check()
        kind = "SQLite, looked through and whole" if opened.needs_one_writer else "PostgreSQL"
        return Part("database", State.OK, f"{opened.place}: {kind}.")


def _site(settings: "Settings", _now: datetime) -> Part:
    from answerloop import installation

    try:
        version = installation.current_version(settings)
        is_stale = version is not None and installation.is_stale(settings)
    except OSError as problem:
        said = f"{problem.filename or settings.builds_dir}: {problem.strerror}. Check its rights."
        return Part("site", State.BROKEN, said)
    if version is None:
        return Part("site", State.WARNING, "never built. Run `kb build`; `kb serve` does it, too.")
    if is_stale:
        said = "articles or settings have changed since it was built. Run `kb build`."
        return Part("site", State.WARNING, said)
    return Part("site", State.OK, "built from the articles and the settings as they are.")


def _copies(settings: "Settings", now: datetime) -> Part:
    from feedback import backups

    if not settings.database_url.startswith("sqlite"):
        return Part("copies", State.OK, "those of PostgreSQL are its own: see `pg_dump`.")
    folder = settings.state_dir / "backups"
    newest = backups.newest(folder)
    if newest is None or now - newest > _OLD_COPY:
        when = f"the newest is of {newest:%Y-%m-%d}" if newest else "there is none"
        said = f"{folder}: {when}. Let `kb backup` run each night, if not into another folder."
        return Part("copies", State.WARNING, said)
    return Part("copies", State.OK, f"the newest is of {newest:%Y-%m-%d %H:%M} UTC.")


def _disk(settings: "Settings", _now: datetime) -> Part:
    place = settings.state_dir if settings.state_dir.exists() else settings.root
    if not os.access(place, os.W_OK):
        said = f"{place}: the user who runs this may not write there. Give them the right."
        return Part("disk", State.BROKEN, said)
    free = shutil.disk_usage(place).free
    said = f"{place}: {free // 1_000_000:,} MB are free."
    return Part("disk", State.WARNING if free < _LITTLE_ROOM else State.OK, said)


def _address(settings: "Settings", _now: datetime) -> Part:
    url, proxies = settings.site.url, settings.server.trusted_proxies
    if not url:
        said = "`site.url` is not set: agents' links name the address that the desk is opened at."
        return Part("address", State.WARNING, said)
    if url.startswith("https:") and not proxies:
        said = (
            f"{url} is reached over TLS, but `server.trusted_proxies` names no web server that "
            "ends it: every reader seems to come from that one."
        )
        return Part("address", State.WARNING, said)
    return Part("address", State.OK, f"readers come to {url}.")
