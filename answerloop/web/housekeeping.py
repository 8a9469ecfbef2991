"""The hourly work: evidence fades and yardsticks move although nobody votes."""

from answerloop.web.service import Service
from feedback import flags


def run(service: Service) -> None:
    """Look at every article of which anybody said anything."""
    with service.database.write() as connection:
        flags.reassess_all(
            connection,
            service.clock(),
            false_flags=service.settings.feedback.false_flags_per_month,
        )
