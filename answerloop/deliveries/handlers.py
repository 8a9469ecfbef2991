"""Who delivers which kind of message."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from answerloop.deliveries import webhooks
from answerloop.deliveries.relay import Relay
from answerloop.deliveries.subjects import Subjects
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

    @classmethod
    def read(cls, settings: Settings) -> Self:
        """Raises SettingsError for one that cannot be used."""
        return cls(tuple(webhooks.of(settings)))


def of(
    receivers: Receivers, store: Store, subjects: Subjects, clock: Callable[[], datetime]
) -> Mapping[str, Handler]:
    """The handlers by the kind of message that each delivers. A kind without one waits."""
    wanted = {hook.kind: hook.events for hook in receivers.webhooks}
    return {
        events.KIND: Relay(store, wanted).deliver,
        **{hook.kind: Poster(hook, store, subjects, clock).deliver for hook in receivers.webhooks},
    }
