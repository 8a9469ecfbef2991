"""Who delivers which kind of message."""

from collections.abc import Callable, Mapping

from answerloop.settings import Settings
from feedback.flags import Store
from feedback.outbox import Message

Handler = Callable[[Message], None]
"""Sends a message, and returns once it has arrived.

Raises TryLater or GiveUp of `answerloop.deliveries.errors`. It is called outside of any
transaction, must end within `outbox.LEASE`, and must bear to be called twice for one message.
"""


def of(settings: Settings, store: Store) -> Mapping[str, Handler]:
    """The handlers by the kind of message that each delivers. A kind without one waits."""
    del settings, store
    return {}
