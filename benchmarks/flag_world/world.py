"""The world: articles, how often they are read, when they go bad, and who would say what.

1,000 articles read by Zipf's law with a quiet weekend. Their helpful shares are drawn from
Beta(14, 6), within .55 and .95; 3 % are unpopular truths (.35 to .5, and correct). 5 % a year go
bad on a random day after the warm-up: their share falls by 1 to 2.2 logits. Each is edited once a
year, harmlessly.
30 % of those who say no give a reason, which blames the article in 60 % of bad and in 20 % of good
ones. Agents use an article in .5 % of its views and flag 5 % of bad and .1 % of good ones.

What a reader would say is drawn beforehand for a good and for a bad article, so that every rule is
judged by the same readers.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from feedback.model import Reason

START = date(2025, 1, 6)
DAYS_A_MONTH = 30.4
NEVER = 10**6
_WEEK = np.array([1.15, 1.2, 1.2, 1.15, 1.1, 0.6, 0.6])

Numbers = NDArray[np.int64]
Shares = NDArray[np.float64]

VIEWS = {40: 100_000, 300: 30_000, 1_000: 100_000, 3_000: 100_000, 6_000: 300_000}
"""Views a month that bring so many votes a month: a response of .04, 1, 1, 3 and 2 %."""


@dataclass(frozen=True, slots=True)
class Scale:
    """How large a world is and how long it lasts, in days; `warm_up` is not measured."""

    articles: int = 1_000
    warm_up: int = 180
    measured: int = 550

    @property
    def days(self) -> int:
        return self.warm_up + self.measured


@dataclass(frozen=True)
class Votes:
    """The votes on one article, by day: what each would be, and why.

    `luck` below the article's helpful share is a yes; a no gives a `reason`, if `speaks`, that
    blames the article where `blame` is below the share of those who do.
    """

    day: Numbers
    luck: Shares
    speaks: NDArray[np.bool_]
    blame: Shares


@dataclass(frozen=True)
class World:
    """A knowledge base as it was drawn.

    `usual` and `fallen` are helpful shares of each article, good and bad; `onset` is the day it
    goes bad, `edited` that of the first harmless edit, `share` its part of all views.
    `flags_anyway` and `flags_if_bad` are agents' flags a day: those of any article, and those
    that come on top of them if it is bad.
    """

    scale: Scale
    usual: Shares
    fallen: Shares
    onset: Numbers
    edited: Numbers
    share: Shares
    votes_a_day: Shares
    views_a_month: float
    votes: tuple[Votes, ...]
    flags_anyway: Mapping[int, Numbers]
    flags_if_bad: Mapping[int, Numbers]

    @cached_property
    def counted(self) -> Numbers:
        """All votes of each day."""
        days = np.concatenate([votes.day for votes in self.votes])
        return np.bincount(days, minlength=self.scale.days)

    @cached_property
    def dates(self) -> tuple[date, ...]:
        return tuple(START + timedelta(days=day) for day in range(self.scale.days + 400))


def draw(seed: int, votes_a_month: int, scale: Scale) -> World:
    """The world of this seed; articles go bad on the same days whatever the volume."""
    fate = np.random.default_rng([seed, 1])
    count, days = scale.articles, scale.days
    usual = np.clip(fate.beta(14, 6, count), 0.55, 0.95)
    unpopular = fate.random(count) < 0.03
    usual[unpopular] = fate.uniform(0.35, 0.5, unpopular.sum())
    fall = fate.uniform(1.0, 2.2, count)
    fallen = 1 / (1 + (1 - usual) / usual * np.exp(fall))
    goes_bad = fate.random(count) < 0.05 * scale.measured / 365
    onset = np.where(goes_bad, fate.integers(scale.warm_up, days, count), NEVER)
    edited = fate.integers(0, 365, count)

    share = 1 / np.arange(1, count + 1)
    share /= share.sum()
    week = np.tile(_WEEK / _WEEK.mean(), days // 7 + 1)[:days] / DAYS_A_MONTH
    crowd = np.random.default_rng([seed, 2, votes_a_month])
    views = VIEWS.get(votes_a_month, votes_a_month * 100)
    return World(
        scale, usual, fallen, onset, edited, share, week * votes_a_month, views,
        votes=_draw_votes(crowd, np.outer(week * votes_a_month, share)),
        flags_anyway=_draw_flags(crowd, np.outer(week * views, share) * 0.005 * 0.001),
        flags_if_bad=_draw_flags(crowd, np.outer(week * views, share) * 0.005 * 0.049),
    )  # fmt: skip


def reasons(defects: int, others: int, silent: int) -> dict[Reason | None, int]:
    """The no votes of a day as the rule takes them."""
    said: dict[Reason | None, int] = {}
    if defects:
        said[Reason.OUTDATED] = defects
    if others:
        said[Reason.DISAGREE] = others
    if silent:
        said[None] = silent
    return said


def _draw_votes(crowd: np.random.Generator, expected: Shares) -> tuple[Votes, ...]:
    drawn = crowd.poisson(expected)
    found = []
    for counts in drawn.T:
        day = np.repeat(np.arange(len(counts)), counts)
        found.append(
            Votes(
                day=day,
                luck=crowd.random(len(day)),
                speaks=crowd.random(len(day)) < 0.3,
                blame=crowd.random(len(day)),
            )
        )
    return tuple(found)


def _draw_flags(crowd: np.random.Generator, expected: Shares) -> dict[int, Numbers]:
    """For each article that is flagged at all: on which days, as often as it is."""
    days, articles = np.nonzero(drawn := crowd.poisson(expected))
    return {
        int(article): np.repeat(
            days[articles == article], drawn[days[articles == article], article]
        )
        for article in np.unique(articles)
    }
