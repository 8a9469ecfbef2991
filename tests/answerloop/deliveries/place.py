"""Where a test delivers from: settings, a database with an article, and couriers at will."""

import base64
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from answerloop import settings as configuration
from answerloop.deliveries import handlers
from answerloop.deliveries.handlers import Receivers
from answerloop.deliveries.subjects import Subjects
from answerloop.published import Entry, PublishedCatalog
from answerloop.settings import Settings
from answerloop.web.courier import Courier
from feedback import items, outbox
from feedback.items import Act, Item, Taken
from feedback.model import ItemState, Lane, Step
from feedback.outbox import Undelivered
from feedback.writer import Writer
from tests.feedback.builders import FIRST, KEY, NOW, article, ballot
from tests.feedback.builders import cast as cast_vote
from tests.feedback.builders import publish as publish_build


def secret(letter: str) -> str:
    return f"whsec_{base64.b64encode(letter.encode() * 32).decode()}"


CATALOG = PublishedCatalog(
    fingerprint="",
    default_lang="en",
    entries=(
        Entry(
            KEY.article, KEY.lang, "How do I get a refund?", "/refunds/refund/",
            "refunds/a refund.md", FIRST, "faq", "public", "validated", "", "default",
        ),
    ),
    redirects={},
    homes={},
    shells={},
)  # fmt: skip


@dataclass(slots=True)
class Clock:
    """Shows what the test says it shows."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now


@dataclass(slots=True)
class Place:
    root: Path
    writer: Writer
    clock: Clock
    toml: str = ""
    catalog: PublishedCatalog = field(default=CATALOG)

    def settings(self, **environ: str) -> Settings:
        (self.root / "kb").mkdir(parents=True, exist_ok=True)
        (self.root / "mkdocs.yml").write_text("site_name: Help\ndocs_dir: kb\n")
        (self.root / "kb.toml").write_text(
            '[site]\nurl = "https://help.example.com/"\n'
            'edit_url = "https://git.example.com/edit/{path}"\n'
            f'[outgoing]\nprivate_networks = ["127.0.0.0/8"]\n{self.toml}'
        )
        return configuration.load(self.root, environ)

    def hook(self, url: str, *secrets: str, name: str = "shop", more: str = "") -> None:
        """Let a webhook be named in the settings."""
        self.toml += (
            f"[webhooks.{name}]\n"
            f'url = "{url}/hooks"\n'
            f"secrets = {list(secrets or [secret('a')])}\n"
            f"allow_private = true\n{more}\n"
        )

    def courier(self) -> Courier:
        settings = self.settings()
        subjects = Subjects(settings, lambda: self.catalog)
        told = handlers.of(Receivers.read(settings, self.clock), self.writer, subjects)
        return Courier(self.writer, told, self.clock, lambda: 0.5)

    def deliver(self) -> None:
        self.courier().deliver()

    def wait_and_deliver(self, wait: timedelta, every: timedelta = timedelta(minutes=1)) -> None:
        """Let time go by with a courier that looks now and then."""
        until = self.clock.now + wait
        courier = self.courier()
        while self.clock.now < until:
            courier.deliver()
            self.clock.now += every

    def publish(self) -> None:
        publish_build(self.writer._database, article())  # noqa: SLF001 -- the database of the test

    def open_item(self, words: str = "6 of 9 said no.", lane: Lane = Lane.SUSPECTED) -> Item:
        return self.writer.apply(
            lambda db: items.enqueue(db, KEY, lane, Act(None, words, self.clock.now))
        )

    def move(self, item: Item, step: Step, state: ItemState, words: str = "So it is.") -> Item:
        act = Act("charlie", words, self.clock.now)
        (moved,) = self.writer.apply(
            lambda db: items.move(db, [item], Taken(step, act), state=state)
        )
        return moved

    def say(self, text: str, visitor: str = "alice") -> None:
        """Let a reader vote no with a remark."""
        cast_vote(self.writer._database, ballot(visitor, remark=text), self.clock.now)  # noqa: SLF001 -- as above

    def waiting(self) -> list[Undelivered]:
        with self.writer.read() as db:
            return outbox.waiting(db)

    def dead(self) -> list[Undelivered]:
        with self.writer.read() as db:
            return outbox.dead(db)


def today() -> datetime:
    """The moment by which a receiver's library judges how old a message is."""
    return datetime.now(UTC)
