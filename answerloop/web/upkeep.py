"""The list of chores: what this service does beside its requests, and how often."""

from collections.abc import Sequence

from answerloop.web.chores import Chore
from answerloop.web.service import Service


def chores(service: Service) -> Sequence[Chore]:
    """Each of them may be done at any time, twice, or by two services at once."""
    del service
    return ()
