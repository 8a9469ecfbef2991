"""Where messages go and how that stands, for people: the desk and the command line."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from sqlalchemy import Connection

from answerloop.deliveries.issues import KIND as ISSUE
from answerloop.deliveries.webhooks import PREFIX
from answerloop.settings import Settings
from feedback import destinations, digests, events, outbox
from feedback.destinations import Destination
from feedback.outbox import Undelivered

_NAMES = {
    ISSUE: "Tracker",
    events.KIND: "Events not handed on yet",
    digests.KIND: "Letter to an owner",
}


@dataclass(frozen=True, slots=True)
class Standing:
    """A kind of message: how many wait, when one last arrived, and whether it is switched off.

    `host` is where they go, empty for what the settings do not name.
    """

    kind: str
    host: str
    waiting: int
    delivered: datetime | None
    disabled: datetime | None
    why: str

    @property
    def name(self) -> str:
        return named(self.kind)


@dataclass(frozen=True, slots=True)
class Overview:
    """`retried` are the messages that have failed so far, `dead` those that were given up."""

    standings: tuple[Standing, ...]
    retried: tuple[Undelivered, ...]
    dead: tuple[Undelivered, ...]


def read(db: Connection, settings: Settings) -> Overview:
    """All that the settings name, and whatever else the database knows of."""
    retried = tuple(message for message in outbox.waiting(db) if message.error)
    known = destinations.listed(db)
    hosts = _hosts(settings)
    counts = outbox.counts(db)
    kinds = dict.fromkeys([*hosts, *counts, *known])
    failing = {message.kind for message in retried}
    return Overview(
        tuple(
            _standing(kind, hosts, counts, known)
            for kind in kinds
            if kind != events.KIND or kind in failing
        ),
        retried,
        tuple(outbox.dead(db)),
    )


def named(kind: str) -> str:
    """`Webhook shop`, `Tracker`, `Mail`."""
    if kind.startswith(PREFIX):
        return f"Webhook {kind.removeprefix(PREFIX)}"
    return _NAMES.get(kind, kind.capitalize())


def _standing(
    kind: str,
    hosts: Mapping[str, str],
    counts: Mapping[str, int],
    known: Mapping[str, Destination],
) -> Standing:
    found = known.get(kind, Destination(kind, None, None, ""))
    return Standing(
        kind=kind,
        host=hosts.get(kind, ""),
        waiting=counts.get(kind, 0),
        delivered=found.delivered,
        disabled=found.disabled,
        why=found.why,
    )


def _hosts(settings: Settings) -> dict[str, str]:
    """Host names alone: the rest of an address may hold a secret."""
    found = {
        f"{PREFIX}{name}": urlsplit(section.url).hostname or ""
        for name, section in settings.webhooks.items()
    }
    tracker = settings.tracker
    if tracker.kind:
        found[ISSUE] = f"{tracker.kind}, {tracker.project}"
    return found
