import re
from pathlib import Path

import pytest

from answerloop import sections
from answerloop.web.limits import Kind, Limiter


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def limiter(clock: Clock) -> Limiter:
    return Limiter({Kind.VOTE: 10, Kind.REMARK: 3}, clock)


def test_a_minutes_worth_may_come_at_once_and_no_more(limiter: Limiter) -> None:
    waits = [limiter.wait(Kind.VOTE, "192.0.2.1") for _ in range(11)]

    assert waits[:10] == [0.0] * 10
    assert waits[10] == pytest.approx(6.0)


def test_it_is_refilled_evenly(limiter: Limiter, clock: Clock) -> None:
    for _ in range(10):
        limiter.wait(Kind.VOTE, "192.0.2.1")

    clock.now += 12
    waits = [limiter.wait(Kind.VOTE, "192.0.2.1") for _ in range(3)]

    assert waits[:2] == [0.0, 0.0]
    assert waits[2] == pytest.approx(6.0)


def test_who_was_refused_has_not_used_anything(limiter: Limiter, clock: Clock) -> None:
    for _ in range(500):
        limiter.wait(Kind.VOTE, "192.0.2.1")

    clock.now += 6

    assert limiter.wait(Kind.VOTE, "192.0.2.1") == 0


def test_readers_and_kinds_are_counted_apart(limiter: Limiter) -> None:
    for _ in range(20):
        limiter.wait(Kind.VOTE, "192.0.2.1")

    assert limiter.wait(Kind.VOTE, "192.0.2.2") == 0
    assert limiter.wait(Kind.REMARK, "192.0.2.1") == 0


def test_a_host_of_ipv6_owns_its_64(limiter: Limiter) -> None:
    waits = [limiter.wait(Kind.REMARK, f"2001:db8:1:2::{number}") for number in range(4)]

    assert waits[:3] == [0.0] * 3
    assert waits[3] > 0
    assert limiter.wait(Kind.REMARK, "2001:db8:1:3::1") == 0


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "::ffff:127.0.0.1", "", "a socket"])
def test_this_machine_is_free(limiter: Limiter, address: str) -> None:
    assert {limiter.wait(Kind.VOTE, address) for _ in range(50)} == {0.0}


def test_what_has_no_limit_is_free(limiter: Limiter) -> None:
    assert {limiter.wait(Kind.SEARCH, "192.0.2.1") for _ in range(500)} == {0.0}


def test_a_flood_of_addresses_takes_bounded_room(clock: Clock) -> None:
    limiter = Limiter({Kind.VOTE: 10}, clock, room=100)

    for number in range(100_000):
        limiter.wait(Kind.VOTE, f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}")

    assert len(limiter._paid_until) == 100  # noqa: SLF001 -- the room it takes


def test_a_reader_who_types_for_a_minute_is_not_limited(root: Path) -> None:
    script = root / "answerloop/theme/assets/answerloop/answers.js"
    gap = re.search(r"const GAP = (\d+); // milliseconds", script.read_text(encoding="utf-8"))

    assert gap
    assert sections.LimitSettings().searches_per_minute >= 60_000 / int(gap[1])
