"""A visitor of the tests, of whom each test names only what matters."""

from datetime import UTC, datetime, timedelta

from feedback.visitors import Salts, Visitor

NOON = datetime(2026, 5, 3, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def identify(
    salts: Salts,
    now: datetime = NOON,
    address: str = "192.0.2.7",
    browser: str = "Firefox",
    **differing: str,
) -> Visitor:
    return salts.identify(
        now,
        address=address,
        user_agent=browser,
        accept_language=differing.get("language", "sv"),
        site=differing.get("site", "help.example.org"),
        device=differing.get("device", ""),
    )
