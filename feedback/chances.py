"""Two rates compared: shares of readers who say yes (Beta), questions in so many days (Gamma).

Exact or numerically sound for any counts, and in plain Python. Sources: Bayes 1763 (the posterior
of a share under a uniform prior), Altham 1969 (the chance that one share exceeds another, as a
finite sum), Press et al., Numerical Recipes 6.4 (the incomplete beta function by Lentz's continued
fraction).
"""

from functools import lru_cache
from math import exp, fsum, lgamma, log, log1p

LEVEL = 0.9
"""How sure an interval is: one in twenty lies below it, one in twenty above."""
_TINY = 1e-300
_STEPS = 60
_LONGEST = 100_000


@lru_cache(maxsize=10_000)
def interval(yes: int, total: int) -> tuple[float, float]:
    """The equal-tailed 90 % interval of a share of which `yes` of `total` were seen."""
    a, b = 1.0 + yes, 1.0 + total - yes
    return _quantile((1 - LEVEL) / 2, a, b), _quantile((1 + LEVEL) / 2, a, b)


def larger_share(first: tuple[int, int], second: tuple[int, int]) -> float:
    """P(share of `second` > share of `first`), each given as (yes, total); one half without votes.

    With a uniform prior the shares are Beta(a, b) and Beta(c, d) with whole numbers, and

        P = sum over i < c of B(a + i, b + d) / ((d + i)·B(1 + i, d)·B(a, b))

    All terms are positive, so nothing cancels; the shorter of the two sums (for P or for 1 - P)
    is taken.
    """
    a, b = 1 + first[0], 1 + first[1] - first[0]
    c, d = 1 + second[0], 1 + second[1] - second[0]
    shorter = _sum(a, b, c, d) if c <= a else 1 - _sum(c, d, a, b)
    return min(max(shorter, 0.0), 1.0)


def lower_rate(first: tuple[int, float], second: tuple[int, float]) -> float:
    """P(rate of `second` < rate of `first`), each given as (events, days); one half without events.

    Counts are Poisson; both rates have the prior Gamma(1, 1/m), where m is the rate of both
    together (empirical Bayes, Robbins 1956): as strong as one event, and it prefers neither, so a
    short quiet time proves nothing. With posteriors Gamma(a, r) and Gamma(b, s) the share that
    s·second has of r·first + s·second is Beta(b, a) distributed, hence P = I(s / (r + s); b, a).
    """
    events, days = first[0] + second[0], first[1] + second[1]
    if not events or first[1] <= 0 or second[1] <= 0:
        return 0.5
    one_event = days / events
    r, s = one_event + first[1], one_event + second[1]
    return _below(s / (r + s), 1.0 + second[0], 1.0 + first[0])


def _sum(a: int, b: int, c: int, d: int) -> float:
    """P(Beta(c, d) > Beta(a, b)) for whole numbers."""
    return fsum(
        exp(_log_beta(a + i, b + d) - log(d + i) - _log_beta(1 + i, d) - _log_beta(a, b))
        for i in range(c)
    )


def _log_beta(a: float, b: float) -> float:
    return lgamma(a) + lgamma(b) - lgamma(a + b)


def _quantile(share: float, a: float, b: float) -> float:
    """Where Beta(a, b) has `share` of its weight below, by halving: it only rises."""
    low, high = 0.0, 1.0
    for _ in range(_STEPS):
        middle = (low + high) / 2
        if _below(middle, a, b) < share:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def _below(x: float, a: float, b: float) -> float:
    """The regularised incomplete beta function I(x; a, b), from the side where it converges."""
    if x <= 0 or x >= 1:
        return float(x >= 1)
    front = exp(a * log(x) + b * log1p(-x) - _log_beta(a, b))
    if x < (a + 1) / (a + b + 2):
        found = front * _fraction(x, a, b) / a
    else:
        found = 1 - front * _fraction(1 - x, b, a) / b
    return min(max(found, 0.0), 1.0)


def _fraction(x: float, a: float, b: float) -> float:
    """Lentz's evaluation of the continued fraction; converges in about sqrt(a + b) steps."""
    c, d = 1.0, 1 / _away(1 - (a + b) * x / (a + 1))
    value = d
    for m in range(1, _LONGEST):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        for numerator in (even, odd):
            d = 1 / _away(1 + numerator * d)
            c = _away(1 + numerator / c)
            value *= c * d
        if abs(c * d - 1) < 1e-15:  # noqa: PLR2004  the last bit of a float
            break
    return value


def _away(x: float) -> float:
    """Keeps a denominator away from 0."""
    return x if abs(x) > _TINY else _TINY
