"""Numbers as a language writes them: counts, shares with their intervals, lengths of time, days."""

from datetime import date, timedelta

from babel.dates import format_date
from babel.numbers import format_decimal

from answerloop.wording import Wording
from feedback.measures.periods import Period

_DAY = timedelta(days=1)
_TWO_DAYS = 2 * _DAY


def locale(lang: str) -> str:
    """English that names no country writes days first."""
    return "en_GB" if lang == "en" else lang


def count(number: int, lang: str) -> str:
    """Such as `1,250`."""
    return format_decimal(number, locale=locale(lang))


def percent(share: float, lang: str) -> str:
    """A share of one, with a decimal where it would be 0 or 1 without: `0.4 %`."""
    rounded = 100 * share
    pattern = "#,##0.0" if 0 < rounded < 1 else "#,##0"
    return f"{format_decimal(rounded, pattern, locale=locale(lang))}\N{NO-BREAK SPACE}%"


def length(time: timedelta, say: Wording) -> str:
    """In hours below two days, else in days."""
    if time < _TWO_DAYS:
        return say.many("%(count)s hour", "%(count)s hours", count=round(time / (_DAY / 24)))
    return say.many("%(count)s day", "%(count)s days", count=round(time / _DAY))


def day(of: date, lang: str) -> str:
    """Such as `3 May 2026`."""
    return format_date(of, format="long", locale=locale(lang))


def span(period: Period, lang: str) -> str:
    """One day, or the first and the last."""
    if period.first == period.last:
        return day(period.first, lang)
    return f"{day(period.first, lang)} \N{EN DASH} {day(period.last, lang)}"
