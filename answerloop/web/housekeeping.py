"""The hourly work: evidence fades and the threshold moves although nobody votes."""

from collections.abc import Iterable
from datetime import datetime

from answerloop.web.service import Service
from feedback import flags
from feedback.model import ArticleKey


def judge(service: Service, now: datetime, keys: Iterable[ArticleKey] | None = None) -> None:
    """Look at these articles' flags anew, at those of all without `keys`."""
    budget = service.settings.feedback.false_flags_per_month
    flags.refresh(service.database, now, false_flags=budget, keys=keys)
