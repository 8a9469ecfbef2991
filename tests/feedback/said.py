"""Votes of May 2026, of which each test names only what matters."""

from datetime import datetime

from feedback.baseline import Prior
from feedback.evidence import Assessment, Yardstick, assess
from feedback.history import AgentFlag, History, VoteEvent
from feedback.model import Reason, Revision

YOUNG = Prior(7, 3)
SMALL = Yardstick(YOUNG, votes_a_month=40)
R1, R2 = Revision("r1"), Revision("r2")


def on(day: str) -> datetime:
    """Noon of a day of May 2026, or of any day written in full."""
    return datetime.fromisoformat(f"{day if '-' in day else '2026-05-' + day}T12:00:00+00:00")


def noes(day: str, count: int = 1, reason: Reason | None = None) -> tuple[VoteEvent, ...]:
    return tuple(vote(day, network=f"n{number}", reason=reason) for number in range(count))


def yeses(day: str, count: int = 1) -> tuple[VoteEvent, ...]:
    return tuple(vote(day, network=f"y{number}", helpful=True) for number in range(count))


def vote(
    day: str, network: str = "n", reason: Reason | None = None, *, helpful: bool = False
) -> VoteEvent:
    return VoteEvent(on(day), helpful, R1, network, reason)


def judge(
    *votes: VoteEvent, flags: tuple[AgentFlag, ...] = (), now: str = "20", v: float = 40
) -> Assessment:
    return assess(History(votes=votes, agent_flags=flags), Yardstick(YOUNG, v), now=on(now))
