"""Who delivers which kind of message."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from answerloop.deliveries import issues, mail, webhooks
from answerloop.deliveries.issues import Keeper
from answerloop.deliveries.relay import Relay
from answerloop.deliveries.smtp import Post
from answerloop.deliveries.subjects import Subjects
from answerloop.deliveries.trackers import Tracker
from answerloop.deliveries.webhooks import Poster, Webhook
from answerloop.settings import Settings
from feedback import contacts, events
from feedback.flags import Store
from feedback.outbox import Message
from feedback.sealing import Seals

Handler = Callable[[Message], None]
"""Sends a message, and returns once it has arrived.

Raises TryLater or GiveUp of `answerloop.deliveries.errors`. It is called outside of any
transaction, must end within `outbox.LEASE`, and must bear to be called twice for one message.
"""


@dataclass(frozen=True, slots=True)
class Receivers:
    """Who is told what happens, as the settings name them."""

    settings: Settings
    webhooks: tuple[Webhook, ...]
    tracker: Tracker | None
    clock: Callable[[], datetime]

    @classmethod
    def read(cls, settings: Settings, clock: Callable[[], datetime]) -> Self:
        """Raises SettingsError for one that cannot be used."""
        return cls(settings, tuple(webhooks.of(settings)), issues.of(settings, clock), clock)


def of(
    receivers: Receivers, store: Store, subjects: Subjects, seals: Seals | None = None
) -> Mapping[str, Handler]:
    """The handlers by the kind of message that each delivers. A kind without one waits.

    Without `seals` no letter is sent.
    """
    settings = receivers.settings
    wanted: dict[str, frozenset[str]] = {}
    found: dict[str, Handler] = {}
    for hook in receivers.webhooks:
        wanted[hook.kind] = hook.events
        found[hook.kind] = Poster(hook, store, subjects, receivers.clock).deliver
    if receivers.tracker is not None:
        wanted[issues.KIND] = issues.EVENTS
        found[issues.KIND] = Keeper(receivers.tracker, store, subjects).deliver
    if seals is not None:
        post = Post(settings.mail, settings.site_name)
        found[contacts.MAIL] = mail.handler(settings, store, post, seals)
    return {events.KIND: Relay(store, wanted).deliver, **found}
