"""Webhooks by Standard Webhooks 1.0: events posted to programs that the operator has named.

https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

import base64
import binascii
import hashlib
import hmac
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from http import HTTPStatus

from pydantic import BaseModel, JsonValue

from answerloop import __version__
from answerloop.deliveries import clients, secrets
from answerloop.deliveries.errors import GiveUp, TryLater
from answerloop.deliveries.outgoing import Answer, Client, Request
from answerloop.deliveries.subjects import Subjects
from answerloop.errors import SettingsError
from answerloop.outward import WebhookSettings
from answerloop.settings import Settings
from feedback import destinations, events, remarks
from feedback.events import CommentCreated, Event, GapOpened
from feedback.flags import Store
from feedback.outbox import Message

PREFIX = "webhook:"
"""Each webhook is a kind of message of its own, so that none waits for another."""
_NAME = re.compile(r"[A-Za-z0-9_-]{1,40}")
_SECRET_PREFIX = "whsec_"  # noqa: S105 -- how every secret begins
_FEWEST_BYTES, _MOST_BYTES = 24, 64


@dataclass(frozen=True, slots=True)
class Webhook:
    """One of the settings' webhooks. `kind` is that of its messages, `events` the types it wants.

    `keys` sign, each for itself.
    """

    kind: str
    url: str
    events: frozenset[str]
    client: Client
    keys: Sequence[bytes] = field(repr=False)


class Told(BaseModel):
    """The body of a webhook."""

    type: str
    timestamp: datetime
    version: int
    data: dict[str, JsonValue]


@dataclass(frozen=True, slots=True)
class Poster:
    """Delivers the messages of a webhook."""

    webhook: Webhook
    store: Store
    subjects: Subjects
    clock: Callable[[], datetime]

    def deliver(self, message: Message) -> None:
        """Post the event of a message. Raises TryLater, GiveUp."""
        event = events.parse(message.payload)
        with self.store.read() as db:
            known = destinations.listed(db).get(message.kind)
            said = remarks.find(db, event.comment) if isinstance(event, CommentCreated) else None
        if known is not None and known.disabled is not None:
            raise GiveUp(f"It was switched off: {known.why}")
        data = _data(event, self.subjects)
        if isinstance(event, CommentCreated):
            if said is None:  # taken back or erased since: there is nothing left to tell
                return
            data |= {"helpful": said.helpful, "text": said.text}
        told = Told(type=event.type, timestamp=message.written, version=events.VERSION, data=data)
        self._post(message, told.model_dump_json().encode())

    def _post(self, message: Message, body: bytes) -> None:
        now = self.clock()
        headers = {
            "Content-Type": "application/json",
            "User-Agent": f"answerloop/{__version__}",
            **signed(message.id, now, body, self.webhook.keys),
        }
        answer = self.webhook.client.send(Request("POST", self.webhook.url, headers, body))
        if answer.status == HTTPStatus.GONE:
            why = "The receiver answered 410 Gone: it wants no more events."
            self.store.apply(lambda db: destinations.disable(db, message.kind, why, now))
            raise GiveUp(why)
        _check(answer, now)


def signed(id_: str, now: datetime, body: bytes, keys: Sequence[bytes]) -> dict[str, str]:
    """The headers by which a receiver knows that the body came from here, and when."""
    at = str(int(now.timestamp()))
    content = b".".join([id_.encode(), at.encode(), body])
    digests = (hmac.digest(key, content, hashlib.sha256) for key in keys)
    signatures = " ".join(f"v1,{base64.b64encode(digest).decode()}" for digest in digests)
    return {"webhook-id": id_, "webhook-timestamp": at, "webhook-signature": signatures}


def of(settings: Settings) -> Iterator[Webhook]:
    """The webhooks of the settings. Raises SettingsError."""
    for name, section in settings.webhooks.items():
        where = f"webhooks.{name}"
        if not _NAME.fullmatch(name):
            raise SettingsError(
                f"{where}: expected a name of at most 40 letters, digits, '-' and '_'."
            )
        given = secrets.read(
            section.secrets, section.secrets_file, settings.root, f"{where}.secrets_file"
        )
        if not given:
            raise SettingsError(
                f"{where}.secrets: missing. Make one: `whsec_` and what `openssl rand -base64 32` "
                "prints."
            )
        yield Webhook(
            kind=f"{PREFIX}{name}",
            url=section.url,
            events=_wanted(section, where),
            client=clients.of(settings, section.url, where, allow_private=section.allow_private),
            keys=[_key(secret, where) for secret in given],
        )


def _data(event: Event, subjects: Subjects) -> dict[str, JsonValue]:
    """The event's own fields, and what the article is called and where it is."""
    data: dict[str, JsonValue] = event.model_dump(mode="json", exclude={"type"})
    if not isinstance(event, GapOpened):
        subject = subjects.of(event.key)
        data |= {"title": subject.title, "permalink": subject.permalink}
    return data


def _check(answer: Answer, now: datetime) -> None:
    """Raises TryLater unless it arrived."""
    if not HTTPStatus.OK <= answer.status < HTTPStatus.MULTIPLE_CHOICES:
        raise TryLater(f"The receiver answered {answer.status}.", not_before=answer.wait(now))


def _wanted(section: WebhookSettings, where: str) -> frozenset[str]:
    unknown = [name for name in section.events if name not in events.TYPES]
    if unknown:
        raise SettingsError(
            f"{where}.events: there is no event {unknown[0]!r}. Known: {', '.join(events.TYPES)}."
        )
    return frozenset(section.events or events.TYPES)


def _key(secret: str, where: str) -> bytes:
    """The bytes of a secret. The message of a SettingsError says nothing about them."""
    try:
        key = base64.b64decode(secret.removeprefix(_SECRET_PREFIX), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if not _FEWEST_BYTES <= len(key) <= _MOST_BYTES:
        raise SettingsError(
            f"{where}.secrets: one of them is no secret. Expected `whsec_` and 24 to 64 random "
            "bytes in base64; `openssl rand -base64 32` prints some."
        )
    return key
