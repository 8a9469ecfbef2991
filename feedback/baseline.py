"""What share of an article's readers usually say yes: the bar that its new votes are held to.

Knows counts and days only. Sources: Skellam 1948 (beta-binomial), Griffiths 1973 (its maximum
likelihood), Robbins 1956 (empirical Bayes: the articles together are the prior of each).
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate
from math import exp, fsum, lgamma, log, sqrt
from typing import Self

LAG = timedelta(days=30)
"""A vote must be older than this to join the baseline, or a slow decline would become usual."""

ARTICLES_NEEDED = 50
MEAN_BOUNDS = (0.40, 0.95)
STRENGTH_BOUNDS = (4.0, 40.0)
FULL_WEIGHT = 40
"""More votes than this weigh no more than this many, so that a long past can be outgrown."""
SHARE_BOUNDS = (0.05, 0.95)
WORSENING = 2.0
"""How far, in logits, an article must fall to count as gone bad: .70 to .24, .90 to .55."""

_GRID = 13
_TOLERANCE = 1e-6
_GOLDEN = (sqrt(5) - 1) / 2


@dataclass(frozen=True, slots=True)
class Prior:
    """Beta(a, b) over the helpful shares of all articles; the default serves a young base."""

    a: float = 7.0
    b: float = 3.0


@dataclass(frozen=True, slots=True)
class Past:
    """Counted votes that belong to an article's baseline on some day."""

    yes: int = 0
    total: int = 0


def prior_of(counts: Iterable[tuple[int, int]]) -> Prior:
    """The beta-binomial maximum likelihood over articles' (yes, total) of the last 365 days.

    The mean a/(a+b) is kept in [.40, .95] and the strength a+b in [4, 40]. Until 50 articles
    have votes the answer is Beta(7, 3). The order of the counts does not matter.
    """
    seen = _Seen.of((yes, total) for yes, total in counts if total > 0)
    if seen.articles < ARTICLES_NEEDED:
        return Prior()

    def profile(log_strength: float) -> float:
        strength = exp(log_strength)
        return _log_likelihood(seen, _best_mean(seen, strength), strength)

    strength = exp(_maximise_on_grid(profile, log(STRENGTH_BOUNDS[0]), log(STRENGTH_BOUNDS[1])))
    a = _best_mean(seen, strength) * strength
    return Prior(a, strength - a)


def usual_share(prior: Prior, past: Past) -> float:
    """p0 of loop 1.6: the helpful share, shrunk towards the prior; 40 votes weigh fully."""
    scale = min(1.0, FULL_WEIGHT / past.total) if past.total else 1.0
    strength = prior.a + prior.b
    share = (prior.a + scale * past.yes) / (strength + scale * past.total)
    return min(max(share, SHARE_BOUNDS[0]), SHARE_BOUNDS[1])


def worse_share(usual: float) -> float:
    """p1 of loop 1.6: the share expected of the same article once it has gone bad."""
    return sigmoid(log(usual / (1 - usual)) - WORSENING)


def sigmoid(x: float) -> float:
    """1 / (1 + exp(-x)) without overflow at either end."""
    if x >= 0:
        return 1 / (1 + exp(-x))
    return exp(x) / (1 + exp(x))


@dataclass(frozen=True, slots=True)
class Baseline:
    """The past of one article as it stood on any day.

    `days` ascend; `yes` and `total` run up to and including each of them. `reviewed` are the
    days of the reviews that found the article correct, ascending: each lets every vote up to
    and including its day join at once, from the next day on.
    """

    days: tuple[date, ...]
    yes: tuple[int, ...]
    total: tuple[int, ...]
    reviewed: tuple[date, ...] = ()

    @classmethod
    def of(cls, daily: Mapping[date, Past], reviewed: Iterable[date] = ()) -> Self:
        days = tuple(sorted(daily))
        return cls(
            days=days,
            yes=tuple(accumulate(daily[day].yes for day in days)),
            total=tuple(accumulate(daily[day].total for day in days)),
            reviewed=tuple(sorted(reviewed)),
        )

    def on(self, day: date) -> Past:
        """What has joined the baseline by the morning of `day`."""
        last_to_join = day - LAG - timedelta(days=1)
        past_reviews = [reviewed for reviewed in self.reviewed if reviewed < day]
        joined = bisect_right(self.days, max([last_to_join, *past_reviews]))
        return Past(self.yes[joined - 1], self.total[joined - 1]) if joined else Past()


@dataclass(frozen=True, slots=True)
class _Seen:
    """How many articles have so many yes, so many no, so many votes: all that the likelihood asks.

    Its terms are of one count each, and there are far fewer counts than pairs of them.
    """

    yes: Counter[int]
    no: Counter[int]
    total: Counter[int]

    @classmethod
    def of(cls, counts: Iterable[tuple[int, int]]) -> Self:
        pairs = tuple(counts)
        return cls(
            yes=Counter(yes for yes, _ in pairs),
            no=Counter(total - yes for yes, total in pairs),
            total=Counter(total for _, total in pairs),
        )

    @property
    def articles(self) -> int:
        return self.total.total()


def _log_likelihood(seen: _Seen, mean: float, strength: float) -> float:
    """Griffiths 1973, without the binomial coefficients, which depend on the counts alone."""
    a = mean * strength
    b = strength - a
    return _rise(seen.yes, a) + _rise(seen.no, b) - _rise(seen.total, strength)


def _rise(articles_with: Counter[int], start: float) -> float:
    """The sum of ln(start · (start + 1) · … · (start + count - 1)) over the articles."""
    at_start = lgamma(start)
    return fsum(
        articles * (lgamma(start + count) - at_start) for count, articles in articles_with.items()
    )


def _best_mean(seen: _Seen, strength: float) -> float:
    """At a fixed strength the likelihood is concave in the mean: a sum of ln(strength·mean + j)."""
    return _maximise(lambda mean: _log_likelihood(seen, mean, strength), *MEAN_BOUNDS)


def _maximise_on_grid(function: Callable[[float], float], low: float, high: float) -> float:
    """The best of a grid, refined between its neighbours: the profile may have a long flat end."""
    step = (high - low) / (_GRID - 1)
    best = max((low + step * i for i in range(_GRID)), key=function)
    return _maximise(function, max(low, best - step), min(high, best + step))


def _maximise(function: Callable[[float], float], low: float, high: float) -> float:
    """Golden-section search (Kiefer 1953) for the maximum of a function with one summit."""
    left = high - _GOLDEN * (high - low)
    right = low + _GOLDEN * (high - low)
    at_left, at_right = function(left), function(right)
    while high - low > _TOLERANCE:
        if at_left >= at_right:
            high, right, at_right = right, left, at_left
            left = high - _GOLDEN * (high - low)
            at_left = function(left)
        else:
            low, left, at_left = left, right, at_right
            right = low + _GOLDEN * (high - low)
            at_right = function(right)
    return (low + high) / 2
