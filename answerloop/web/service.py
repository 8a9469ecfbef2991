"""The open parts of the running service: database, search, salts, clock."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Self

from answerloop import embedding, installation, proxies, store, wording
from answerloop.deliveries import handlers
from answerloop.deliveries.handlers import Receivers
from answerloop.deliveries.smtp import Post
from answerloop.deliveries.subjects import Subjects
from answerloop.desk import digest_mail
from answerloop.desk.summaries import Summaries
from answerloop.proxies import Network
from answerloop.published import Entry
from answerloop.sections import LimitSettings
from answerloop.settings import Settings
from answerloop.web.courier import Courier
from answerloop.web.judging import Judge
from answerloop.web.limits import Kind, Limiter
from answerloop.web.live import Live
from feedback import digests, links
from feedback.database import Database
from feedback.model import ArticleKey
from feedback.sealing import Seals
from feedback.visitors import Salts
from feedback.writer import Writer
from search.embedding import Embedding
from search.reader import Reader

Clock = Callable[[], datetime]


def system_clock() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Service:
    """What the routes work with. `reader` sees public articles only, `staff_reader` all of them.

    What a request writes goes through `writer`; `database` is for reading. Without `seals` no
    reader is asked for an address.
    """

    settings: Settings
    database: Database
    writer: Writer
    judge: Judge
    courier: Courier
    salts: Salts
    reader: Reader
    staff_reader: Reader
    embedder: Embedding | None
    live: Live
    clock: Clock
    trusted_proxies: Sequence[Network]
    limiter: Limiter
    seals: Seals | None
    summaries: Summaries

    @classmethod
    def open(cls, settings: Settings, clock: Clock = system_clock) -> Self:
        """Open everything. Raises FeedbackError or AnswerloopError when a part cannot be used."""
        wording.use(settings.root)
        trusted = proxies.networks(settings.server.trusted_proxies)
        receivers = Receivers.read(settings, clock)
        key = installation.secret(settings)
        seals = Seals(installation.contacts_key(settings)) if settings.mail.host else None
        opened = store.open(settings)
        try:
            opened.check()
            embedder = embedding.start(settings.search.semantic, patience=embedding.SERVING)
        except BaseException:
            opened.close()
            raise
        writer = Writer(opened)
        reader = Reader(
            settings.builds_dir, key=key, shelves=(installation.PUBLIC,), embedder=embedder
        )
        staff_reader = Reader(
            settings.builds_dir,
            key=key,
            shelves=(installation.PUBLIC, installation.INTERNAL),
            embedder=embedder,
        )
        live = Live(reader)
        subjects = Subjects(settings, lambda: live.version().catalog)
        deliverers = dict(handlers.of(receivers, writer, subjects, seals))
        if settings.mail.host:
            post = Post(settings.mail, settings.site_name)
            deliverers[digests.KIND] = digest_mail.handler(
                settings, writer, post, lambda: live.version().catalog
            )
        return cls(
            settings=settings,
            database=opened,
            writer=writer,
            judge=Judge(writer, clock, false_flags=settings.feedback.false_flags_per_month),
            courier=Courier(writer, deliverers, clock),
            salts=Salts(settings.state_dir),
            reader=reader,
            staff_reader=staff_reader,
            embedder=embedder,
            live=live,
            clock=clock,
            trusted_proxies=trusted,
            limiter=Limiter(_per_minute(settings.limits)),
            seals=seals,
            summaries=Summaries(),
        )

    def close(self) -> None:
        self.reader.close()
        self.staff_reader.close()
        if self.embedder is not None:
            self.embedder.close()
        self.writer.close()
        self.database.close()

    def count_link(self, entry: Entry, via: str) -> None:
        """Remember that a permalink was used; the day's sum is all that is kept.

        The reader waits for nothing: a database that refuses costs the count alone.
        """
        key, now = ArticleKey(entry.id, entry.lang), self.clock()
        self.writer.later(lambda db: links.count(db, key, via, now))


def _per_minute(limits: LimitSettings) -> dict[Kind, int]:
    if not limits.enabled:
        return {}
    return {
        Kind.VOTE: limits.votes_per_minute,
        Kind.REMARK: limits.remarks_per_minute,
        Kind.SEARCH: limits.searches_per_minute,
        Kind.EVENT: limits.events_per_minute,
    }
