"""The open parts of the running service: database, search, salts, clock."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Self

from answerloop import embedding, installation, proxies, store
from answerloop.proxies import Network
from answerloop.published import Entry
from answerloop.settings import Settings
from answerloop.web.live import Live
from feedback import links
from feedback.database import Database
from feedback.errors import DatabaseError
from feedback.model import ArticleKey
from feedback.visitors import Salts
from search.embedding import Embedding
from search.reader import Reader

Clock = Callable[[], datetime]


def system_clock() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Service:
    """What the routes work with. `reader` sees public articles only."""

    settings: Settings
    database: Database
    salts: Salts
    reader: Reader
    embedder: Embedding | None
    live: Live
    clock: Clock
    trusted_proxies: Sequence[Network]

    @classmethod
    def open(cls, settings: Settings, clock: Clock = system_clock) -> Self:
        """Open everything. Raises FeedbackError or AnswerloopError when a part cannot be used."""
        trusted = proxies.networks(settings.server.trusted_proxies)
        key = installation.secret(settings)
        opened = store.open(settings)
        embedder = embedding.start(settings.search.semantic, patience=embedding.SERVING)
        reader = Reader(
            settings.builds_dir, key=key, shelves=(installation.PUBLIC,), embedder=embedder
        )
        return cls(
            settings=settings,
            database=opened,
            salts=Salts(settings.state_dir),
            reader=reader,
            embedder=embedder,
            live=Live(reader),
            clock=clock,
            trusted_proxies=trusted,
        )

    def close(self) -> None:
        self.reader.close()
        if self.embedder is not None:
            self.embedder.close()
        self.database.close()

    def count_link(self, entry: Entry, via: str) -> None:
        """Remember that a permalink was used; the day's sum is all that is kept.

        A database that refuses costs the count, never the reader's way to the article.
        """
        key = ArticleKey(entry.id, entry.lang)
        with suppress(DatabaseError), self.database.write() as connection:
            links.count(connection, key, via, self.clock())
