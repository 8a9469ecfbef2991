"""What happens in the loop, as other machines are told it: typed, versioned, without any reader.

`emit` puts an event into the outbox in the transaction of the change itself. Who wants to hear of
it, and how, is not known here. A reader's words are not in it: the remark is named, and read when
the event is sent, so that what was erased in the meantime is not told.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter
from sqlalchemy import Connection

from feedback import outbox
from feedback.model import ArticleKey, Lane, Step

KIND = "event"
"""The kind of message in the outbox that holds an event."""
VERSION = 1
"""Of what is told. A field may be added at any time; any other change is another version."""


ItemStep = Literal[
    "item.opened",
    "item.reopened",
    "item.watching",
    "item.dismissed",
    "item.correct",
    "item.closed",
]


class _Event(BaseModel):
    model_config = ConfigDict(frozen=True)

    @property
    def subject(self) -> str:
        """What it is about: events about one subject are told in their order."""
        raise NotImplementedError


class _OfArticle(_Event):
    article: str
    lang: str

    @property
    def subject(self) -> str:
        return str(self.key)

    @property
    def key(self) -> ArticleKey:
        return ArticleKey(self.article, self.lang)  # type: ignore[arg-type]  # a string once more


class ArticleFlagged(_OfArticle):
    """The evidence against an article has passed the threshold."""

    type: Literal["article.flagged"] = "article.flagged"
    evidence: float
    threshold: float
    because: str


class ArticleCleared(_OfArticle):
    """The flag was taken down. `by` is `edited`, `reviewed` or `faded`."""

    type: Literal["article.cleared"] = "article.cleared"
    by: str


class ItemMoved(_OfArticle):
    """An item of the queue was opened, is watched (a new revision was published) or is settled.

    `by` is who did it, None where the loop itself did.
    """

    type: ItemStep
    item: int
    lane: Lane
    because: str
    by: str | None


class CommentCreated(_OfArticle):
    """A reader wrote something beside a vote. The words are read when the event is sent."""

    type: Literal["comment.created"] = "comment.created"
    revision: str
    comment: int


class GapOpened(_Event):
    """Readers looked for something that nobody has written."""

    type: Literal["gap.opened"] = "gap.opened"
    gap: int
    lang: str
    label: str
    askers: int

    @property
    def subject(self) -> str:
        return f"gap {self.gap}"


class FixVerified(_OfArticle):
    """The votes since a repair say whether it helped. `result`: `helped`, `no-change`, `worse`."""

    type: Literal["fix.verified"] = "fix.verified"
    item: int
    result: str
    because: str


Event = Annotated[
    ArticleFlagged | ArticleCleared | ItemMoved | CommentCreated | GapOpened | FixVerified,
    Field(discriminator="type"),
]
STEPS: Mapping[Step, ItemStep] = {
    Step.OPENED: "item.opened",
    Step.REOPENED: "item.reopened",
    Step.WATCHING: "item.watching",
    Step.DISMISSED: "item.dismissed",
    Step.CORRECT: "item.correct",
    Step.CLOSED: "item.closed",
}
"""The steps that others are told of; what moves nothing is nobody else's business."""
TYPES = (
    "article.flagged",
    "article.cleared",
    *STEPS.values(),
    "comment.created",
    "gap.opened",
    "fix.verified",
)
_adapter: TypeAdapter[Event] = TypeAdapter(Event)


def emit(db: Connection, event: Event, now: datetime) -> None:
    """Let it be told, once this transaction is committed."""
    outbox.put(db, KIND, event.subject, event.model_dump_json(), now=now)


def parse(payload: str) -> Event:
    """The event that a message holds."""
    return _adapter.validate_json(payload)
