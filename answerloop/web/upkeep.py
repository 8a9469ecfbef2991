"""The list of chores: what this service does beside its requests, and how often."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from answerloop import gaps, keeping
from answerloop.desk import summaries
from answerloop.web import correspondence, digests
from answerloop.web.chores import Chore
from answerloop.web.learning import Nightly
from answerloop.web.service import Service
from feedback import outbox, residue
from feedback.measures import search_days


def chores(service: Service) -> Sequence[Chore]:
    """Each of them may be done at any time, twice, or by two services at once."""
    nightly = Nightly(service.settings, service.database)

    def sweep(now: datetime) -> None:
        service.writer.apply(lambda db: outbox.sweep(db, now))

    def write_letters(now: datetime) -> None:
        correspondence.keep_up(service, now)

    def write_digests(now: datetime) -> None:
        digests.keep_up(service, now)

    def sum_searches(now: datetime) -> None:
        service.writer.apply(lambda db: search_days.keep(db, now))

    def count_up(now: datetime) -> None:
        service.summaries.keep_up(service, now)

    def forget(now: datetime) -> None:
        keeping.enforce(service.writer, service.settings, service.salts, now)
        residue.wipe(service.database)

    def gather_gaps(now: datetime) -> None:
        """What is asked in vain counts again with the articles of now."""
        catalog = service.live.version().catalog
        gaps.gather(
            service.database,
            service.writer.apply,
            service.reader,
            articles=catalog.public_by_lang,
            now=now,
        )

    return (
        Chore("Old messages", timedelta(days=1), sweep),
        Chore("Letters to readers", timedelta(minutes=1), write_letters),
        Chore("Letters to owners", timedelta(minutes=10), write_digests),
        Chore("Sums of searches", timedelta(hours=1), sum_searches),
        Chore("Figures of reports", summaries.EVERY, count_up),
        Chore("Forgetting", timedelta(hours=1), forget),
        Chore("Gaps", timedelta(days=1), gather_gaps),
        Chore("Learning", timedelta(minutes=5), nightly.keep_up),
    )
