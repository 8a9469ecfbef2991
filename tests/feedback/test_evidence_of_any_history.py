"""What the rule promises, whatever was said and in whatever order."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from random import Random
from typing import TypeVar

from hypothesis import given, settings
from hypothesis import strategies as st

from feedback import words
from feedback.baseline import Prior
from feedback.evidence import Assessment, Yardstick, assess
from feedback.history import AgentFlag, Fault, History, Publication, Review, VoteEvent
from feedback.model import Reason, Revision

R1, R2 = Revision("r1"), Revision("r2")
SMALL = Yardstick(Prior(7, 3), votes_a_month=40)

START = datetime(2026, 1, 1, tzinfo=UTC)
revisions = st.sampled_from([R1, R2, Revision("r3")])
moments = st.builds(
    lambda day, second: START + timedelta(days=day, seconds=second),
    st.integers(min_value=0, max_value=50),
    st.integers(min_value=0, max_value=86_399),
)
vote_events = st.builds(
    VoteEvent,
    at=moments,
    helpful=st.booleans(),
    revision=revisions,
    network=st.sampled_from(["a", "b", "c"]),
    reason=st.none() | st.sampled_from(Reason),
    weight=st.sampled_from([0, 1]),
)
agent_flags = st.builds(
    AgentFlag,
    at=moments,
    agent=st.sampled_from(["Bob", "Kim"]),
    reason=st.sampled_from(Reason),
    revision=revisions,
    ticket=st.sampled_from(["", "4711"]),
)
histories = st.builds(
    History,
    votes=st.lists(vote_events, max_size=40).map(tuple),
    agent_flags=st.lists(agent_flags, max_size=4).map(tuple),
    publications=st.lists(
        st.builds(Publication, at=moments, revision=revisions, substantive=st.booleans()),
        max_size=3,
        unique_by=lambda published: published.at.date(),
    ).map(tuple),
    reviews=st.lists(st.builds(Review, at=moments, revision=revisions), max_size=2).map(tuple),
    faults=st.just(()) | st.just((Fault(date(2026, 1, 3), date(2026, 1, 9)),)),
)
NOW = START + timedelta(days=55)  # 25 February


def judge_any(past: History, *, was_flagged: bool = False) -> Assessment:
    return assess(past, SMALL, now=NOW, was_flagged=was_flagged)


Event = TypeVar("Event", VoteEvent, AgentFlag, Publication, Review)


def reshuffled(past: History, random: Random) -> History:
    """The same events in another order, each at another time of its day."""

    def at(moment: datetime) -> datetime:
        day = datetime(moment.year, moment.month, moment.day, tzinfo=UTC)
        return day + timedelta(seconds=random.randrange(86_400))

    def moved(events: tuple[Event, ...]) -> tuple[Event, ...]:
        return tuple(replace(one, at=at(one.at)) for one in random.sample(events, len(events)))

    return History(
        moved(past.votes),
        moved(past.agent_flags),
        moved(past.publications),
        moved(past.reviews),
        past.faults,
    )


@settings(deadline=None)
@given(histories, st.randoms(use_true_random=False))
def test_the_order_of_a_day_decides_nothing(past: History, random: Random) -> None:
    shuffled = reshuffled(past, random)

    assert judge_any(past) == judge_any(shuffled)
    assert judge_any(past, was_flagged=True) == judge_any(shuffled, was_flagged=True)
    assert words.describe(judge_any(past)) == words.describe(judge_any(shuffled))


@settings(deadline=None)
@given(histories)
def test_a_second_computation_gives_the_same(past: History) -> None:
    assert judge_any(past) == judge_any(past)


@settings(deadline=None)
@given(histories)
def test_evidence_grows_no_faster_than_its_guards(past: History) -> None:
    days = [START + timedelta(days=day) for day in range(52)]
    one_text = replace(past, publications=())

    series = [assess(one_text, SMALL, now=day).evidence for day in days]

    assert all(value >= 0 for value in series)
    assert all(after <= before + 2.5 + 6 + 1e-9 for before, after in pairwise(series))


@settings(deadline=None)
@given(histories)
def test_without_new_events_evidence_does_not_change(past: History) -> None:
    later = assess(past, SMALL, now=NOW + timedelta(days=400))

    assert later.evidence == judge_any(past).evidence
    assert later.contributions == judge_any(past).contributions


@settings(deadline=None)
@given(histories)
def test_one_more_no_today_never_helps_the_article(past: History) -> None:
    current = max(past.publications, key=lambda p: p.at).revision if past.publications else R1
    one_more = VoteEvent(NOW, helpful=False, revision=current, network="elsewhere")

    worse = judge_any(replace(past, votes=(*past.votes, one_more)))

    assert worse.evidence > judge_any(past).evidence


@settings(deadline=None)
@given(histories)
def test_votes_of_weight_nought_change_nothing(past: History) -> None:
    counting = tuple(one for one in past.votes if one.weight)

    assert judge_any(past) == judge_any(replace(past, votes=counting))
