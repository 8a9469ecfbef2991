"""The list of chores: what this service does beside its requests, and how often."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from answerloop import gaps
from answerloop.web.chores import Chore
from answerloop.web.service import Service


def chores(service: Service) -> Sequence[Chore]:
    """Each of them may be done at any time, twice, or by two services at once."""

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

    return (Chore("gaps", timedelta(days=1), gather_gaps),)
