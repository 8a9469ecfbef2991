"""Who delivers which kind of message."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from answerloop.deliveries import issues, webhooks
from answerloop.deliveries.issues import Keeper
from answerloop.deliveries.relay import Relay
from answerloop.deliveries.subjects import Subjects
from answerloop.deliveries.trackers import Tracker
from answerloop.deliveries.webhooks import Poster, Webhook
from answerloop.settings import Settings
from feedback import events
from feedback.flags import Store
from feedback.outbox import Message

Handler = Callable[[Message], None]
"""Sends a message, and returns once it has arrived.

Raises TryLater or GiveUp of `answerloop.deliveries.errors`. It is called outside of any
transaction, must end within `outbox.LEASE`, and must bear to be called twice for one message.
"""


@dataclass(frozen=True, slots=True)
class Receivers:
    """Who is told what happens, as the settings name them."""

    webhooks: tuple[Webhook, ...]
    tracker: Tracker | None
    clock: Callable[[], datetime]

    @classmethod
    def read(cls, settings: Settings, clock: Callable[[], datetime]) -> Self:
        """Raises SettingsError for one that cannot be used."""
        return cls(tuple(webhooks.of(settings)), issues.of(settings, clock), clock)


def of(receivers: Receivers, store: Store, subjects: Subjects) -> Mapping[str, Handler]:
    """The handlers by the kind of message that each delivers. A kind without one waits."""
    wanted: dict[str, frozenset[str]] = {}
    found: dict[str, Handler] = {}
    for hook in receivers.webhooks:
        wanted[hook.kind] = hook.events
        found[hook.kind] = Poster(hook, store, subjects, receivers.clock).deliver
    if receivers.tracker is not None:
        wanted[issues.KIND] = issues.EVENTS
        found[issues.KIND] = Keeper(receivers.tracker, store, subjects).deliver
    return {events.KIND: Relay(store, wanted).deliver, **found}
