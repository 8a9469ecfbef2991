"""Why a message has not arrived. The messages name no secret: they are shown in the desk.

DeliveryError
├── TryLater     the receiver is away or busy; the same message may arrive later
├── GiveUp       it will never arrive as it is: it becomes a dead letter
│   └── NoSuchAddress  of a letter: nobody can be reached there, now or later
└── Missing      a tracker has no such issue or project, or hides it; no handler lets it through
"""

# ruff: noqa: N818 -- an error is named after what follows from it; its base says that it is one

from datetime import timedelta


class DeliveryError(Exception):
    """A message that has not arrived."""


class TryLater(DeliveryError):
    """`not_before` is what the receiver asked for, over the usual pause."""

    def __init__(self, said: str, *, not_before: timedelta = timedelta()) -> None:
        self.not_before = not_before
        super().__init__(said)


class GiveUp(DeliveryError):
    pass


class NoSuchAddress(GiveUp):
    pass


class Missing(DeliveryError):
    pass
