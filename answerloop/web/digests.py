"""Has the weekly letters to owners written, once they are due."""

from datetime import datetime

from answerloop.outward import WEEKDAYS
from answerloop.web.service import Service
from feedback import digests


def keep_up(service: Service, now: datetime) -> int:
    """Let this week's letters be written, if they are due and were not; how many."""
    settings = service.settings
    owners = [name for name, owner in settings.owners.items() if owner.mail]
    if not (settings.mail.host and settings.mail.digest_day and owners):
        return 0
    weekday = WEEKDAYS.index(settings.mail.digest_day)
    put = service.writer.apply(lambda db: digests.begin(db, owners, weekday, now))
    if put:
        service.courier.wake()
    return put
