"""Hands each event on to everybody who wants to hear of it, as a message of their own."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from feedback import destinations, events, outbox
from feedback.flags import Store
from feedback.outbox import Message


@dataclass(frozen=True, slots=True)
class Relay:
    """Delivers the kind of message that holds an event.

    `wanted` are the types of event that each other kind of message is made for. Handed on twice,
    an event keeps its id, so it is not doubled.
    """

    store: Store
    wanted: Mapping[str, frozenset[str]]

    def deliver(self, message: Message) -> None:
        event = events.parse(message.payload)
        kinds = [kind for kind, types in self.wanted.items() if event.type in types]
        if kinds:
            self.store.apply(lambda db: self._hand_on(db, message, kinds))

    def _hand_on(self, db: Connection, message: Message, kinds: list[str]) -> None:
        """What is switched off is told nothing: it shall not find a heap of old news one day."""
        known = destinations.listed(db)
        for kind in kinds:
            if kind not in known or known[kind].disabled is None:
                outbox.put(
                    db,
                    kind,
                    message.subject,
                    message.payload,
                    now=message.written,
                    same_as=message.id,
                )
